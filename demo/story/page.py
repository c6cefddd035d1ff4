"""Reading HTML pages as a browser's user does: forms, links, marked elements."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

Attributes = dict[str, str]
UNSENT_TYPES = frozenset({"submit", "button", "image", "reset", "file"})
TICKED_TYPES = frozenset({"checkbox", "radio"})


@dataclass
class Form:
    """A form as it would be sent untouched, without its buttons."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, **values: str) -> list[tuple[str, str]]:
        """The fields to send, with ``values`` in place of what the form has; a name the form lacks is added."""
        kept = [(name, value) for name, value in self.fields if name not in values]
        return [*kept, *values.items()]

    def has(self, *names: str) -> bool:
        """Whether the form has all these fields."""
        return set(names) <= {name for name, _ in self.fields}


class Page(HTMLParser):
    """
    The page ``text`` at ``path``: ``forms`` in order; ``links`` are the addresses of anchors; ``marked`` the
    attributes of all elements with a ``data-`` attribute.
    """

    def __init__(self, text: str, path: str = "/") -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.path = text, path
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.marked: list[Attributes] = []
        self._select: str | None = None
        self._first_option: str | None = None
        self._textarea: str | None = None
        self._text = ""
        self._open_form: Form | None = None
        self.feed(text)
        self.close()

    def form_with(self, *names: str) -> Form | None:
        """The first form that has all these fields."""
        return next((form for form in self.forms if form.has(*names)), None)

    def marks(self, name: str, **others: str) -> Attributes | None:
        """The first element that has the attribute ``name`` and the others with these values (``_`` for ``-``)."""
        wanted = {key.replace("_", "-"): value for key, value in others.items()}
        return next((found for found in self.marked if name in found and wanted.items() <= found.items()), None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if any(name.startswith("data-") for name in given):
            self.marked.append(given)
        start = getattr(self, f"_start_{tag}", None)
        if start:
            start(given)

    def handle_endtag(self, tag: str) -> None:
        end = getattr(self, f"_end_{tag}", None)
        if end:
            end()

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self._text += data

    def _start_a(self, given: Attributes) -> None:
        if given.get("href"):
            self.links.append(given["href"])

    def _start_form(self, given: Attributes) -> None:
        self._open_form = Form(given.get("action", ""), given.get("method", "get").lower())
        self.forms.append(self._open_form)

    def _end_form(self) -> None:
        self._open_form = None

    def _start_input(self, given: Attributes) -> None:
        kind = given.get("type", "text").lower()
        if kind in UNSENT_TYPES or (kind in TICKED_TYPES and "checked" not in given):
            return
        self._add(given.get("name", ""), given.get("value", "on" if kind in TICKED_TYPES else ""))

    def _start_select(self, given: Attributes) -> None:
        self._select, self._first_option = given.get("name", ""), None

    def _start_option(self, given: Attributes) -> None:
        if self._select is None:
            return
        if self._first_option is None:
            self._first_option = given.get("value", "")
        if "selected" in given:
            self._add(self._select, given.get("value", ""))
            self._select = None

    def _end_select(self) -> None:
        if self._select and self._first_option is not None:
            self._add(self._select, self._first_option)
        self._select = None

    def _start_textarea(self, given: Attributes) -> None:
        self._textarea, self._text = given.get("name", ""), ""

    def _end_textarea(self) -> None:
        if self._textarea:
            # The line break that HTML allows behind the tag is not part of the text.
            self._add(self._textarea, self._text.removeprefix("\r\n").removeprefix("\n"))
        self._textarea = None

    def _add(self, name: str, value: str) -> None:
        if name and self._open_form is not None:
            self._open_form.fields.append((name, value))
