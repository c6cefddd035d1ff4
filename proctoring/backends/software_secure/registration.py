"""What this vendor is told of an attempt (§2.2, §2.3, §2.5)."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from proctoring.backends import launch
from proctoring.backends.base import ExamDict
from proctoring.common import crypto
from proctoring.conf import config

PRODUCT = "rp-now"
UNNAMED = "Proctored Exam"
NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]<>#:|!?/'\"*\\", "_"))


@dataclass(frozen=True)
class Customer:
    """What does not change from one attempt to the next."""

    organization: str
    exam_sponsor: str
    crypto_key: str | bytes = field(repr=False)
    send_email: bool = False
    signs_launches: bool = True


def document(customer: Customer, exam: ExamDict, context: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The body of a registration, its fields in the vendor's order."""
    code = context["attempt_code"]
    return {
        "examCode": code,
        "organization": customer.organization,
        "duration": context["time_limit_mins"],
        "reviewedExam": not context["is_sample_attempt"],
        "reviewerNotes": reviewer_notes(context),
        "examPassword": crypto.triple_des_encrypt(customer.crypto_key, code),
        "examSponsor": customer.exam_sponsor,
        "examName": plain_name(exam["exam_name"]),
        "ssiProduct": PRODUCT,
        "examUrl": _launch_address(customer, context),
        "orgExtra": _extra(customer, exam, context, now),
    }


def _launch_address(customer: Customer, context: Mapping[str, Any]) -> str:
    address = launch.signed_address if customer.signs_launches else launch.plain_address
    return address(context["lms_host"], context["attempt_code"])


def _extra(customer: Customer, exam: ExamDict, context: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    first_name, _space, last_name = context["full_name"].partition(" ")
    extra = {
        "examStartDate": http_date(now),
        "examEndDate": http_date(now + timedelta(minutes=context["time_limit_mins"])),
        "noOfStudents": 1,
        "examID": exam["id"],
        "courseID": exam["course_id"],
        "firstName": first_name,
        "lastName": last_name,
    }
    return extra | {"email": context["email"]} if customer.send_email else extra


def http_date(moment: datetime) -> str:
    """As HTTP writes dates: ``Tue, 04 Mar 2025 09:00:00 GMT``, in English whatever the locale."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def reviewer_notes(context: Mapping[str, Any]) -> str:
    """The exam's policy, or the site's default one, and what the learner was granted."""
    policy = str(context.get("review_policy") or config.default_review_policy)
    exception = context.get("review_policy_exception")
    return f"{policy}; {exception}" if exception else policy


def plain_name(name: str) -> str:
    """An exam's name in the characters that the vendor takes."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return ascii_only.translate(NOT_IN_NAMES) or UNNAMED
