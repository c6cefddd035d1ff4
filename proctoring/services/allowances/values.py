"""Values of allowances: what callers may send, and what is stored for it (contract python.md §1.6, §4.4)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from proctoring.conf import TIME_MULTIPLIER
from proctoring.exceptions import AllowanceValueNotAllowedException
from proctoring.models import ProctoredExam, ProctoredExamStudentAllowance
from proctoring.services.references import is_storable

ADDITIONAL_TIME = ProctoredExamStudentAllowance.ADDITIONAL_TIME_GRANTED[0]
# Their values are numbers.
KINDS_OF_TIME = frozenset({ADDITIONAL_TIME, TIME_MULTIPLIER})
MAX_LENGTH = 255
LARGEST = 10**MAX_LENGTH
# What the column of the multiplier holds.
MAX_MULTIPLIER = Decimal("999.999")
# A little less than half of its last digit.
HALF_OF_WHAT_IS_KEPT = Decimal("0.00049999")

# A value and its multiplier, as they are stored.
Content = tuple[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What to store under ``key``: the same ``value`` for every exam, or else ``factor`` times the exam's own time."""

    key: str
    value: str = ""
    factor: float | None = None

    def value_for(self, exam: ProctoredExam) -> str:
        """The text to store for ``exam``."""
        return self.value if self.factor is None else minutes_on_top(exam, self.factor)

    def content_for(self, exam: ProctoredExam) -> Content:
        """What to store for ``exam``: the text, and the multiple that it was made from, if it was."""
        return self.value_for(exam), self.multiplier

    @property
    def multiplier(self) -> Decimal | None:
        """The factor as it is stored, to a thousandth."""
        return None if self.factor is None else Decimal(self.factor).quantize(Decimal("0.001"))


def minutes_on_top(exam: ProctoredExam, factor: float | Decimal) -> str:
    """Whole minutes, ties to even, that make the exam's time ``factor`` times as long."""
    return str(max(round(exam.time_limit_mins * (float(factor) - 1)), 0))


def multiple_of(exam: ProctoredExam, value: str, multiplier: Decimal) -> str:
    """
    What to grant to have ``value`` minutes, stored as ``multiplier``, of the exam again.

    Of what was granted only thousandths are kept, and those may be a minute off.
    """
    if minutes_on_top(exam, multiplier) == value or exam.time_limit_mins <= 0:
        return f"{multiplier.normalize():f}"
    exactly = 1 + Decimal(value) / exam.time_limit_mins
    return f"{min(max(exactly, multiplier - HALF_OF_WHAT_IS_KEPT), multiplier + HALF_OF_WHAT_IS_KEPT):.8f}"


def wish(key: Any, value: Any) -> Wish:
    """
    One value under one key; a key that is a pair of stored key and label counts as its first part.

    Raises ``AllowanceValueNotAllowedException``.
    """
    stored_key = _text(key[0] if isinstance(key, tuple) and key else key)
    if not stored_key or not ProctoredExamStudentAllowance.is_allowance_value_valid(stored_key, value):
        raise AllowanceValueNotAllowedException
    return Wish(stored_key, _text(value))


def wish_for_many(kind: Any, value: Any) -> Wish:
    """As :func:`wish`, where ``time_multiplier`` is additional time as a multiple of each exam's own."""
    if kind == TIME_MULTIPLIER:
        return Wish(ADDITIONAL_TIME, factor=_factor(value))
    return wish(kind, value)


def _text(value: Any) -> str:
    """A text, or a number as one. Raises ``AllowanceValueNotAllowedException`` for anything no column holds."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise AllowanceValueNotAllowedException
    # Neither nan nor inf, nor numbers longer than Python writes out.
    if not isinstance(value, str) and not abs(value) < LARGEST:
        raise AllowanceValueNotAllowedException
    text = str(value)
    if len(text) > MAX_LENGTH or not is_storable(text):
        raise AllowanceValueNotAllowedException
    return text


def _factor(value: Any) -> float:
    text = _text(value)
    # float() takes the digits of other scripts, and underscores between digits.
    if not text.isascii() or "_" in text:
        raise AllowanceValueNotAllowedException
    try:
        factor = float(text)
    except ValueError:
        raise AllowanceValueNotAllowedException from None
    if not 1 <= factor <= MAX_MULTIPLIER:
        raise AllowanceValueNotAllowedException
    return factor
