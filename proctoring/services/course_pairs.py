"""
A course's attempts in numbered pages: one row for each learner and exam, the latest attempt first.

Numbers have to be counted. In a small course that is done for each page. In a large one the list is walked through once
a minute, and every so many rows a place is remembered from which a page is then read, as fast as the first one. Until
the next walk, the last pages may be some rows off; what is on a page is always read anew.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.cache import cache
from django.db.models import F, Window
from django.db.models.functions import Mod, RowNumber

from proctoring.models import ProctoredExam
from proctoring.services import course_attempts, listings
from proctoring.services.course_attempts import Place

LARGE, STEP = 2_000, 250
REMEMBERED_SECONDS = 60
NEWEST_FIRST = ("-created", "-id")

Pair = dict[str, Any]


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
        rows = course_attempts.latest_at(self._exam_ids)
        place = Place.read(walk.places[steps - 1]) if steps else None
        if place is not None:
            rows = rows.filter(course_attempts.beyond(place, descending=True))
        wanted = rows.values("created", "id", "user_id", "proctored_exam_id")
        found = course_attempts.merged(wanted, self._exam_ids, NEWEST_FIRST, skipped + (part.stop or 0) - start)
        return list(found)[skipped:]

    @cached_property
    def _exam_ids(self) -> list[int]:
        return list(ProctoredExam.objects.filter(course_id=self.course_id).order_by("pk").values_list("pk", flat=True))

    @cached_property
    def _walk(self) -> Walk:
        key = f"proctoring.course_pairs.{hashlib.sha256(self.course_id.encode()).hexdigest()}"
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
