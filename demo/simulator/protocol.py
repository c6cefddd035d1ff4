"""The REST vendor protocol (contract vendors_admin_screens.md §3), one function a call of the LMS."""

import re
import uuid
from typing import Any

from django.conf import settings

from demo.simulator import callbacks
from demo.simulator.gateway import Call
from demo.simulator.models import Attempt, Exam
from demo.simulator.spoiling import Answer

UNKNOWN = Answer({"detail": "not found"}, 404)
RULES = {
    "allow_snacks": "Allow snacks on the desk",
    "allow_notes": "Allow handwritten notes",
    "allow_calculator": "Allow a calculator",
}
INSTRUCTIONS = [
    "Nothing needs to be installed: this vendor is simulated.",
    "Wait a moment; the vendor reports that it is ready by itself.",
]
# How far an attempt has come: a message that arrives late never takes it back.
PROGRESS = {"created": 0, "ready": 1, "started": 2, "submitted": 3, "error": 3}
REPORTABLE = frozenset({"started", "submitted", "error"})
FOLLOWED = {"started": callbacks.after_start, "submitted": callbacks.after_submission}
OWN_ID = re.compile(r"[0-9a-f]{32}")


def show_config(call: Call) -> Answer:
    """§3.4."""
    config = {"name": "SimProc", "rules": RULES, "download_url": download_url(), "instructions": INSTRUCTIONS}
    return Answer(config)


def download_url() -> str:
    """Where a learner would get the vendor's application."""
    return f"{settings.SIMULATOR_URL}/download/"


def create_exam(call: Call) -> Answer:
    """§3.5, for an exam that has no id of ours yet."""
    exam = Exam.objects.create(external_id=uuid.uuid4().hex, **_exam_values(call.body))
    return Answer({"id": exam.external_id})


def update_exam(call: Call) -> Answer:
    """§3.5, for an exam that has one. An id we have forgotten is taken up again."""
    exam, _ = Exam.objects.update_or_create(external_id=call.ids["exam_id"], defaults=_exam_values(call.body))
    return Answer({"id": exam.external_id})


def show_exam(call: Call) -> Answer:
    """The exam as the LMS described it."""
    exam = Exam.objects.filter(external_id=call.ids["exam_id"]).first()
    if exam is None:
        return UNKNOWN
    return Answer(
        {
            "id": exam.external_id,
            "course_id": exam.course_id,
            "content_id": exam.content_id,
            "exam_name": exam.name,
            "is_practice_exam": exam.is_practice,
            "is_active": exam.is_active,
            "time_limit_mins": exam.time_limit_mins,
        }
    )


def _exam_values(body: dict[str, Any]) -> dict[str, Any]:
    minutes = body.get("time_limit_mins")
    return {
        "course_id": str(body.get("course_id") or "")[:255],
        "content_id": str(body.get("content_id") or "")[:255],
        "name": str(body.get("exam_name") or "")[:255],
        "is_practice": bool(body.get("is_practice_exam")),
        "is_active": bool(body.get("is_active", True)),
        "time_limit_mins": minutes if isinstance(minutes, int) and minutes >= 0 else 0,
    }


def register_attempt(call: Call) -> Answer:
    """§3.6. The ready callback follows after the plan's delay."""
    exam = _known_or_forgotten_exam(call.ids["exam_id"])
    if exam is None:
        return UNKNOWN
    if call.plan.refusal:
        return Answer({"status": call.plan.refusal})
    attempt = Attempt.objects.create(
        external_id=uuid.uuid4().hex,
        exam=exam,
        user_id=str(call.body.get("user_id") or "")[:255],
        email=str(call.body.get("email") or "")[:255],
        full_name=str(call.body.get("full_name") or "")[:255],
        lms_host=str(call.body.get("lms_host") or "")[:255],
        is_sample=bool(call.body.get("is_sample_attempt")),
    )
    callbacks.after_registration(attempt, call.plan)
    return Answer({"id": attempt.external_id}, attempt=attempt.external_id)


def _known_or_forgotten_exam(external_id: str) -> Exam | None:
    # The LMS may outlive our database, which is a file somebody can delete; an id that we never gave out is refused.
    if OWN_ID.fullmatch(external_id):
        return Exam.objects.get_or_create(external_id=external_id)[0]
    return Exam.objects.filter(external_id=external_id).first()


def report_status(call: Call) -> Answer:
    """§3.7: the learner started, submitted, or lost the application. The review follows a submission."""
    attempt = _attempt(call)
    status = call.body.get("status")
    if attempt is None:
        return UNKNOWN
    if status not in REPORTABLE:
        return Answer({"detail": "unknown status"}, 400)
    if PROGRESS[status] > PROGRESS[attempt.status]:
        attempt.status = status
        attempt.save(update_fields=["status"])
        if status in FOLLOWED:
            FOLLOWED[status](attempt, call.plan)
    return Answer({"status": attempt.status})


def show_attempt(call: Call) -> Answer:
    """§3.7."""
    attempt = _attempt(call)
    if attempt is None:
        return UNKNOWN
    return Answer({"status": attempt.status, "instructions": INSTRUCTIONS, "download_url": download_url()})


def delete_attempt(call: Call) -> Answer:
    """§3.7. Callbacks that are still to come go with it."""
    attempt = _attempt(call)
    if attempt is None:
        return UNKNOWN
    attempt.delete()
    return Answer({"status": "deleted"})


def _attempt(call: Call) -> Attempt | None:
    return (
        Attempt.objects.select_related("exam")
        .filter(external_id=call.ids["attempt_id"], exam__external_id=call.ids["exam_id"])
        .first()
    )


def delete_user(call: Call) -> Answer:
    """§3.12: nothing that names the person stays."""
    Attempt.objects.filter(user_id=call.ids["user_id"]).update(email="", full_name="")
    return Answer(True)
