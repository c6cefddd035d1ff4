"""What is kept of people who sit exams: why, for how long, and what comes then. The schedule purges by it."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from proctoring.common import inbox, outbox
from proctoring.common.acting import ActionState
from proctoring.common.audit import Subject
from proctoring.common.batches import Batch, in_batches
from proctoring.common.retention import policies
from proctoring.common.retention.periods import period_of
from proctoring.common.retention.policies import STAYS, Policy, blanked
from proctoring.conf import config
from proctoring.models import (
    InboxDelivery,
    OutboxMessage,
    ProctoredExamSoftwareSecureComment,
    ProctoredExamSoftwareSecureReview,
    ProctoredExamSoftwareSecureReviewHistory,
    ProctoredExamStudentAllowanceHistory,
    ProctoredExamStudentAttempt,
    StaffAction,
)
from proctoring.services import audit, holds, idempotency, mail, support
from proctoring.services.erasing import BLANK, SAID

Rows = QuerySet[Any]

# Later messages depend on whether these were sent: nobody is told twice.
REMEMBERED = (mail.KIND, support.MISSING_KIND)
REMEMBERED_FOR = timedelta(days=366)


def _days(name: str) -> Any:
    return lambda: period_of(getattr(config, name))


def _remembered_for() -> timedelta:
    return max(timedelta(days=config.outbox_retention_days), REMEMBERED_FOR)


def _reviews(before: datetime) -> Rows:
    return holds.free_reviews(ProctoredExamSoftwareSecureReview.objects.filter(SAID, modified__lt=before))


def _former_reviews(before: datetime) -> Rows:
    return holds.free_reviews(ProctoredExamSoftwareSecureReviewHistory.objects.filter(SAID, modified__lt=before))


def _blank_reviews(rows: Rows, size: int) -> Iterator[Batch]:
    """Reviews and their comments. Nothing follows from it: they are not saved."""
    for some in in_batches(rows.only("pk"), size):
        with transaction.atomic():
            still = rows.order_by().filter(pk__in=[row.pk for row in some]).values_list("pk", flat=True)
            # Held in the order of their ids, and before their comments, as everybody does; by themselves, because no
            # database locks rows that may not be there.
            reviews = ProctoredExamSoftwareSecureReview.objects.filter(pk__in=list(still)).order_by("pk")
            keys = list(reviews.select_for_update().values_list("pk", flat=True))
            ProctoredExamSoftwareSecureReview.objects.filter(pk__in=keys).update(**BLANK)
            ProctoredExamSoftwareSecureComment.objects.filter(review__in=keys).update(comment="", status="")
        yield Batch(len(keys), last=some[-1].pk)


def _former_attempts(before: datetime) -> Rows:
    """All former states of attempts of which none is younger: since when an attempt is verified is read from them."""
    history = ProctoredExamStudentAttempt.history
    younger = history.filter(id=OuterRef("id"), history_date__gte=before)
    return holds.free_former(history.filter(~Exists(younger), history_date__lt=before).order_by("history_date"))


def _delete_former_attempts(rows: Rows, size: int) -> Iterator[Batch]:
    while keys := list(rows.values_list("pk", flat=True)[:size]):
        # By key: some databases delete from no table that they look into at the same time.
        yield Batch(rows.model._default_manager.filter(pk__in=keys).delete()[0])


def _former_allowances(before: datetime) -> Rows:
    rows = ProctoredExamStudentAllowanceHistory.objects.filter(created__lt=before)
    return holds.free(rows.order_by("created"))


def _received(before: datetime) -> Rows:
    return holds.free_deliveries(inbox.judged(InboxDelivery, before))


def _sent(before: datetime) -> Rows:
    return holds.free_messages(outbox.sent(OutboxMessage.objects.exclude(kind__in=REMEMBERED), before))


def _remembered(before: datetime) -> Rows:
    return holds.free_messages(outbox.sent(OutboxMessage.objects.filter(kind__in=REMEMBERED), before))


def _answers(before: datetime) -> Rows:
    return holds.free_answers(idempotency.old(before))


def _actions(before: datetime) -> Rows:
    done = StaffAction.objects.filter(state=ActionState.DONE, finished_at__lt=before)
    return holds.free_actions(done.order_by("pk"))


DELETED = _("It is deleted.")
REVIEW_WHY = _("A person decides on it, and you or the course may contest that decision.")
REVIEW_END = _("The texts and the link are deleted. Only the outcome stays.")
RETIRED = _("What it says is deleted. That there was one stays, without your name.")

POLICIES = (
    Policy(
        kind="attempts",
        what=_("Your attempts at exams: when you began and ended, how they were watched, and their outcome."),
        why=_("Grades and certificates depend on them."),
        since=_("They count from when you began."),
        at_end=_("They stay as part of the record of the course; your name is with your account only."),
        without_period=lambda: STAYS,
    ),
    Policy(
        kind="attempt_history",
        what=_("What your attempts were before each change, with the time and the reason of the change."),
        why=_("So that it can be shown how an outcome came about."),
        since=_("From the last change of the attempt."),
        at_end=DELETED,
        setting="ATTEMPT_HISTORY_RETENTION_DAYS",
        period=_days("attempt_history_retention_days"),
        without_period=lambda: STAYS,
        due=_former_attempts,
        clear=_delete_former_attempts,
    ),
    Policy(
        kind="allowances",
        what=_("Allowances that you were granted, such as additional time."),
        why=_("They decide how long you have, and under which rules you sit an exam."),
        since=_("From when they were granted."),
        at_end=RETIRED,
    ),
    Policy(
        kind="allowance_history",
        what=_("What your allowances were before they were changed or taken back."),
        why=_("So that it can be shown under which rules you sat an exam."),
        since=_("From the change."),
        at_end=DELETED,
        setting="ALLOWANCE_HISTORY_RETENTION_DAYS",
        period=_days("allowance_history_retention_days"),
        due=_former_allowances,
    ),
    Policy(
        kind="reviews",
        what=_("What the proctoring service said about your exams, its comments, and the link to a recording."),
        why=REVIEW_WHY,
        since=_("From the last change of the review."),
        at_end=REVIEW_END,
        setting="REVIEW_RETENTION_DAYS",
        period=_days("review_retention_days"),
        due=_reviews,
        clear=_blank_reviews,
    ),
    Policy(
        kind="review_history",
        what=_("What such reviews said before they were changed."),
        why=REVIEW_WHY,
        since=_("From the change."),
        at_end=REVIEW_END,
        setting="REVIEW_RETENTION_DAYS",
        period=_days("review_retention_days"),
        due=_former_reviews,
        clear=blanked(**BLANK),
    ),
    Policy(
        kind="vendor_messages",
        what=_("Messages of the proctoring service about you, as they came, encrypted."),
        why=_("So that what went wrong can be put right."),
        since=_("From when the message came."),
        at_end=DELETED,
        setting="INBOX_RETENTION_DAYS",
        period=_days("inbox_retention_days"),
        due=_received,
    ),
    Policy(
        kind="sent_messages",
        what=_("That the proctoring service or the platform was told of something you did. No text, no address."),
        why=_("So that what went wrong can be put right."),
        since=_("From when it was sent."),
        at_end=DELETED,
        setting="OUTBOX_RETENTION_DAYS",
        period=_days("outbox_retention_days"),
        due=_sent,
    ),
    Policy(
        kind="mails",
        what=_("That mail about an attempt was sent to you. No text, no address."),
        why=_("So that you are not told the same thing twice."),
        since=_("From when it was sent."),
        at_end=DELETED,
        setting="OUTBOX_RETENTION_DAYS",
        period=_remembered_for,
        due=_remembered,
    ),
    Policy(
        kind="repeated_requests",
        what=_("Answers that your browser got, encrypted."),
        why=_("So that nothing is done twice when your browser asks again."),
        since=_("From when it asked."),
        at_end=DELETED,
        setting="IDEMPOTENCY_HOURS",
        period=lambda: timedelta(hours=config.idempotency_hours),
        due=_answers,
    ),
    Policy(
        kind="staff_actions",
        what=_("What staff did with your attempts and allowances, and the reason they gave."),
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
