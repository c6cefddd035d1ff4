"""
Lists that can be had as a comma-separated file, and filled from one that was looked at first (django-import-export).

A service reads the file's lines and says what comes of each; formats, dialogue and buttons are the library's. A host
that does not install ``import_export`` has the list without the two buttons.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import chain
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.admin import ImportExportModelAdmin
from import_export.fields import Field
from import_export.formats.base_formats import CSV
from import_export.forms import ImportForm
from import_export.resources import Resource
from import_export.results import Error, Result, RowResult
from import_export.tmp_storages import CacheStorage

from proctoring.common.errors import DomainError
from proctoring.common.tables import written

# More than that is for a command, which tells how far it is.
LARGEST_FILE = 500_000
MOST_LINES = 5000
KEPT_SECONDS = 3600
# Of a file that lies in the cache, as the library makes it.
NAME = re.compile(r"[0-9a-f]{32}")

NEW = RowResult.IMPORT_TYPE_NEW
CHANGED = RowResult.IMPORT_TYPE_UPDATE
UNCHANGED = RowResult.IMPORT_TYPE_SKIP
REFUSED = RowResult.IMPORT_TYPE_INVALID


@dataclass(frozen=True, slots=True)
class Line:
    """
    What comes of the line that begins at ``number``, counted from 1: ``outcome`` is one of ``NEW``, ``CHANGED``,
    ``UNCHANGED`` and ``REFUSED``, ``cells`` what it says in the order of the columns, ``why`` why it is refused.
    """

    number: int
    outcome: str
    cells: Sequence[str] = ()
    why: str = ""


class CsvResource(Resource):  # type: ignore[misc]
    """What a file's lines mean, in ``columns``; an app says how they are looked at, done and written."""

    columns: tuple[str, ...] = ()

    def preview(self, lines: list[str], user: Any) -> Iterable[Line]:
        """What would come of each line, with nothing changed. Raises ``DomainError`` for a file that is none."""
        raise NotImplementedError

    def apply(self, lines: list[str], user: Any) -> Iterable[Line]:
        """Do what the lines say, in transactions of its own; what came of each. Raises ``DomainError``."""
        raise NotImplementedError

    def rows(self, queryset: "QuerySet[Any]") -> Iterator[Sequence[str]]:
        """Rows of the list as cells in the order of the columns, as they can be imported."""
        raise NotImplementedError

    @classmethod
    def get_display_name(cls) -> str:
        return cls.__name__

    def get_user_visible_fields(self) -> list[Field]:
        return [Field(column_name=column) for column in self.columns]

    def import_data(self, dataset: list[str], dry_run: bool = False, user: Any = None, **kwargs: Any) -> Result:
        """``dataset`` are the file's lines; empty where they are not kept any more."""
        result = Result()
        result.diff_headers = list(self.columns)
        try:
            if not dataset:
                raise DomainError(_("The file is not here any more. Choose it again."))
            for line in (self.preview if dry_run else self.apply)(dataset, user):
                _add(result, line, self.columns)
        except DomainError as refusal:
            result.append_base_error(_Refusal(refusal.detail))
        return result


class _Refusal(Error):  # type: ignore[misc]
    """A sentence for people, behind which there is no traceback."""

    traceback = ""


def _add(result: Result, line: Line, columns: Sequence[str]) -> None:
    row = RowResult()
    row.import_type, row.diff = line.outcome, list(line.cells)
    result.append_row_result(row)
    result.increment_row_result_total(row)
    result.total_rows += 1
    if line.outcome == REFUSED:
        said = dict(zip(columns, line.cells, strict=False))
        result.append_invalid_row(line.number, said, ValidationError(line.why))


class CsvLines(CSV):  # type: ignore[misc]
    """The file's lines as they are; the services read them."""

    def create_dataset(self, in_stream: bytes | str | None, **kwargs: Any) -> list[str]:
        text = in_stream.decode("utf-8", "replace") if isinstance(in_stream, bytes) else in_stream or ""
        return StringIO(text, newline="").readlines()


