"""The Software Secure protocol (contract vendors_admin_screens.md §2): an LMS registers, and that is all it says."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from demo.simulator import callbacks, ssi
from demo.simulator.gateway import Call, json_object
from demo.simulator.models import Attempt, Exam, Protocol, new_id
from demo.simulator.spoiling import Answer

EXPECTED: dict[str, type | tuple[type, ...]] = {
    "examCode": str,
    "organization": str,
    "duration": int,
    "reviewedExam": bool,
    "reviewerNotes": str,
    "examPassword": str,
    "examSponsor": str,
    "examName": str,
    "ssiProduct": str,
    "examUrl": str,
    "orgExtra": dict,
}
EXPECTED_EXTRA: dict[str, type | tuple[type, ...]] = {
    "examStartDate": str,
    "examEndDate": str,
    "noOfStudents": int,
    "examID": (int, str),
    "courseID": str,
    "firstName": str,
    "lastName": str,
}


def needs_signature(request: HttpRequest) -> Answer | None:
    """The refusal of a caller that has not signed with the LMS's key, or not now."""
    try:
        ssi.check_signature(request.headers, json_object(request.body), settings.RPNOW_KEY)
        ssi.check_date(request.headers.get("Date", ""), timezone.now())
    except (ssi.NotAuthentic, ValueError) as error:
        return Answer({"detail": str(error)}, 401)
    return None


def register(call: Call) -> Answer:
    """§2.2. The same code again is the same record."""
    body = call.body
    if wrong := _wrong_fields(body):
        return Answer({"detail": f"missing or of another type: {', '.join(wrong)}"}, 400)
    try:
        ssi.check_password(body, settings.RPNOW_CRYPTO_KEY)
    except ssi.NotAuthentic as error:
        return Answer({"detail": str(error)}, 400)
    attempt = _known(body) or _registered(call)
    return Answer({"ssiRecordLocator": attempt.external_id}, attempt=attempt.external_id)


def _wrong_fields(body: dict[str, Any]) -> list[str]:
    wrong = [name for name, kind in EXPECTED.items() if not isinstance(body.get(name), kind)]
    extra = body["orgExtra"] if isinstance(body.get("orgExtra"), dict) else {}
    return wrong + [
        f"orgExtra.{name}" for name, kind in EXPECTED_EXTRA.items() if not isinstance(extra.get(name), kind)
    ]


def _known(body: dict[str, Any]) -> Attempt | None:
    return Attempt.objects.filter(protocol=Protocol.SOFTWARE_SECURE, code=body["examCode"]).first()


def _registered(call: Call) -> Attempt:
    body, extra = call.body, call.body["orgExtra"]
    address = urlsplit(body["examUrl"])
    attempt = Attempt.objects.create(
        external_id=new_id(),
        exam=_exam(body),
        user_id=f"{extra['firstName']} {extra['lastName']}".strip()[:255],
        email=str(extra.get("email") or "")[:255],
        full_name=f"{extra['firstName']} {extra['lastName']}".strip()[:255],
        lms_host=f"{address.scheme}://{address.netloc}"[:255],
        is_sample=not body["reviewedExam"],
        protocol=Protocol.SOFTWARE_SECURE,
        code=body["examCode"][:255],
        exam_url=body["examUrl"][:600] if address.scheme in {"http", "https"} else "",
        registration=body,
    )
    callbacks.after_registration(attempt, call.plan)
    return attempt


def _exam(body: dict[str, Any]) -> Exam:
    extra = body["orgExtra"]
    values = {
        "course_id": extra["courseID"][:255],
        "name": body["examName"][:255],
        "is_practice": not body["reviewedExam"],
        "time_limit_mins": max(body["duration"], 0),
    }
    exam, _ = Exam.objects.update_or_create(external_id=f"rpnow-{extra['examID']}"[:64], defaults=values)
    return exam
