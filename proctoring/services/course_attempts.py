"""
A course's attempts for its staff: one row for each learner and exam, a page at a time, as fast at any size.

A page is asked for by the row it begins after, not by its number, so that the database reads the rows of the page and
no others, wherever in the list it is. Of each exam the first rows are read in the order of an index, and then merged.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from proctoring.common.batches import in_batches
from proctoring.models import ProctoredExam, ProctoredExamSoftwareSecureReview, ProctoredExamStudentAttempt
from proctoring.services import listings
from proctoring.services.wording import kinds_of

Attempt = ProctoredExamStudentAttempt
Review = ProctoredExamSoftwareSecureReview
PAGE_SIZE = 25
EXPORTED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Place:
    """A row's place in the list."""

    created: datetime
    attempt_id: int

    def __str__(self) -> str:
        return f"{self.created.isoformat()}~{self.attempt_id}"

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """The place that ``str`` made of one; None for anything else."""
        created, _, attempt_id = text.partition("~")
        if not (attempt_id.isascii() and attempt_id.isdigit() and len(attempt_id) < 19):
            return None
        try:
            moment = parse_datetime(created)
        except ValueError:
            return None
        return cls(moment, int(attempt_id)) if moment is not None and timezone.is_aware(moment) else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    Which rows: of one exam, whose latest attempt has one of ``statuses``, whose learner's username or e-mail contains
    ``search``. Newest first unless ``oldest_first``; from ``after`` on, or up to ``before``.
    """

    exam_id: int | None = None
    statuses: frozenset[str] = frozenset()
    search: str = ""
    oldest_first: bool = False
    after: Place | None = None
    before: Place | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A learner's attempts at an exam, newest first, with the status that the clock gives the latest one now."""

    attempts: Sequence[Attempt]
    status: str
    reviewed: frozenset[int]

    @property
    def latest(self) -> Attempt:
        """The attempt that counts."""
        return self.attempts[0]

    @property
    def earlier(self) -> Sequence[Attempt]:
        """Those before it."""
        return self.attempts[1:]

    @property
    def waits_to_be_resumed(self) -> bool:
        """Whether the learner may go on, and has not yet."""
        return self.latest.ready_to_resume and not self.latest.resumed

    @property
    def may_be_resumed(self) -> bool:
        """Whether staff may let the learner go on."""
        latest = self.latest
        return latest.is_resumable and not latest.ready_to_resume and not latest.proctored_exam.is_practice_exam


@dataclass(frozen=True, slots=True)
class AttemptPage:
    """Rows, and the places from which the pages beside this one go on; None where there is no such page."""

    rows: Sequence[Row]
    next: Place | None
    previous: Place | None


def exams_of(course_id: str) -> list[ProctoredExam]:
    """The course's exams, by name."""
    return list(ProctoredExam.objects.filter(course_id=course_id).order_by("exam_name", "pk"))


def page(exams: Sequence[ProctoredExam], wanted: Wanted, size: int = PAGE_SIZE) -> AttemptPage:
    """The page of ``wanted`` among the attempts at ``exams``; three statements, whatever there is."""
    found = _places([exam.pk for exam in exams if wanted.exam_id in (None, exam.pk)], wanted, size + 1)
    more, found = len(found) > size, found[:size]
    if wanted.before:
        found.reverse()
    rows = _rows([attempt_id for _, attempt_id in found])
    if not found:
        return AttemptPage(rows, None, None)
    first, last = Place(*found[0]), Place(*found[-1])
    if wanted.before:
        return AttemptPage(rows, next=last, previous=first if more else None)
    return AttemptPage(rows, next=last if more else None, previous=first if wanted.after else None)


def as_table(exams: Sequence[ProctoredExam]) -> Iterator[list[str]]:
    """Every attempt at the exams, the earlier ones too, as fields; the first row names them. Read in batches."""
    yield ["attempt", "username", "exam", "kind", "status", "started_at", "completed_at", "minutes", "proctored"]
    rows = Attempt.objects.filter(proctored_exam__in=[exam.pk for exam in exams])
    kinds = kinds_of(exams)
    names = {exam.pk: (exam.exam_name, str(kinds[exam.pk])) for exam in exams}
    for batch in in_batches(rows.select_related("user"), EXPORTED_AT_ONCE):
        for attempt in batch:
            name, kind = names[attempt.proctored_exam_id]
            times = (attempt.started_at, attempt.completed_at)
            yield [
                str(attempt.pk),
                attempt.user.get_username(),
                name,
                kind,
                str(attempt.status),
                *(moment.isoformat() if moment else "" for moment in times),
                str(attempt.allowed_time_limit_mins or ""),
                "yes" if attempt.taking_as_proctored else "no",
            ]


