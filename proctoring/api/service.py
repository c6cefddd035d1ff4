"""What the LMS gives its course components as the service ``proctoring`` (contract python.md §4.13)."""

from collections.abc import Callable
from inspect import isfunction
from typing import Any, Self

from proctoring import api


class ProctoringService:
    """
    Every function that ``proctoring.api`` publishes, as an attribute of one object a process.

    Published is what ``proctoring.api.__all__`` lists: what a module happens to import is no service. Names that the
    object has already are never replaced.
    """

    _only: Self | None = None

    def __new__(cls) -> Self:
        if cls._only is None:
            cls._only = super().__new__(cls)
            cls._only._take_over(api.__all__)
        return cls._only

    def _take_over(self, names: list[str]) -> None:
        for name in names:
            function = getattr(api, name)
            if isfunction(function) and not hasattr(self, name):
                setattr(self, name, function)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        # Only asked for what is not there; it tells type checkers that what is there can be called.
        raise AttributeError(f"{type(self).__name__} has no function {name!r}.")
