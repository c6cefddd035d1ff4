"""The LMS's receiving end: each call is carried out and written down, in the transaction of whoever calls."""

from typing import Any

from demo.lms.models import TrackedEvent
from demo.lms.services.certificates import CertificatesService
from demo.lms.services.credit import CreditService
from demo.lms.services.grades import GradesService
from demo.lms.services.instructor import InstructorService

PREFIX = "received."


def note(effect: str, about: object, said: str = "") -> None:
    """Write down that ``effect`` arrived; ``about`` is a learner's id or name, or a verification's id."""
    TrackedEvent.objects.create(name=f"{PREFIX}{effect}", data={"about": str(about), "said": said}, context={})


class Credit(CreditService):
    def set_credit_requirement_status(self, *, user_id: int, status: str, **kwargs: Any) -> None:
        super().set_credit_requirement_status(user_id=user_id, status=status, **kwargs)
        note("credit", user_id, status)


class Grades(GradesService):
    def override_subsection_grade(self, *, user_id: int, **kwargs: Any) -> None:
        super().override_subsection_grade(user_id=user_id, **kwargs)
        note("grade", user_id)


class Certificates(CertificatesService):
    def invalidate_certificate(self, *, user_id: int, **kwargs: Any) -> None:
        super().invalidate_certificate(user_id=user_id, **kwargs)
        note("certificate", user_id)


class Instructor(InstructorService):
    def complete_student_attempt(self, username: str, content_id: str, /) -> None:
        super().complete_student_attempt(username, content_id)
        note("completion", username)


def hear_update(attempt_id: int, status: str, **kwargs: Any) -> None:
    """What the LMS hears of a photo verification."""
    note("update", attempt_id, status)
