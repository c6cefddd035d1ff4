"""What callers call an exam or a learner by, and what that refers to (contract python.md §4.4)."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q

from proctoring.models import ProctoredExam

# Beyond it, databases and their drivers fail in ways of their own.
MAX_ID = 2**63 - 1
# NUL, and halves of characters, which JSON can name.
IN_NO_COLUMN = re.compile("[\0\ud800-\udfff]")


def key_of(reference: object) -> int:
    """A primary key from a whole number or its text in ASCII digits; for anything else 0, which nothing has."""
    if isinstance(reference, str) and reference.isascii() and reference.isdecimal() and len(reference) < 20:
        reference = int(reference)
    if isinstance(reference, bool) or not isinstance(reference, int):
        return 0
    return reference if 0 < reference <= MAX_ID else 0


def is_storable(text: str) -> bool:
    """Whether databases take the text, to store it or to look for it."""
    return IN_NO_COLUMN.search(text) is None


def distinct(references: Iterable[Any]) -> list[Any]:
    """The references without repetitions, in their order; whatever callers pass in."""
    return list({(type(reference), str(reference)): reference for reference in references}.values())


def exams_by_id(references: Iterable[Any]) -> Mapping[int, ProctoredExam]:
    """The exams that exist, by primary key; one query."""
    return ProctoredExam.objects.in_bulk({key_of(reference) for reference in references})


def learners(references: Iterable[Any]) -> Callable[[Any], int | None]:
    """
    A function from reference to primary key, None for nobody: a whole number is a primary key, a text a username or
    else an e-mail address. Digits in a text are a username; of several learners with one address the first counts.

    One query, made at once. Upper and lower case are the same where they are to the database.
    """
    wanted = list(references)
    keys = {key_of(reference) for reference in wanted if isinstance(reference, int)}
    texts = {reference for reference in wanted if isinstance(reference, str) and reference and is_storable(reference)}
    users = get_user_model()
    name, email = users.USERNAME_FIELD, users.get_email_field_name()
    called_so = Q(pk__in=keys) | Q(**{f"{name}__in": texts}) | Q(**{f"{email}__in": texts})
    # Downwards, so that the first of several learners is written last.
    rows = list(users._default_manager.filter(called_so).order_by("-pk").values_list("pk", name, email))
    found = {key for key, _, _ in rows}
    names = {username: key for key, username, _ in rows}
    emails = {address: key for key, _, address in rows if address}
    books = [names, _folded(names), emails, _folded(emails)]

    def learner(reference: Any) -> int | None:
        if isinstance(reference, str):
            spellings = [reference, reference.casefold()] * 2
            return next((book[text] for book, text in zip(books, spellings, strict=True) if text in book), None)
        key = key_of(reference) if isinstance(reference, int) else 0
        return key if key in found else None

    return learner


def _folded(book: Mapping[str, int]) -> dict[str, int]:
    return {text.casefold(): key for text, key in book.items()}
