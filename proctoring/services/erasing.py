"""
What is taken when a learner is retired, kind by kind; each function says what it took.

Rows stay that say that something happened; nothing follows from it: no status, no mail, no new history.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from proctoring.common import inbox
from proctoring.common.inbox import SETTLED
from proctoring.common.retention.erasures import Tally, taken
from proctoring.common.retention.remarks import erase_log, erase_reasons
from proctoring.conf import config
from proctoring.models import (
    IdempotentAnswer,
    InboxDelivery,
    ProctoredExamSoftwareSecureComment,
    ProctoredExamSoftwareSecureReview,
    ProctoredExamSoftwareSecureReviewHistory,
    ProctoredExamStudentAllowance,
    ProctoredExamStudentAllowanceHistory,
    ProctoredExamStudentAttempt,
    StaffAction,
)
from proctoring.services import holds

Attempt = ProctoredExamStudentAttempt
Review, FormerReview = ProctoredExamSoftwareSecureReview, ProctoredExamSoftwareSecureReviewHistory
Comment = ProctoredExamSoftwareSecureComment
Allowance, FormerAllowance = ProctoredExamStudentAllowance, ProctoredExamStudentAllowanceHistory
# Of reviews: where something was said, and what is left of it.
SAID = ~Q(raw_data="") | (Q(encrypted_video_url__isnull=False) & ~Q(encrypted_video_url=b""))
BLANK = {"raw_data": "", "encrypted_video_url": b""}


def erase_all(learner: int, key: bytes) -> Iterator[Tally]:
    """Take all that was said of the learner; within a transaction. ``key`` is that of the digests."""
    # Before any row is locked: to find what staff wrote takes its time.
    yield remarks(learner, key)
    yield _allowances(learner, key)
    yield from _reviews(learner, key)
    yield _deliveries(learner, key)
    yield _answers(learner, key)


def erase_late(delivery: InboxDelivery, review: ProctoredExamSoftwareSecureReview | None) -> None:
    """What a vendor said of a learner whose data is erased: its outcome stays. In the transaction that applied it."""
    if review is not None:
        Review.objects.filter(pk=review.pk).update(**BLANK)
        Comment.objects.filter(review=review.pk).update(comment="", status="")
    inbox.empty([delivery], config.keyring)


def deliveries_about(learner: int) -> "QuerySet[InboxDelivery]":
    """What vendors have sent about the learner's attempts, those that are gone too."""
    said = InboxDelivery.objects.filter(subject__in=set(_names_at_vendors(learner)))
    # Two vendors may have the same id for attempts of two learners: then only the learner's own vendor counts.
    return said.filter(_of_own_vendor(learner) | ~_of_somebody_else(learner))


def default_vendor() -> str:
    """The vendor of exams that name none."""
    return str(config.backends.get("DEFAULT") or "")


def reviews_of(learner: int) -> Q:
    """The learner's reviews, those of old releases too, which do not know their learner."""
    live = Attempt.objects.filter(user_id=learner).values("attempt_code")
    past = Attempt.history.filter(user_id=learner).values("attempt_code")
    return Q(student_id=learner) | Q(attempt_code__in=live) | Q(attempt_code__in=past)


def _allowances(learner: int, key: bytes) -> Tally:
    live = Allowance.objects.filter(user_id=learner).exclude(value="")
    former = FormerAllowance.objects.filter(user_id=learner).exclude(value="")
    tally = taken("allowances", key, [live, former], ["key", "value", "multiplier"])
    blank = {"value": "", "multiplier": None, "modified": timezone.now()}
    # Changing an allowance archives it, so the archive comes last.
    live.update(**blank)
    former.update(**blank)
    return tally


