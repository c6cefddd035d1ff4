"""
Contacts: when another machine last did what it was asked to, and when and how it last did not.

A row for each machine, not for each call: what is known already is written again now and then only.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from proctoring.common.prepared import Prepared

Contact = TypeVar("Contact", bound="AbstractContact")
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
    now, known = timezone.now(), _known(model, name)
    if known is None or _is_long_ago(known.succeeded_at, now) or known.failing_since is not None:
        _note(model, name, known, succeeded_at=now, failing_since=None)


def note_failure(model: type[AbstractContact], name: str, error_code: str) -> None:
    """The machine did not answer, or not as it should."""
    now, known, code = timezone.now(), _known(model, name), error_code[:128]
    is_told = known is not None and known.failing_since is not None and known.error_code == code
    if known is None or not is_told or _is_long_ago(known.failed_at, now):
        _note(model, name, known, failed_at=now, failing_since=Coalesce("failing_since", Value(now)), error_code=code)


def _is_long_ago(moment: datetime | None, now: datetime) -> bool:
    return moment is None or moment < now - NOW_AND_THEN


def _known(model: type[Contact], name: str) -> Contact | None:
    return next(iter(_named(model)(name)), None)


@cache
def _named(model: type[Contact]) -> Prepared[Contact]:
    return Prepared(lambda name: model._default_manager.filter(name=name), str)


def _note(model: type[AbstractContact], name: str, known: AbstractContact | None, **values: Any) -> None:
    if known is None:
        # Another worker may be as early.
        with suppress(IntegrityError), transaction.atomic():
            model._default_manager.create(name=name)
    model._default_manager.filter(name=name).update(**values)
