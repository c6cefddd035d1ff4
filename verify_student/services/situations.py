"""Where a learner stands, as the learner's screens need it: looked at once, then put into words."""

from datetime import datetime
from typing import Any

from verify_student import lms
from verify_student.conf import config
from verify_student.models import SoftwareSecurePhotoVerification, VerificationAttempt
from verify_student.screens import Course, Renewal, Situation
from verify_student.services import deadlines, location, reasons, standing, submission, user_status
from verify_student.services.mail.wording import grouped
from verify_student.services.standing import AnyVerification, Standing
from verify_student.statuses import IDVerificationStatus as Status

LONGEST_KEY = 255
# The learner has begun at most.
UNFINISHED = frozenset({Status.created, Status.ready})


def snapshot(user: Any, course_id: str = "") -> Situation:
    """Where ``user`` stands, who comes for the course ``course_id``, if for one; one query a table."""
    learner = standing.of_user(user)
    return of(learner, _course(learner, course_id))


def of(learner: Standing, course: Course | None = None) -> Situation:
    """As :func:`snapshot`, of a learner who has been looked at already."""
    said, ends = user_status.of(learner), learner.expiration([Status.approved])
    latest = _latest(learner)
    renewal = _renewal(learner, latest)
    # The status names the reasons of a denial that speaks; a renewal's denial does not speak while an approval counts.
    denied = latest if renewal is Renewal.DENIED else learner.speaking
    return Situation(
        status=said["status"],
        is_shown=said["should_display"],
        may_hand_in=user_status.can_verify(said["status"], ends) and not _has_to_wait(learner),
        ends=ends,
        ends_soon=standing.is_expiring_soon(ends),
        renewal=renewal,
        reasons=_reasons(denied),
        course=course,
    )


def words(situation: Situation) -> dict[str, Any]:
    """What the templates of the screens are given."""
    course_id = situation.course.course_id if situation.course else ""
    return {
        "situation": situation,
        "reason_groups": grouped(situation.reasons),
        "platform_name": config.platform_name,
        "retention_days": config.photo_retention_days,
        "links": {
            "verify": location.verify_location(course_id),
            "others": location.verify_location(),
            "photos": location.photos_location(course_id),
            "course": lms.pages().get_course_url(course_id) if course_id else "",
            "dashboard": lms.pages().get_dashboard_url(),
            "support": config.support_link,
        },
    }


def _course(learner: Standing, course_id: str) -> Course | None:
    """Courses have keys that any database can look for; whatever else is asked for is no course."""
    if not course_id or len(course_id) > LONGEST_KEY or not course_id.isprintable() or config.integrity_signature:
        return None
    name = lms.courses().get_course_name(course_id)
    deadline = deadlines.for_course(course_id)
    if name is None and deadline is None:
        return None
    missed = _is_past(deadline, learner.now) and not learner.is_valid_or_pending
    return Course(course_id=course_id, name=name or course_id, deadline=deadline, is_missed=missed)


def _is_past(deadline: datetime | None, now: datetime) -> bool:
    return deadline is not None and deadline <= now


def _latest(learner: Standing) -> AnyVerification | None:
    """The learner's own verification that was handed in last."""
    own = (row for row in learner.rows if isinstance(row, SoftwareSecurePhotoVerification | VerificationAttempt))
    return next((row for row in own if standing.is_pending(row) or row.status not in UNFINISHED), None)


def _renewal(learner: Standing, latest: AnyVerification | None) -> Renewal:
    if learner.approval is None or latest is None or not latest.should_display_status_to_user():
        return Renewal.NOTHING
    if standing.is_pending(latest):
        return Renewal.PENDING
    return Renewal.DENIED if latest.status == Status.denied else Renewal.NOTHING


def _has_to_wait(learner: Standing) -> bool:
    photos = (row for row in learner.rows if isinstance(row, SoftwareSecurePhotoVerification))
    latest = next((row for row in photos if row.status != Status.created), None)
    return latest is not None and submission.is_open(latest, learner.now)


def _reasons(denied: AnyVerification | None) -> list[str]:
    if not isinstance(denied, SoftwareSecurePhotoVerification) or denied.status != Status.denied:
        return []
    return reasons.codes_of(denied.error_msg) if denied.error_msg else []