def _reviews(learner: int, key: bytes) -> Iterator[Tally]:
    theirs, blank = reviews_of(learner), {**BLANK, "modified": timezone.now()}
    # Held in the order of their ids, and before their comments, as everybody does. Not saved: that would be a review.
    held = list(Review.objects.filter(theirs).order_by("pk").select_for_update().values_list("pk", flat=True))
    live, former = Review.objects.filter(SAID, pk__in=held), FormerReview.objects.filter(SAID).filter(theirs)
    comments = Comment.objects.filter(~Q(comment="") | ~Q(status=""), review__in=held)
    yield taken("reviews", key, [live, former], list(BLANK))
    yield taken("review_comments", key, [comments], ["comment", "status"])
    live.update(**blank)
    former.update(**blank)
    Comment.objects.filter(review__in=held).update(comment="", status="", modified=blank["modified"])


def _deliveries(learner: int, key: bytes) -> Tally:
    # What waits to be applied still has to be read.
    said = deliveries_about(learner).filter(SETTLED, body_size__gt=0)
    mine = list(said.order_by("pk").select_for_update())
    tally = Tally("vendor_messages", key)
    for delivery in mine:
        tally.add(InboxDelivery._meta.db_table, delivery.pk, {"body": bytes(delivery.body)})
    inbox.empty(mine, config.keyring)
    return tally


def _answers(learner: int, key: bytes) -> Tally:
    # Owners are named by their account's number and what follows it (``services.pace.account_of``).
    answers = IdempotentAnswer.objects.filter(owner__startswith=f"{learner}.")
    tally = taken("repeated_requests", key, [answers], ["key", "body"])
    if tally.items:
        answers.delete()
    return tally


def remarks(learner: int, key: bytes) -> Tally:
    """What staff wrote about the learner's rows, as far as no hold keeps what they wrote about others as well."""
    # Staff lift holds, which leads here.
    from proctoring.services import second_reviews, staff_actions

    tally, keys = Tally("staff_remarks", key), _rows_of(learner)
    of_verb: dict[str, type[Model]] = {verb.name: verb.model for verb in staff_actions.actions.verbs}
    of_verb[second_reviews.VERB] = Review
    erase_reasons(StaffAction.objects.all(), of_verb, keys, tally, holds.free_actions)
    erase_log(keys, tally)
    return tally


def _rows_of(learner: int) -> dict[type[Model], set[int]]:
    """The learner's rows that staff act on, those that are gone too."""
    live, past = Attempt.objects.filter(user_id=learner), Attempt.history.filter(user_id=learner)
    granted, former = Allowance.objects.filter(user_id=learner), FormerAllowance.objects.filter(user_id=learner)
    return {
        Attempt: {*live.values_list("pk", flat=True), *past.values_list("id", flat=True)},
        Review: {*Review.objects.filter(reviews_of(learner)).values_list("pk", flat=True)},
        Allowance: {*granted.values_list("pk", flat=True), *former.values_list("allowance_id", flat=True)},
    }


def _names_at_vendors(learner: int) -> Iterator[str]:
    """What vendors call the learner's attempts: by their own id, or by our code."""
    managers: tuple[Any, ...] = (Attempt.objects, Attempt.history)
    for attempts in managers:
        for pair in attempts.filter(user_id=learner).values_list("external_id", "attempt_code"):
            yield from filter(None, pair)


def _of_own_vendor(learner: int) -> Q:
    def by_vendor(attempts: "QuerySet[Any]") -> Exists:
        vendor = Coalesce(F("proctored_exam__backend"), Value(default_vendor()))
        return Exists(attempts.alias(vendor=vendor).filter(vendor=OuterRef("source"), external_id=OuterRef("subject")))

    return Q(by_vendor(Attempt.objects.filter(user_id=learner))) | Q(by_vendor(Attempt.history.filter(user_id=learner)))


def _of_somebody_else(learner: int) -> Q:
    called = Q(external_id=OuterRef("subject")) & ~Q(user_id=learner)
    return Q(Exists(Attempt.objects.filter(called))) | Q(Exists(Attempt.history.filter(called)))
