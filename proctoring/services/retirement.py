"""
A learner is retired: vendors delete what they know, and we blank what we keep (contract rest.md §5.23, §5.24).

Attempts that were deleted count like those that are there: their learner is the same person. A hold keeps all of it:
what was asked for is remembered, and done when the hold is lifted.
"""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from proctoring.backends import provider_named
from proctoring.common.audit import Subject
from proctoring.common.outbox import OutboxState
from proctoring.common.retention import pending
from proctoring.common.retention.erasures import PLATFORM, AbstractPendingErasure, Tally, learner_hash, learner_hashes
from proctoring.conf import config
from proctoring.exceptions import LearnerHeld
from proctoring.models import (
    ErasureCertificate,
    OutboxMessage,
    PendingErasure,
    ProctoredExam,
    ProctoredExamStudentAttempt,
    VendorErasure,
)
from proctoring.services import audit, certificates, erasing, holds, outbox
from proctoring.services.references import key_of
from proctoring.services.vendors import obscured_user_id

logger = logging.getLogger(__name__)

Attempt = ProctoredExamStudentAttempt
KIND = "vendor.retire"
# What a hold may keep from being done: asking vendors, blanking what is here, and remarks over many learners' rows.
VENDORS, LOCAL, REMARKS = "vendors", "local", "remarks"


class VendorKeepsLearner(Exception):
    """A vendor has not deleted a learner, and is asked again."""


def at_vendors(user_id: int, *, asked_by: str = PLATFORM) -> dict[str, bool]:
    """
    Backend -> whether it has deleted the learner, for those that had something to do. One that fails stops no other,
    and is asked again by the task queue. While a hold is in force, none is asked, and all are told to have failed; they
    are asked when it is lifted.

    Asked again, a vendor may refuse; it is for whoever asks to know that it has agreed before (contract rest.md §5.23).
    Talks to vendors: not within a transaction.
    """
    learner = key_of(user_id)
    names = _vendors_of(learner)
    if names and holds.cover(learner):
        logger.warning("A hold keeps vendors from being asked to delete a learner: user=%s", learner)
        with transaction.atomic():
            pending.held(pending.begun(PendingErasure, learner, asked_by), VENDORS, True)
        return dict.fromkeys(names, False)
    answers = {name: _retired_at(name, learner) for name in names}
    told = {name: answer for name, answer in answers.items() if answer is not None}
    with transaction.atomic():
        if told:
            _note(learner, told)
            _ask_again(learner, [name for name, done in told.items() if not done])
        _put_on_record(learner, told)
    return told


def erase(user_id: int, *, asked_by: str = PLATFORM) -> ErasureCertificate | None:
    """
    Blank what was said of the learner, and certify it; None for what is no learner's id.

    Rows stay, and repeating it changes nothing: where nothing more was found, the certificate is that of before. Raises
    ``LearnerHeld`` where a hold keeps the data; the erasure is remembered.
    """
    learner = key_of(user_id)
    if not learner:
        return None
    with transaction.atomic():
        asked = pending.begun(PendingErasure, learner, asked_by)
        is_held = pending.held(asked, LOCAL, holds.cover(learner))
        certificate = None if is_held else _certified(asked, erasing.erase_all(learner, config.erasure_keys[0]))
        if certificate is not None:
            audit.record("learner.erased", Subject("learner", learner))
    if certificate is None:
        logger.warning("A hold keeps a learner's data from being erased: user=%s", learner)
        raise LearnerHeld
    logger.info("Personal data erased: user=%s", learner)
    return certificate


def erase_waiting() -> int:
    """Do the erasures that no hold keeps any more, also at vendors; how many that were."""
    return pending.resume(PendingErasure, _resume)


def ask_vendor(payload: Mapping[str, Any]) -> None:
    """
    Ask a vendor again; once it is lifted, where a hold forbids it. Raises ``VendorKeepsLearner`` where the vendor has
    not deleted the learner.
    """
    learner, name = payload["user_id"], payload["backend"]
    if holds.cover(learner):
        with transaction.atomic():
            pending.held(pending.begun(PendingErasure, learner, PLATFORM), VENDORS, True)
        return
    if _retired_at(name, learner) is False:
        raise VendorKeepsLearner
    with transaction.atomic():
        _note(learner, {name: True})
        _put_on_record(learner, {name: True})


