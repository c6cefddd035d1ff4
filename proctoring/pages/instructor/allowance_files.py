"""Allowances from a file, looked at before anything is granted; and the course's allowances as such a file."""

from collections import Counter
from collections.abc import Iterable
from io import StringIO
from itertools import chain
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proctoring.common.tables import written
from proctoring.pages.base import CoursePage
from proctoring.pages.instructor.allowances import list_url
from proctoring.services.allowances import importing
from proctoring.services.allowances.files import COLUMNS, rows_of
from proctoring.services.allowances.importing import LineOutcome, Result
from proctoring.services.allowances.refusals import AllowanceFileRefused

LARGEST_FILE = 500_000
MOST_LINES = 5000
MOST_SHOWN = 200
RESULTS = {
    Result.CREATED: gettext_lazy("new"),
    Result.CHANGED: gettext_lazy("changed"),
    Result.UNCHANGED: gettext_lazy("as it is already"),
    Result.REFUSED: gettext_lazy("refused"),
    Result.FAILED: gettext_lazy("failed"),
}


class FileForm(forms.Form):
    """The file; on the second time its text, as it came back from the preview."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )
    text = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """``lines``: those of the file."""
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if file is not None and file.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is too large. Import it in parts, or ask an operator."))
        text = file.read().decode("utf-8", "surrogateescape") if file is not None else cleaned.get("text", "")
        if not text:
            raise forms.ValidationError(_("Choose a file that is not empty."))
        lines = StringIO(text, newline="").readlines()
        if len(lines) > MOST_LINES + 1:
            raise forms.ValidationError(_("The file has too many lines. Import it in parts, or ask an operator."))
        return cleaned | {"lines": lines}


class ImportPage(CoursePage):
    """First what would come of each line, then the deed."""

    tab = "allowances"
    template_name = "proctoring/instructor/allowance_import.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or FileForm()
        return super().get_context_data(
            form=form, columns=COLUMNS, list_url=list_url(self.course_id), most=MOST_LINES, **kwargs
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show what would come of the file; do it where that has been seen."""
        form = FileForm(request.POST, request.FILES)
        if form.is_valid():
            lines = form.cleaned_data["lines"]
            try:
                if "apply" in request.POST:
                    return self._applied(lines)
                return self._previewed(lines)
            except AllowanceFileRefused as refusal:
                form.add_error(None, refusal.detail)
        return self.render_to_response(self.get_context_data(form=form), status=400)

    def _previewed(self, lines: list[str]) -> HttpResponse:
        outcomes = list(importing.preview(lines, self.course_id))
        text = "".join(lines)
        # What is no text cannot be sent back in a form; such lines are refused, and told.
        sendable = text.encode("utf-8", "replace").decode()
        return self.render_to_response(
            self.get_context_data(
                outcomes=_worth_showing(outcomes),
                counts=_counted(outcomes),
                has_work=any(one.result in (Result.CREATED, Result.CHANGED) for one in outcomes),
                text=sendable,
            )
        )

    def _applied(self, lines: list[str]) -> HttpResponse:
        outcomes = list(importing.apply(lines, self.course_id))
        told = ", ".join(f"{number} {words}" for words, number in _counted(outcomes))
        if any(one.result is Result.FAILED for one in outcomes):
            messages.error(self.request, _("Some lines failed; the others are done: {counts}.").format(counts=told))
        else:
            messages.success(self.request, _("The file is imported: {counts}.").format(counts=told))
        return HttpResponseRedirect(list_url(self.course_id))


class ExportPage(CoursePage):
    """The course's allowances as a file that can be imported."""

    tab = "allowances"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The file, sent while it is read."""
        headers = {"Content-Disposition": 'attachment; filename="allowances.csv"'}
        rows = written(chain([COLUMNS], rows_of(self.course_id)))
        return StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8", headers=headers)


def _counted(outcomes: Iterable[LineOutcome]) -> list[tuple[Any, int]]:
    numbers = Counter(one.result for one in outcomes)
    return [(words, numbers[result]) for result, words in RESULTS.items() if numbers[result]]


def _worth_showing(outcomes: Iterable[LineOutcome]) -> list[tuple[LineOutcome, Any]]:
    """Refusals first; not more lines than anybody reads."""
    ordered = sorted(outcomes, key=lambda one: (one.error is None, one.line))
    return [(one, RESULTS[one.result]) for one in ordered[:MOST_SHOWN]]
