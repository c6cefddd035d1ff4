"""An app of an LMS as it was written for older sites: nothing in it is to be changed."""

import edx_proctoring.models as proctoring_models
from django.apps import apps
from django.db.models.signals import post_delete
from django.dispatch import receiver
from edx_proctoring import api as proctoring_api
from edx_proctoring.api import create_exam, create_exam_attempt, get_exam_attempt_by_id, get_exam_by_id
from edx_proctoring.exceptions import ProctoredBaseException, ProctoredExamNotFoundException
from edx_proctoring.runtime import get_runtime_service, set_runtime_service
from edx_proctoring.services import ProctoringService
from edx_proctoring.signals import exam_attempt_status_signal
from edx_proctoring.utils import humanized_time, obscured_user_id

heard = []


class CreditService:
    """A runtime service."""

    def get_credit_state(self, user_id, course_key_or_id, return_course_info=False):
        return {"profile_fullname": "Ada", "student_email": "ada@example.com", "credit_requirement_status": []}

    def set_credit_requirement_status(self, **kwargs):
        heard.append(("credit", kwargs["status"]))


@receiver(exam_attempt_status_signal)
def hear_status(
    sender,
    attempt_id,
    user_id,
    status,
    full_name,
    profile_name,
    is_practice_exam,
    is_proctored,
    backend_supports_onboarding,
    **kwargs,
):
    heard.append((sender, status))


@receiver(post_delete, sender=proctoring_models.ProctoredExamStudentAttempt)
def hear_deletion(sender, instance, **kwargs):
    heard.append(("deleted", instance.attempt_code))


def sit(user_id):
    """A learner's exam from its creation to its submission; the attempt as it is then."""
    set_runtime_service("credit", CreditService())
    exam_id = create_exam("course-v1:a+b+c", "block-v1:a+b+c+type@sequential+block@d", "Exam", 60, backend="old")
    attempt_id = create_exam_attempt(exam_id, user_id, taking_as_proctored=True)
    proctoring_api.start_exam_attempt(exam_id, user_id)
    proctoring_api.stop_exam_attempt(attempt_id)
    proctoring_api.update_attempt_status(attempt_id, "submitted")
    return get_exam_attempt_by_id(attempt_id)


def answers(user_id):
    """What else such code asks."""
    try:
        get_exam_by_id(10**6)
    except ProctoredExamNotFoundException as error:
        refused = isinstance(error, ProctoredBaseException)
    config = apps.get_app_config("edx_proctoring")
    return {
        "refused": refused,
        "credit": get_runtime_service("credit").__class__.__name__,
        "service": ProctoringService().get_exam_by_id is get_exam_by_id,
        "choices": dict(config.get_backend_choices()),
        "model": apps.get_model("edx_proctoring", "ProctoredExam") is proctoring_models.ProctoredExam,
        "time": humanized_time(60),
        "id": obscured_user_id(user_id, "old"),
    }
