"""The error family both apps build on: a stable code, an HTTP status, fields, and a sentence for people."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.functional import Promise


class DomainError(Exception):
    """
    A request that the domain refuses, said in words a caller may read.

    ``code`` is stable and meant for programs; ``detail`` is meant for people and may be translated; ``fields`` are
    values that belong to the refusal and are safe to show to whoever made the request.
    """

    code: ClassVar[str] = "error"
    http_status: int = 400
    default_message: ClassVar[str | Promise] = "The request could not be carried out."

    def __init__(self, message: str | Promise | None = None, *, http_status: int | None = None, **fields: Any) -> None:
        self.message = message if message is not None else self.default_message
        self.fields: Mapping[str, Any] = fields
        if http_status is not None:
            self.http_status = http_status
        super().__init__(self.message)

    @property
    def response_status(self) -> int:
        """The HTTP status to answer with; a family may differ from the status it carries."""
        return self.http_status

    @property
    def detail(self) -> str:
        """The sentence to show, in the active language."""
        return str(self.message)

    def __str__(self) -> str:
        return self.detail