def _resume(asked: AbstractPendingErasure) -> None:
    """Only what was asked for and a hold has kept; within a transaction."""
    learner, parts = asked.user_id, list(asked.parts)
    if holds.cover(learner):
        raise LearnerHeld
    if VENDORS in parts:
        _ask_now(learner)
        pending.held(asked, VENDORS, False)
    if LOCAL in parts:
        erase(learner)
    elif REMARKS not in parts:
        pending.finish(asked)
    elif not holds.any_in_force():
        _certified(asked, [erasing.remarks(learner, config.erasure_keys[0])])


def _ask_now(learner: int) -> None:
    """Leave to the task queue to ask those vendors that have not confirmed."""
    known = dict(_asked_of(learner).values_list("vendor", "confirmed_at"))
    names = sorted(name for name in {*_vendors_of(learner), *known} if known.get(name) is None)
    _note(learner, dict.fromkeys(names, False))
    _ask_again(learner, names)


def _certified(asked: AbstractPendingErasure, taken: Iterable[Tally]) -> ErasureCertificate:
    tallies = list(taken)
    asked.withheld = sum(tally.withheld for tally in tallies)
    pending.held(asked, REMARKS, asked.withheld > 0)
    certificate = certificates.issue(asked, [tally.told() for tally in tallies if tally.items])
    pending.finish(asked)
    return certificate


def _vendors_of(learner: int) -> list[str]:
    live = Attempt.objects.filter(user_id=learner, taking_as_proctored=True).values("proctored_exam_id")
    past = Attempt.history.filter(user_id=learner, taking_as_proctored=True).values("proctored_exam_id")
    exams = ProctoredExam.objects.filter(Q(pk__in=live) | Q(pk__in=past))
    # Attempts go with their exam, and then only the exam's own history tells its vendor.
    deleted = ProctoredExam.history.filter(id__in=past, history_type="-")
    backends = {*exams.values_list("backend", flat=True), *deleted.values_list("backend", flat=True)}
    return sorted({backend or erasing.default_vendor() for backend in backends})


def _retired_at(backend: str, learner: int) -> bool | None:
    try:
        answer = provider_named(backend).retire_user(obscured_user_id(learner, backend))
    # Plugins raise whatever their vendor's library raises, and a vendor may be gone from the settings.
    except Exception as error:
        logger.error("A vendor could not retire a learner: backend=%s error=%s", backend, type(error).__name__)
        return False
    return None if answer is None else bool(answer)


def _note(learner: int, answers: Mapping[str, bool]) -> None:
    """Keep that these vendors were asked, and when each first agreed."""
    known, of = set(_asked_of(learner).values_list("vendor", flat=True)), learner_hash(learner, config.erasure_keys[0])
    VendorErasure.objects.bulk_create(
        [VendorErasure(learner=of, vendor=name) for name in answers if name not in known], ignore_conflicts=True
    )
    agreed = [name for name, done in answers.items() if done]
    _asked_of(learner).filter(vendor__in=agreed, confirmed_at=None).update(confirmed_at=timezone.now())


def _put_on_record(learner: int, told: Mapping[str, bool]) -> None:
    facts = {"agreed": [name for name in told if told[name]], "failed": [name for name in told if not told[name]]}
    coded = {key: [audit.code(name) for name in names] for key, names in facts.items()}
    audit.record("learner.retired_at_vendors", Subject("learner", learner), **coded)


def _ask_again(learner: int, names: Iterable[str]) -> None:
    streams = {f"retire:{learner}:{name}"[:64]: name for name in names}
    asked = OutboxMessage.objects.filter(kind=KIND, stream__in=streams, state=OutboxState.PENDING)
    waiting = set(asked.values_list("stream", flat=True)) if streams else set()
    outbox.write(
        OutboxMessage(kind=KIND, destination=name[:64], stream=stream, payload={"user_id": learner, "backend": name})
        for stream, name in streams.items()
        if stream not in waiting
    )


def _asked_of(learner: int) -> "QuerySet[VendorErasure]":
    """Rows outlive the key by which the learner was known."""
    return VendorErasure.objects.filter(learner__in=learner_hashes(learner, config.erasure_keys))
