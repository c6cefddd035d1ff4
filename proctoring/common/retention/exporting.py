"""
All that is kept of one learner, as JSON, written while it is read.

A document has the same shape everywhere: ``format`` and ``version`` say which one, ``learner`` of whom, ``policies``
why each kind is kept and how long, and then each part is a list of objects. Nobody else is named: staff are ``staff``.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.utils import timezone

from proctoring.common.audit import AbstractAuditEntry, ActorKind
from proctoring.common.batches import chunked
from proctoring.common.retention.policies import Policy

VERSION = 1
READ_AT_ONCE = 500

Parts = Mapping[str, Iterable[Mapping[str, Any]]]


def streamed(form: str, learner: Any, policies: Iterable[Policy], parts: Parts) -> Iterator[str]:
    """The document in pieces; no more than some rows of it are in memory at a time."""
    head = {
        "format": form,
        "version": VERSION,
        "exported_at": timezone.now(),
        "learner": {"id": learner.pk, "username": learner.get_username()},
        "policies": [told(policy) for policy in policies],
    }
    yield json.dumps(head, cls=DjangoJSONEncoder, ensure_ascii=False)[:-1]
    for name, rows in parts.items():
        yield f",\n{json.dumps(name)}: ["
        for number, row in enumerate(rows):
            yield (",\n" if number else "\n") + json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
        yield "]"
    yield "}\n"


def told(policy: Policy) -> dict[str, str]:
    """A policy as learners read it."""
    return {
        "kind": policy.kind,
        "what": str(policy.what),
        "why": str(policy.why),
        "since": str(policy.since),
        "how_long": policy.how_long,
        "at_end": str(policy.at_end),
    }


def columns(rows: "QuerySet[Any]", **names: str) -> Iterator[dict[str, Any]]:
    """Of each row, in the order of the keys, these columns by the names that they have in the document."""
    wanted = list(names.values())
    for values in rows.order_by("pk").values_list(*wanted).iterator(chunk_size=READ_AT_ONCE):
        yield dict(zip(names, values, strict=True))


def about(
    entries: "QuerySet[AbstractAuditEntry]", kind: str, ids: Iterable[Any], learner: int
) -> Iterator[dict[str, Any]]:
    """What the audit log says of these subjects: what happened, when, and in which role somebody did it."""
    for some in chunked(ids, READ_AT_ONCE):
        rows = entries.filter(subject_kind=kind, subject_id__in=[str(one) for one in some]).order_by("id")
        for entry in rows.iterator(chunk_size=READ_AT_ONCE):
            yield {
                "event": entry.event,
                "at": entry.at,
                "by": role_of(entry.actor_kind, entry.actor_id, learner),
                "about": f"{kind} {entry.subject_id}",
            }


def role_of(kind: str, actor: int | None, learner: int) -> str:
    """Who it was, without a name."""
    if kind != ActorKind.PERSON:
        return str(kind)
    return "you" if actor == learner else "staff"
