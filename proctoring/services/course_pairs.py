"""
A course's attempts in numbered pages: one row for each learner and exam, the latest attempt first.

Numbers have to be counted. In a small course that is done for each page. In a large one the list is walked through once
a minute, and every so many rows a place is remembered from which a page is then read, as fast as the first one. Until
the next walk, the last pages may be some rows off; what is on a page is always read anew.

A search looks through the names of people, which no index helps with. So what it has found is remembered for a minute
too, and within that minute only those are looked through who have begun an attempt since.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import Mod, RowNumber
from django.utils import timezone

from proctoring.common.prepared import Prepared
from proctoring.models import ProctoredExam, ProctoredExamStudentAttempt
from proctoring.services import course_attempts, listings
from proctoring.services.course_attempts import Place

LARGE, STEP = 2_000, 100
REMEMBERED_SECONDS = 60
NEWEST_FIRST = ("-created", "-id")
# Pairs of a search that are remembered: forty pages of them.
KEPT = 1_000
# What clocks of the site's machines may differ by, and what an attempt takes from its making to its commit.
MARGIN = timedelta(seconds=30)

Attempt = ProctoredExamStudentAttempt
Pair = dict[str, Any]
Pairs: TypeAlias = "QuerySet[Attempt, Any]"
IDS_OF_COURSE: Prepared[int] = Prepared(
    lambda course_id: ProctoredExam.objects.filter(course_id=course_id).order_by("pk").values_list("pk", flat=True), str
)


@dataclass(frozen=True, slots=True)
class Walk:
    """How many pairs there were, and the place before each step, as texts: those are read from a cache fast."""

    pairs: int
    places: Sequence[str]


@dataclass(frozen=True)
class CoursePairs:
    """The pairs as ``user_id`` and ``proctored_exam_id``, to be counted and sliced, as a paginator does."""

    course_id: str
    large: int = LARGE
    step: int = STEP

    def count(self) -> int:
        """How many pairs there are."""
        return self._walk.pairs

    def __getitem__(self, part: slice) -> list[Pair]:
        walk, start = self._walk, part.start or 0
        if walk.pairs < self.large:
            return list(listings.pairs_of_course(self.course_id)[part])
        steps = min(start // self.step, len(walk.places))
        skipped = start - steps * self.step
        # The first step begins with whatever is newest now.
        place = Place.read(walk.places[steps - 1]) if steps else None
        asked = _newest(len(self._exam_ids), skipped + (part.stop or 0) - start, goes_on=place is not None)
        found = asked(*((place.created, place.attempt_id) if place else ()), *self._exam_ids)
        return [{"user_id": user_id, "proctored_exam_id": exam_id} for user_id, exam_id, _, _ in found[skipped:]]

    @cached_property
    def _exam_ids(self) -> list[int]:
        return _exam_ids(self.course_id)

    @cached_property
    def _walk(self) -> Walk:
        key = _key(self.course_id)
        known: Walk | None = cache.get(key)
        if known is None:
            pairs = listings.pairs_of_course(self.course_id).count()
            # A small course has no places, and is counted each time.
            if pairs < self.large:
                return Walk(pairs, [])
            known = Walk(pairs, self._places())
            cache.set(key, known, REMEMBERED_SECONDS)
        return known

    def _places(self) -> list[str]:
        """The last place of each step."""
        rows = course_attempts.latest_at(self._exam_ids)
        number = Window(RowNumber(), order_by=[F("created").desc(), F("id").desc()])
        every = rows.annotate(past=Mod(number, self.step)).filter(past=0).order_by(*NEWEST_FIRST)
        return [str(Place(created, attempt_id)) for created, attempt_id in every.values_list("created", "id")]


@dataclass(frozen=True, slots=True)
class Hits:
    """How many pairs a search has found, and the first of them as learner and exam, newest first; as of ``at``."""

    pairs: int
    first: Sequence[tuple[int, int]]
    at: datetime


@dataclass(frozen=True)
class SearchedPairs:
    """Those of :class:`CoursePairs` whose learner's username or e-mail has ``search_by`` in it, in whatever case."""

    course_id: str
    search_by: str
    kept: int = KEPT

    def count(self) -> int:
        """How many pairs there are; of more than are remembered, how many there were."""
        hits, _ = self._found
        return hits.pairs if hits.pairs > self.kept else len(self._first)

    def __getitem__(self, part: slice) -> list[Pair]:
        hits, _ = self._found
        if hits.pairs > self.kept and (part.stop or 0) > self.kept:
            return list(self._matching[part])
        return [{"user_id": user_id, "proctored_exam_id": exam_id} for user_id, exam_id in self._first[part]]

    @cached_property
    def _first(self) -> list[tuple[int, int]]:
        """What is remembered; what has begun since is newer than all of it."""
        hits, since = self._found
        return list(dict.fromkeys([*since, *hits.first]))

    @cached_property
    def _found(self) -> tuple[Hits, list[tuple[int, int]]]:
        """What was found, within the last minute or now; and the pairs that have begun since."""
        key = _key(self.course_id, self.search_by)
        hits: Hits | None = cache.get(key)
        if hits is not None:
            begun = Attempt.objects.filter(proctored_exam__course_id=self.course_id, created__gte=hits.at - MARGIN)
            return hits, _named(listings.pairs_of(begun.filter(user__in=self._people)))
        at, first = timezone.now(), _named(self._matching[: self.kept + 1])
        pairs = self._matching.count() if len(first) > self.kept else len(first)
        hits = Hits(pairs, first[: self.kept], at)
        cache.set(key, hits, REMEMBERED_SECONDS)
        return hits, []

    @property
    def _matching(self) -> Pairs:
        """The database chooses: the course's learners by their names, or the people of that name by their attempts."""
        # With the exams' numbers in it; else people are looked through once for each exam.
        attempts = Attempt.objects.filter(proctored_exam_id__in=self._exam_ids, user__in=self._people)
        return listings.pairs_of(attempts)

    @property
    def _people(self) -> "QuerySet[Any]":
        called_so = Q(username__icontains=self.search_by) | Q(email__icontains=self.search_by)
        return get_user_model()._base_manager.filter(called_so)

    @cached_property
    def _exam_ids(self) -> list[int]:
        return _exam_ids(self.course_id)


@lru_cache(maxsize=256)
def _newest(exams: int, limit: int, *, goes_on: bool) -> Prepared[tuple[Any, ...]]:
    """Asks for the first ``limit`` pairs at so many exams: in all, or behind a place (its instant and its number)."""

    def asked(*values: Any) -> Pairs:
        ids = values[-exams:]
        rows = course_attempts.latest_at(ids)
        if goes_on:
            rows = rows.filter(course_attempts.beyond(Place(*values[:2]), descending=True))
        wanted = rows.values_list("user_id", "proctored_exam_id", "created", "id")
        return course_attempts.merged(wanted, ids, NEWEST_FIRST, limit)

    return Prepared(asked, *((datetime, int) if goes_on else ()), *[int] * exams)


def _exam_ids(course_id: str) -> list[int]:
    return IDS_OF_COURSE(course_id)


def _named(pairs: Pairs) -> list[tuple[int, int]]:
    return list(pairs.values_list("user_id", "proctored_exam_id"))


def _key(*asked: str) -> str:
    return f"proctoring.course_pairs.{hashlib.sha256(repr(asked).encode()).hexdigest()}"
