"""Entries of an audit log: rows that are added, and never changed or deleted."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NoReturn

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AppendOnly(Exception):
    """Somebody tried to change or delete entries of an audit log."""

    def __init__(self) -> None:
        super().__init__("Entries of an audit log are added; nothing changes or deletes them.")


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry is about, where that is no row (any more): a kind such as ``attempt``, and its id."""

    kind: str
    id: str | int


class ActorKind(models.TextChoices):
    """Who did it."""

    PERSON = "person", _("person")
    VENDOR = "vendor", _("vendor")
    SYSTEM = "system", _("system")


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Rows that can be read and added."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly

    def delete(self) -> NoReturn:
        raise AppendOnly

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        if kwargs.get("update_conflicts"):
            raise AppendOnly
        return super().bulk_create(objs, *args, **kwargs)


class AbstractAuditEntry(models.Model):
    """
    One decision, or one look at evidence.

    ``event`` is a code such as ``review.decided``; ``actor_id`` the account of a person, and no foreign key, so that an
    account that is deleted changes nothing here. ``facts`` is canonical JSON of ids and codes, never free text or
    personal data. ``uid`` keeps a copied entry from being another one. ``stamp`` is made when the entry is written;
    ``sequence``, ``previous``, ``seal`` and ``key_id`` when it is sealed.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False, db_index=True)
    event = models.CharField(_("event"), max_length=64, db_index=True)
    subject_kind = models.CharField(_("kind of subject"), max_length=64)
    subject_id = models.CharField(_("subject"), max_length=128)
    actor_id = models.BigIntegerField(_("who"), null=True, blank=True, db_index=True)
    actor_kind = models.CharField(_("kind of actor"), max_length=16, choices=ActorKind.choices)
    facts = models.TextField(_("facts"), default="{}")
    stamp = models.CharField(max_length=160, editable=False)
    sequence = models.BigIntegerField(_("place"), null=True, blank=True, unique=True, editable=False)
    previous = models.CharField(_("seal before"), max_length=64, blank=True, default="", editable=False)
    seal = models.CharField(_("seal"), max_length=64, blank=True, default="", editable=False)
    key_id = models.CharField(_("key"), max_length=64, blank=True, default="", editable=False)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.event} #{self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly
