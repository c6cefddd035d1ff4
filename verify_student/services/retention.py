"""What is kept of people who verify themselves: why, for how long, and what comes then. The schedule purges by it."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from proctoring.common import inbox, outbox
from proctoring.common.acting import ActionState
from proctoring.common.audit import Subject
from proctoring.common.batches import FAILED, Batch
from proctoring.common.retention import policies
from proctoring.common.retention.periods import period_of
from proctoring.common.retention.policies import STAYS, UNTIL_RETIRED, Policy, blanked
from verify_student.conf import config
from verify_student.models import (
    InboxDelivery,
    ManualVerification,
    OutboxMessage,
    PhotoAccess,
    SoftwareSecurePhotoVerification,
    SSOVerification,
    StaffAction,
    VerificationAttempt,
)
from verify_student.services import audit, holds
from verify_student.services.photos import purging

Rows = QuerySet[Any]

# Of photo verifications: what says something of the learner.
BLANK = ("name", "face_image_url", "photo_id_image_url", "photo_id_key", "error_msg", "error_code")


def said(names: tuple[str, ...]) -> Q:
    """Rows of which one of these text columns is not empty."""
    found = Q(pk__in=[])
    for name in names:
        found |= ~Q(**{name: ""})
    return found


def _days(name: str) -> Any:
    return lambda: period_of(getattr(config, name))


def _photos(before: datetime) -> Rows:
    return purging.decided(before, timezone.now())


def _purge_photos(rows: Rows, size: int) -> Iterator[Batch]:
    for batch in purging.purge(rows, size):
        failed = batch.counts.get(FAILED, 0)
        yield Batch(batch.counts.get(purging.DELETED, 0) + failed, {FAILED: failed}, batch.last)


def _ended(model: Any, names: tuple[str, ...]) -> Any:
    """Rows that have stopped to count; those of old releases have no date, and count from when they were made."""

    def due(before: datetime) -> Rows:
        undated = Q(expiration_date=None, created_at__lt=before - config.validity)
        rows = model.objects.filter(Q(expiration_date__lt=before) | undated, said(names))
        return holds.free(rows.order_by("pk"))

    return due


def _plugins_ended(before: datetime) -> Rows:
    """Those without a date count for good."""
    rows = VerificationAttempt.objects.filter(said(("name",)), expiration_datetime__lt=before)
    return holds.free(rows.order_by("pk"))


def _received(before: datetime) -> Rows:
    return holds.free_deliveries(inbox.judged(InboxDelivery, before))


def _sent(before: datetime) -> Rows:
    return holds.free_messages(outbox.sent(OutboxMessage.objects.all(), before))


def _looks(before: datetime) -> Rows:
    return holds.free(PhotoAccess.objects.filter(at__lt=before).order_by("at"), "verification__user_id")


def _actions(before: datetime) -> Rows:
    return holds.free_actions(StaffAction.objects.filter(state=ActionState.DONE, finished_at__lt=before).order_by("pk"))


DELETED = _("It is deleted.")
NAME_GOES = _("The name and the reasons are deleted. That you were verified, and until when, stays.")
NAME_WHY = _("So that an exam or a certificate has the name that was verified.")
WITH_NAMES = _("As long as the records of courses are kept.")
NAME_SINCE = _("From when the verification stops to count.")
PHOTOS_WHAT = _("Photos of your face and your ID, ours and the copies for the service that compares them, encrypted.")
PHOTOS_END = _("The photos and all copies of ours are deleted. A checksum stays, which shows nothing of them.")

POLICIES = (
    Policy(
        kind="photos",
        what=PHOTOS_WHAT,
        why=_("Somebody compares your face with your ID. An approved ID photo may be used again while it counts."),
        since=_("From the decision."),
        at_end=PHOTOS_END,
        setting="PHOTO_RETENTION_DAYS",
        period=_days("photo_retention_days"),
        due=_photos,
        clear=_purge_photos,
    ),
    Policy(
        kind="undecided_photos",
        what=_("The same photos, where nobody ever decided."),
        why=_("The decision may still come."),
        since=_("From when the photo was taken."),
        at_end=PHOTOS_END,
        setting="UNDECIDED_PHOTO_RETENTION_DAYS",
        period=_days("undecided_photo_retention_days"),
        due=purging.undecided,
        clear=_purge_photos,
    ),
    Policy(
        kind="names",
        what=_("Your name as it was verified by photos, and the reasons where that was refused."),
        why=NAME_WHY,
        since=NAME_SINCE,
        at_end=NAME_GOES,
        setting="NAME_RETENTION_DAYS",
        period=_days("name_retention_days"),
        due=_ended(SoftwareSecurePhotoVerification, BLANK),
        clear=blanked(**dict.fromkeys(BLANK, "")),
    ),
    Policy(
        kind="plugin_names",
        what=_("Your name as another service verified it."),
        why=NAME_WHY,
        since=NAME_SINCE,
        at_end=NAME_GOES,
        setting="NAME_RETENTION_DAYS",
        period=_days("name_retention_days"),
        due=_plugins_ended,
        clear=blanked(name=""),
    ),
    Policy(
        kind="sign_on_names",
        what=_("Your name as the organisation through which you sign in has verified it."),
        why=NAME_WHY,
        since=NAME_SINCE,
        at_end=NAME_GOES,
        setting="NAME_RETENTION_DAYS",
        period=_days("name_retention_days"),
        due=_ended(SSOVerification, ("name",)),
        clear=blanked(name=""),
    ),
    Policy(
        kind="staff_words",
        what=_("Your name as staff have verified it, and their reason."),
        why=NAME_WHY,
        since=NAME_SINCE,
        at_end=NAME_GOES,
        setting="NAME_RETENTION_DAYS",
        period=_days("name_retention_days"),
        without_period=lambda: UNTIL_RETIRED if config.redact_manual_verifications else WITH_NAMES,
        due=_ended(ManualVerification, ("name", "reason")),
        clear=blanked(name="", reason=""),
    ),
    Policy(
        kind="provider_messages",
        what=_("Messages of the service that compares photos, as they came, encrypted."),
        why=_("So that what went wrong can be put right."),
        since=_("From when the message came."),
        at_end=DELETED,
        setting="INBOX_RETENTION_DAYS",
        period=_days("inbox_retention_days"),
        due=_received,
    ),
    Policy(
        kind="sent_messages",
        what=_("That you, the platform or such a service was sent a message. No text, no address."),
        why=_("So that what went wrong can be put right."),
        since=_("From when it was sent."),
        at_end=DELETED,
        setting="OUTBOX_RETENTION_DAYS",
        period=_days("outbox_retention_days"),
        due=_sent,
    ),
    Policy(
        kind="looks",
        what=_("Who looked at your photos, when and why."),
        why=_("So that nobody looks without a reason."),
        since=_("From the look."),
        at_end=DELETED,
        setting="LOOK_RETENTION_DAYS",
        period=_days("look_retention_days"),
        without_period=lambda: STAYS,
        due=_looks,
    ),
    Policy(
        kind="opinions",
        what=_("What each of our reviewers thought of your photos."),
        why=_("So that decisions can be checked."),
        since=_("From the decision."),
        at_end=_("It stays with the verification, without a name or a photo of yours."),
        without_period=lambda: STAYS,
    ),
    Policy(
        kind="staff_actions",
        what=_("What staff did with your verifications, and the reason they gave."),
        why=_("So that decisions can be checked."),
        since=_("From when it was done."),
        at_end=_("It is deleted. With your account the reasons are; that something was done stays."),
        setting="STAFF_ACTION_RETENTION_DAYS",
        period=_days("staff_action_retention_days"),
        due=_actions,
    ),
    Policy(
        kind="audit_log",
        what=_("Decisions about you and looks at evidence: who and when, as numbers and codes."),
        why=_("So that decisions can be checked."),
        since=_("From when it happened."),
        at_end=_("It stays, in a log from which nothing is taken unseen."),
        without_period=lambda: STAYS,
    ),
)


def purge() -> int:
    """Delete or blank what has been kept for its time; how much. Raises ``PurgeIncomplete``, after doing the rest."""
    return policies.purge_all(POLICIES, purged)


def purged(counts: Counter[str]) -> None:
    """What went is a matter of record."""
    audit.record("data.purged", Subject("data", "all"), **counts)