class SharedCache(CacheStorage):  # type: ignore[misc]
    """Between the look and the deed a file lies where every web server finds it, and not for long."""

    CACHE_LIFETIME = KEPT_SECONDS

    def read(self) -> str:
        # The name comes back in a form, and caches do not take every text as a key.
        return super().read() if NAME.fullmatch(self.name or "") else ""

    def remove(self) -> None:
        if NAME.fullmatch(self.name or ""):
            super().remove()


class CsvForm(ImportForm):  # type: ignore[misc]
    """The file. ``beyond`` is a sentence on what to do with a larger one."""

    def __init__(self, *args: Any, beyond: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.beyond = beyond
        field = self.fields["import_file"]
        field.widget.attrs["accept"] = ".csv,text/csv"
        field.help_text = f"{_('At most %(number)s lines.') % {'number': MOST_LINES}} {beyond}"

    def clean_import_file(self) -> Any:
        file = self.cleaned_data["import_file"]
        # Records may take several lines; there are never more of them.
        if file.size > LARGEST_FILE or sum(chunk.count(b"\n") for chunk in file.chunks()) > MOST_LINES + 1:
            raise ValidationError(f"{_('The file is too large.')} {self.beyond}")
        file.seek(0)
        try:
            file.read().decode()
        except UnicodeDecodeError:
            raise ValidationError(_("Save the file as UTF-8, then choose it again.")) from None
        finally:
            file.seek(0)
        return file


class CsvAdmin(ImportExportModelAdmin):  # type: ignore[misc]
    """
    A list with a button for its file and one for filling it from such a file.

    Who may add and change may import, who may view may export. ``resource_classes`` names one ``CsvResource``.
    """

    beyond: Any = gettext_lazy("Import it in parts.")
    import_form_class = CsvForm
    tmp_storage_class = SharedCache

    def init_change_list_template(self) -> None:
        if apps.is_installed("import_export"):
            super().init_change_list_template()
        else:
            self.ie_base_change_list_template = None

    def has_import_permission(self, request: HttpRequest) -> bool:
        may = self.has_add_permission(request) and self.has_change_permission(request)
        return may and apps.is_installed("import_export")

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) and apps.is_installed("import_export")

    def get_import_formats(self) -> list[type[CSV]]:
        return [CsvLines]

    get_export_formats = get_import_formats

    def is_skip_import_confirm_enabled(self) -> bool:
        """Nothing is done unseen, whatever the host does elsewhere."""
        return False

    def get_import_form_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().get_import_form_kwargs(request), "beyond": str(self.beyond)}

    def export_action(self, request: HttpRequest) -> HttpResponseBase:
        """The list as it is filtered, sent while it is read."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        [resource] = self.get_export_resource_classes(request)
        try:
            chosen = self.get_export_queryset(request)
        except IncorrectLookupParameters:
            # The list itself sends people back to all of its rows; a file of them is not what was asked for.
            raise BadRequest("The list cannot be filtered in this way.") from None
        rows = resource().rows(chosen)
        name = self.get_export_filename(request, None, CsvLines())
        return StreamingHttpResponse(
            written(chain([resource.columns], rows)),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def generate_log_entries(self, result: Result, request: HttpRequest) -> None:
        """One line about the file."""
        if self.get_skip_admin_log() or result.has_errors():
            return
        counts = ", ".join(f"{kind}: {number}" for kind, number in result.totals.items() if number)
        LogEntry.objects.create(
            user_id=request.user.pk,  # type: ignore[misc]
            content_type_id=ContentType.objects.get_for_model(self.model).pk,
            object_repr=str(self.opts.verbose_name_plural),
            action_flag=CHANGE,
            change_message=f"CSV: {counts}",
        )

    def add_success_message(self, result: Result, request: HttpRequest) -> None:
        """Between the look and the deed a line may have become wrong: it is told with its number."""
        for error in result.base_errors:
            self.message_user(request, error.error, messages.ERROR)
        for row in result.invalid_rows[:20]:
            text = _("Line %(number)s: %(why)s") % {"number": row.number, "why": " ".join(row.error.messages)}
            self.message_user(request, text, messages.ERROR)
        if not result.has_errors():
            super().add_success_message(result, request)
