"""
Contacts: when another machine last did what it was asked to, and when and how it last did not.

A row for each machine, not for each call: what is known already is written again now and then only.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

NOW_AND_THEN = timedelta(seconds=30)


class AbstractContact(models.Model):
    """
    The machine ``name``, such as a vendor's backend or the mail server. ``failing_since`` is null while it works;
    ``error_code`` is the kind of its last failure.
    """

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(_("name"), max_length=64, unique=True)
    succeeded_at = models.DateTimeField(_("last success"), null=True, blank=True)
    failed_at = models.DateTimeField(_("last failure"), null=True, blank=True)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    error_code = models.CharField(_("last error"), max_length=128, blank=True, default="")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


def note_success(model: type[AbstractContact], name: str) -> None:
    """The machine did what it was asked to."""
    now = timezone.now()
    news = _long_ago("succeeded_at", now) | Q(failing_since__isnull=False)
    _note(model, name, news, succeeded_at=now, failing_since=None)


def note_failure(model: type[AbstractContact], name: str, error_code: str) -> None:
    """The machine did not answer, or not as it should."""
    now, code = timezone.now(), error_code[:128]
    news = _long_ago("failed_at", now) | Q(failing_since__isnull=True) | ~Q(error_code=code)
    _note(model, name, news, failed_at=now, failing_since=Coalesce(F("failing_since"), Value(now)), error_code=code)


def _long_ago(field: str, now: datetime) -> Q:
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__lt": now - NOW_AND_THEN})


def _note(model: type[AbstractContact], name: str, news: Q, **values: Any) -> None:
    known = model._default_manager.filter(name=name)
    is_news = known.values_list(Case(When(news, then=True), default=False), flat=True).first()
    if is_news is not None:
        # Told by somebody else meanwhile, it is no news any more.
        if is_news:
            known.filter(news).update(**values)
        return
    # Another worker may be as early.
    with suppress(IntegrityError), transaction.atomic():
        model._default_manager.create(name=name)
    known.update(**values)
