"""A review as each protocol writes it."""

import json
from typing import Any

from django.conf import settings
from django.utils import timezone

from demo.simulator.faults import Fault, other_id
from demo.simulator.models import Attempt, Protocol
from demo.simulator.plans import Comment, Plan

STATUSES = {
    "passed": "Clean",
    "violation": "Rules Violation",
    "suspicious": "Suspicious",
    "not_reviewed": "Not Reviewed",
}
ECHOED = ("examName", "examSponsor", "organization", "reviewerNotes", "ssiProduct")


def body_of(attempt: Attempt, plan: Plan) -> str:
    """The body of the attempt's review."""
    is_rest = attempt.protocol == Protocol.REST
    return json.dumps(plan.review if is_rest else software_secure(attempt, plan))


def recording_url(attempt: Attempt) -> str:
    """Where the recording can be seen, in the form the vendor sends (§2.9)."""
    return f"{settings.SIMULATOR_URL}/recordings/{attempt.external_id}/DirectLink-Generic"


def software_secure(attempt: Attempt, plan: Plan) -> dict[str, Any]:
    """The "Reviewer Data Transfer" of contract vendors_admin_screens.md §2.7."""
    registration = attempt.registration
    document = {
        "examDate": timezone.now().strftime("%b %d %Y %I:%M%p"),
        "examProcessingStatus": "Review Completed",
        "examTakerEmail": attempt.email,
        **_names(attempt),
        "keySetVersion": "",
        "overAllComments": "",
        "userPhotoBase64String": "",
        "examApiData": registration,
        "examMetaData": _meta_data(attempt, plan),
        "reviewStatus": STATUSES[plan.status],
        # One learner, two cameras: the comments alternate between them.
        "webCamComments": [_comment(comment) for comment in plan.notes[::2]],
        "desktopComments": [_comment(comment) for comment in plan.notes[1::2]],
    }
    reviewer = {"reviewed_by": plan.reviewed_by} if plan.reviewed_by else {}
    return document | reviewer | ({"videoReviewLink": recording_url(attempt)} if plan.recording else {})


def _names(attempt: Attempt) -> dict[str, str]:
    first_name, _space, last_name = attempt.full_name.partition(" ")
    return {"examTakerFirstName": first_name, "examTakerLastName": last_name}


def _meta_data(attempt: Attempt, plan: Plan) -> dict[str, Any]:
    locator = attempt.external_id
    return {
        **{name: attempt.registration.get(name, "") for name in ECHOED},
        "examCode": attempt.code,
        "ssiRecordLocator": other_id(locator) if plan.callback_fault == Fault.WRONG_ID else locator,
        "reviewedExam": str(not attempt.is_sample),
        "simulatedExam": "False",
        "ssiExamToken": locator.upper(),
    }


def _comment(comment: Comment) -> dict[str, Any]:
    status = str(comment.get("status", ""))
    return {
        "comments": comment.get("comment", ""),
        "eventStart": comment.get("start", 0),
        "eventFinish": comment.get("stop", 0),
        "duration": comment.get("duration", 0),
        "eventStatus": STATUSES.get(status, status),
    }
