"""
Erasures: what was taken when a learner was retired, told so that it can be shown later and nobody can be recognised.

A *certificate* says of each kind of data how many items went, with a digest of them. The digest is keyed (HMAC with
SHA-256): a site that still has the key can show that something, such as a file of a backup, is what was erased, and
nobody can find a name by trying names. The learner is a keyed hash as well.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from proctoring.common.acting.verbs import ActionRefused

VERSION = 1
LEARNER_INFO, CONTENT_INFO = b"erased learner\0", b"erased content\0"
PLATFORM = "platform"


class AbstractErasureCertificate(models.Model):
    """
    What was erased of one learner at one time. ``learner`` is the keyed hash of the account's number, ``content`` the
    certificate without what vendors have confirmed, and ``sha256`` the hash of its canonical JSON. Rows are only added.
    """

    id = models.BigAutoField(primary_key=True)
    learner = models.CharField(_("learner"), max_length=64, db_index=True)
    erased_at = models.DateTimeField(_("erased"), default=timezone.now, editable=False, db_index=True)
    content = models.JSONField(default=dict, editable=False)
    sha256 = models.CharField("SHA-256", max_length=64)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"Certificate {self.pk}"


class AbstractVendorErasure(models.Model):
    """That a vendor was asked to delete a learner, and when it confirmed that; null: not yet."""

    id = models.BigAutoField(primary_key=True)
    learner = models.CharField(_("learner"), max_length=64)
    vendor = models.CharField(_("vendor"), max_length=191)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.vendor} #{self.pk}"


class AbstractPendingErasure(models.Model):
    """
    An erasure that was asked for and is not complete: ``is_held`` where a hold is in its way. ``erased`` is what went
    already, as the certificate will tell it. The row goes when the certificate is there, and nothing is held any more.

    ``parts`` is what a hold keeps of what was asked for, by the app's own codes; ``withheld`` how many remarks of staff
    stay because they may be about somebody else, who is held.
    """

    id = models.BigAutoField(primary_key=True)
    user_id = models.BigIntegerField(_("learner"), unique=True)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now, editable=False)
    asked_by = models.CharField(_("asked by"), max_length=64, default=PLATFORM)
    is_held = models.BooleanField(_("held"), default=False)
    parts = models.JSONField(default=list, editable=False)
    withheld = models.PositiveIntegerField(default=0, editable=False)
    erased = models.JSONField(default=list, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"Erasure {self.pk}"


class ConfirmedAlready(ActionRefused):
    """A vendor confirms once."""

    code = "erasure_confirmed_already"
    http_status = 409
    default_message = _("The vendor has confirmed this already.")


def confirm(asked: AbstractVendorErasure) -> None:
    """The vendor has deleted what it had of the learner. Raises ``ConfirmedAlready``."""
    waiting = type(asked)._default_manager.filter(pk=asked.pk, confirmed_at=None)
    if not waiting.update(confirmed_at=timezone.now()):
        raise ConfirmedAlready


class Tally:
    """
    How many items of a kind were erased, and a digest of them in the order in which they are told; ``withheld`` is how
    many more somebody else's hold keeps.
    """

    def __init__(self, kind: str, key: bytes) -> None:
        self.kind = kind
        self.items = 0
        self.withheld = 0
        self._digest = hmac.new(key, CONTENT_INFO, hashlib.sha256)

    def add(self, table: str, pk: Any, values: Mapping[str, Any]) -> None:
        """One item: a row, by its table and key, with the values that are taken from it."""
        self.items += 1
        self._digest.update(canonical({"row": pk, "table": table, "values": values}) + b"\n")

    def told(self) -> dict[str, Any]:
        """As a certificate has it."""
        return {"kind": self.kind, "items": self.items, "hmac_sha256": self._digest.hexdigest()}


def taken(kind: str, key: bytes, rows: "Iterable[models.QuerySet[Any]]", names: Sequence[str]) -> Tally:
    """The tally of these columns of ``rows``, read in constant memory in the order of their keys."""
    tally = Tally(kind, key)
    for some in rows:
        table = some.model._meta.db_table
        for pk, *values in some.order_by("pk").values_list("pk", *names).iterator(chunk_size=500):
            tally.add(table, pk, dict(zip(names, values, strict=True)))
    return tally


def canonical(content: Any) -> bytes:
    """JSON of which there is one spelling only: sorted, without white space, in UTF-8; bytes as their SHA-256."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)
    return text.encode("utf-8", "surrogatepass")


def sha256(content: Any) -> str:
    """The hash of the canonical JSON."""
    return hashlib.sha256(canonical(content)).hexdigest()


def learner_hash(user_id: int, key: bytes) -> str:
    """By what a learner is known in certificates."""
    return hmac.new(key, LEARNER_INFO + str(user_id).encode(), hashlib.sha256).hexdigest()


def learner_hashes(user_id: int, keys: Iterable[bytes]) -> list[str]:
    """By what a learner may be known: certificates outlive a key."""
    return [learner_hash(user_id, key) for key in keys]


def remarks_kept(asked: AbstractPendingErasure) -> list[dict[str, Any]]:
    """What a certificate says of remarks that stay because of somebody else's hold."""
    if not asked.withheld:
        return []
    why = "Reasons of staff's actions that were about others too, while a legal hold is in force; erased after it."
    return [{"kind": "staff_remarks", "items": asked.withheld, "why": why}]


def content_of(
    app: str, learner: str, asked: AbstractPendingErasure, erased: Sequence[Mapping[str, Any]], kept: Sequence[Any]
) -> dict[str, Any]:
    """What a certificate says; ``kept`` is what stays, with the number of items and why."""
    return {
        "version": VERSION,
        "app": app,
        "learner": learner,
        "asked_at": asked.asked_at.isoformat(),
        "asked_by": asked.asked_by,
        "erased_at": timezone.now().isoformat(),
        "erased": [dict(one) for one in erased],
        "kept": list(kept),
    }


def document(certificate: AbstractErasureCertificate, vendors: Iterable[AbstractVendorErasure]) -> dict[str, Any]:
    """
    The certificate as it is handed out. ``erasure`` and its hash never change; ``vendors`` does when one confirms, and
    with it ``sha256``, the hash of all the rest.
    """
    told = {
        "erasure": certificate.content,
        "erasure_sha256": certificate.sha256,
        "vendors": [
            {"vendor": row.vendor, "asked_at": row.asked_at.isoformat(), "confirmed_at": _or_none(row.confirmed_at)}
            for row in vendors
        ],
    }
    return {**told, "sha256": sha256(told)}


def _or_none(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _plain(value: Any) -> str:
    if isinstance(value, bytes | memoryview | bytearray):
        return hashlib.sha256(bytes(value)).hexdigest()
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