def row_of(attempt: Attempt) -> Row:
    """The row in which an attempt's learner and exam stand; two statements."""
    of_pair = Attempt.objects.filter(user_id=attempt.user_id, proctored_exam_id=attempt.proctored_exam_id)
    return _rows(list(of_pair.order_by("-created", "-pk").values_list("pk", flat=True)[:1]))[0]


def _places(exam_ids: Sequence[int], wanted: Wanted, limit: int) -> list[tuple[datetime, int]]:
    if not exam_ids:
        return []
    descending = wanted.oldest_first is bool(wanted.before)
    order = ("-created", "-id") if descending else ("created", "id")
    return list(merged(_latest(exam_ids, wanted, descending), exam_ids, order, limit))


def merged(
    rows: "QuerySet[Attempt, Any]", exam_ids: Sequence[int], order: Sequence[str], limit: int
) -> "QuerySet[Attempt, Any]":
    """The first ``limit`` of ``rows``, which are of the exams: the first ones of each, in the order of an index."""
    if len(exam_ids) == 1 or not connection.features.supports_slicing_ordering_in_compound:
        return rows.order_by(*order)[:limit]
    arms = [rows.filter(proctored_exam_id=one).order_by(*order)[:limit] for one in exam_ids]
    return arms[0].union(*arms[1:], all=True).order_by(*order)[:limit]


def latest_at(exam_ids: Sequence[int]) -> "QuerySet[Attempt]":
    """Each learner's latest attempt at each of the exams."""
    same = Attempt.objects.filter(user_id=OuterRef("user_id"), proctored_exam_id=OuterRef("proctored_exam_id"))
    newer = Q(created__gt=OuterRef("created")) | Q(pk__gt=OuterRef("pk"))
    return Attempt.objects.filter(
        ~Exists(same.filter(newer, created__gte=OuterRef("created"))), proctored_exam_id__in=exam_ids
    )


def _latest(exam_ids: Sequence[int], wanted: Wanted, descending: bool) -> "QuerySet[Attempt, Any]":
    """Those that are wanted, as (created, id)."""
    rows = latest_at(exam_ids)
    if wanted.statuses:
        rows = rows.filter(status__in=wanted.statuses)
    if wanted.search:
        rows = rows.filter(Q(user__username__icontains=wanted.search) | Q(user__email__icontains=wanted.search))
    place = wanted.before or wanted.after
    if place is not None:
        rows = rows.filter(beyond(place, descending))
    return rows.values_list("created", "id")


def beyond(place: Place, descending: bool) -> Q:
    """Rows behind ``place`` in the order of reading."""
    side = "lt" if descending else "gt"
    # The first condition alone tells the database where to begin in its index.
    return Q(**{f"created__{side}e": place.created}) & (
        Q(**{f"created__{side}": place.created}) | Q(**{f"pk__{side}": place.attempt_id})
    )


def _rows(attempt_ids: Sequence[int]) -> list[Row]:
    """The rows of the given latest attempts, in their order."""
    latest = list(Attempt.objects.filter(pk__in=attempt_ids).values_list("pk", "user_id", "proctored_exam_id"))
    if not latest:
        return []
    of_pairs = listings.of_pairs((user, exam) for _, user, exam in latest)
    attempts: dict[tuple[int, int], list[Attempt]] = defaultdict(list)
    for attempt in Attempt.objects.filter(of_pairs).newest_first():
        attempts[attempt.user_id, attempt.proctored_exam_id].append(attempt)
    codes = {attempt.attempt_code: attempt.pk for of_pair in attempts.values() for attempt in of_pair}
    reviews = Review.objects.filter(attempt_code__in=codes).values_list("attempt_code", flat=True)
    reviewed = {codes[code] for code in reviews}
    pairs = {attempt_id: (user, exam) for attempt_id, user, exam in latest}
    found = (attempts[pairs[attempt_id]] for attempt_id in attempt_ids if attempt_id in pairs)
    return [_row(of_pair, reviewed) for of_pair in found if of_pair]


def _row(attempts: Sequence[Attempt], reviewed: set[int]) -> Row:
    latest = attempts[0]
    status = listings.ending(latest, timezone.now()).get("status", latest.status)
    return Row(attempts, status, frozenset(reviewed))
