"""What the story prints, and how it fails."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TextIO


class StepFailed(Exception):
    """A step did not go as expected; ``expected`` and ``seen`` are in words."""

    def __init__(self, expected: str, seen: object) -> None:
        super().__init__(f"expected {expected}; saw {seen}")
        self.expected = expected
        self.seen = seen


@dataclass(frozen=True)
class HttpCall:
    """One HTTP call as it is printed; ``status`` is None without an answer, ``remark`` goes behind the line."""

    who: str
    method: str
    path: str
    status: int | None
    milliseconds: int
    remark: str = ""

    def is_like(self, other: "HttpCall | None") -> bool:
        """Whether both lines would say the same but for the time."""
        return other is not None and (self.who, self.method, self.path, self.status, self.remark) == (
            other.who,
            other.method,
            other.path,
            other.status,
            other.remark,
        )


class Report:
    """
    Prints steps and calls. Calls that repeat one another, as when waiting, become one line with a count.

    ``out`` is standard output where it is None.
    """

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out
        self._last: HttpCall | None = None
        self._times = 0
        self.number = 0
        self.sentence = ""

    def step(self, sentence: str) -> None:
        """Begin the next step."""
        self._flush()
        self.number += 1
        self.sentence = sentence
        self._print(f"\n{self.number:>3}. {sentence}")

    def call(self, call: HttpCall) -> None:
        """An HTTP call of the step."""
        if not call.is_like(self._last):
            self._flush()
            self._times = 0
        self._last = call
        self._times += 1

    def vendor_calls(self, entries: Iterable[Mapping[str, Any]]) -> None:
        """Calls between the exam app and the vendor, from the vendor's journal."""
        for entry in entries:
            self.call(call_of(entry))

    def say(self, text: str) -> None:
        """A result or a remark."""
        self._flush()
        self._print(f"       {text}")

    def failed(self, failure: StepFailed) -> None:
        """The step that has begun failed."""
        self._flush()
        self._print(f"\nFAILED in step {self.number}: {self.sentence}")
        self._print(f"  expected: {failure.expected}")
        self._print(f"  seen:     {failure.seen}")

    def end(self, text: str) -> None:
        """The last line."""
        self._flush()
        self._print(f"\n{text}")

    def _flush(self) -> None:
        if self._last is not None:
            self._print(f"       {line_of(self._last, self._times)}")
        self._last = None

    def _print(self, text: str) -> None:
        print(text, file=self._out, flush=True)


def line_of(call: HttpCall, times: int = 1) -> str:
    """The printed line of a call made ``times`` times in a row."""
    answer = str(call.status) if call.status is not None else "no answer"
    repeated = f"  ({times} times)" if times > 1 else ""
    remark = f"  [{call.remark}]" if call.remark else ""
    return f"{call.who} → {call.method} {call.path}  {answer}  {call.milliseconds} ms{repeated}{remark}"


def call_of(entry: Mapping[str, Any]) -> HttpCall:
    """The printed form of a line of the vendor's journal."""
    who = "vendor" if entry["direction"] == "out" else "exam app"
    remarks = [entry["operation"]]
    if entry["duplicate"]:
        remarks.append("same again")
    if entry["answer_lost"]:
        remarks.append("answer lost")
    if entry.get("fault"):
        remarks.append(f"fault: {entry['fault']}")
    return HttpCall(
        who, entry["method"], entry["path"], entry["status"], entry["milliseconds"], ", ".join(filter(None, remarks))
    )
