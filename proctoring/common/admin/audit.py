"""The audit log, for reading."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from proctoring.common.admin.filters import ChoiceFilter
from proctoring.common.admin.lists import LongListAdmin
from proctoring.common.admin.reading import ReadOnlyAdmin
from proctoring.common.audit import AbstractAuditEntry


class EventFilter(ChoiceFilter):
    """What happened."""

    title = _("event")
    parameter_name = "event"

    def choices_of(self, model_admin: "AuditEntriesAdmin") -> Iterable[str]:
        return model_admin.events


class AuditEntriesAdmin(LongListAdmin, ReadOnlyAdmin):
    """Decisions and looks at evidence: by event, by kind of actor, by day; by the number of who or of what."""

    # Every event that the app records, in the order in which people look for them.
    events: tuple[str, ...] = ()

    list_display = ("id", "at", "event", "subject", "actor", "facts", "is_sealed")
    list_filter = (EventFilter, "actor_kind")
    search_exact = ("subject_id", "actor_id")
    date_hierarchy = "at"
    ordering = ("-id",)
    fields = (
        "at",
        "event",
        "subject_kind",
        "subject_id",
        "actor_kind",
        "actor_id",
        "facts",
        "sequence",
        "previous",
        "seal",
        "key_id",
    )

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> tuple["QuerySet[Any]", bool]:
        """A kind and a number find what is about one row; a number, what is about any row, or by anybody."""
        kind, _space, number = search_term.replace("\0", "").strip().partition(" ")
        if number:
            return queryset.filter(subject_kind=kind, subject_id=number.strip()), False
        return super().get_search_results(request, queryset, search_term)

    @property
    def search_help_text(self) -> str:  # type: ignore[override]
        return str(
            _("A kind and a number, such as “proctoredexamstudentattempt 12”; or a number, of anything or anybody.")
        )

    @admin.display(description=_("about"))
    def subject(self, entry: AbstractAuditEntry) -> str:
        return f"{entry.subject_kind} {entry.subject_id}"

    @admin.display(description=_("who"))
    def actor(self, entry: AbstractAuditEntry) -> str:
        """A number: the account may be gone, and its name is nobody's business here."""
        words = str(entry.get_actor_kind_display())
        return f"{words} {entry.actor_id}" if entry.actor_id is not None else words

    @admin.display(description=_("sealed"), boolean=True)
    def is_sealed(self, entry: AbstractAuditEntry) -> bool:
        return entry.sequence is not None
