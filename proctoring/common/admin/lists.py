"""Lists over a million rows: no full count, a search that an index answers, and periods without a scan."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import connections, router
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.formats import number_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from proctoring.common.admin.counting import EstimatedPaginator
from proctoring.common.admin.periods import PeriodChangeList
from proctoring.common.admin.reading import GuardedAdmin, is_row_id

# So many people are taken for what begins a user name.
MAX_PEOPLE = 500


class LongListAdmin(GuardedAdmin):
    """
    A list that opens as fast over a million rows as over ten.

    ``search_person`` names the relation to the learner, who is found by the beginning of the user name;
    ``search_exact`` are indexed columns that have to be the very text. Numbers are also ids.
    """

    paginator = EstimatedPaginator
    show_full_result_count = False
    list_per_page = 50
    # "Show counts" would count the table once for each choice of each filter.
    show_facets = admin.ShowFacets.NEVER
    search_person = ""
    search_exact: tuple[str, ...] = ()

    @property
    def search_help_text(self) -> str:  # type: ignore[override]
        """What can be searched for; a list of this kind finds no middle of a word."""
        wholes = [*(str(self.called(name)) for name in self.search_exact), _("row number")]
        said = _("The whole of: %(names)s.") % {"names": get_text_list(wholes, _("or"))}
        return _("The beginning of a user name.") + " " + said if self.search_person else said

    def called(self, name: str) -> Any:
        """What people call the column."""
        return get_fields_from_path(self.model, name)[-1].verbose_name

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PeriodChangeList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response: HttpResponse = super().changelist_view(request, extra_context)
        context = response.context_data if isinstance(response, TemplateResponse) else None
        if context and "cl" in context and context["cl"].paginator.is_estimate:
            number = number_format(context["cl"].paginator.count)
            context["subtitle"] = _("About %(number)s rows: so many are not counted.") % {"number": number}
        return response

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """What makes the admin show its search box."""
        return (*((self.search_person,) if self.search_person else ()), *self.search_exact)

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> tuple["QuerySet[Any]", bool]:
        term = search_term.replace("\0", "").strip()
        if not term:
            return queryset, False
        found = Q(pk__in=[])
        for name in self.search_exact:
            found |= _exactly(self.model, name, term)
        if self.search_person:
            found |= Q((f"{self.search_person}__in", _people(term)))
        if is_row_id(term):
            found |= Q(pk=int(term))
        return queryset.filter(found), False


def _exactly(model: type[Model], name: str, term: str) -> Q:
    """The column has this value; nothing is found by what cannot be one, such as a word for a key."""
    try:
        value = get_fields_from_path(model, name)[-1].to_python(term)
    except (ValidationError, ValueError, OverflowError):
        return Q(pk__in=[])
    return Q((name, value))


def _people(beginning: str) -> list[Any]:
    """Ids, asked for beforehand: a database that may use an index for each half of an "or" does so."""
    people: type[Model] = get_user_model()
    name = people.USERNAME_FIELD  # type: ignore[attr-defined]
    # MySQL has no index for comparing letters byte by byte.
    begins = "istartswith" if connections[router.db_for_read(people)].vendor == "mysql" else "startswith"
    rows = people._default_manager
    found = list(rows.filter(**{f"{name}__{begins}": beginning}).values_list("pk", flat=True)[:MAX_PEOPLE])
    if len(found) == MAX_PEOPLE:
        # Whoever is called just that is not lost among those whose names only begin so.
        found.extend(rows.filter(**{name: beginning}).values_list("pk", flat=True))
    return found
