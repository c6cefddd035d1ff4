"""
The institution's own staff decide: they look at the photos, and approve or deny with reasons that learners are told.

With ``FOUR_EYES`` two reviewers who agree decide on what the institution reviews itself; until two agree, it stays
where it is. An opinion counts from the last change of status on, so a correction takes two as well.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from verify_student.conf import LOCAL, config
from verify_student.exceptions import VerificationBaseException
from verify_student.models import LocalOpinion, SoftwareSecurePhotoVerification
from verify_student.services import access, audit, transitions, verifications
from verify_student.services.reasons import KNOWN_CODES
from verify_student.statuses import PHOTO_MACHINE, WAITING, Actor
from verify_student.statuses import IDVerificationStatus as Status

logger = logging.getLogger(__name__)

Verification = SoftwareSecurePhotoVerification

SERVICE = "local review"


class ReasonsMissing(VerificationBaseException):
    """A denial says why, so that the learner can do better."""

    code = "reasons_missing"
    default_message = _("Choose at least one reason, so that the learner knows what to do.")


class DecidedMeanwhile(VerificationBaseException):
    """The verification is not where it was when the reviewer looked at it."""

    code = "decided_meanwhile"
    http_status = 409
    default_message = _("This verification has changed since you opened it. Please look at it again.")


class ReviewNotPossible(VerificationBaseException):
    code = "review_not_possible"
    default_message = _("This verification cannot be decided on in its present state.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verification as it is now, and whether it was decided rather than kept for a second reviewer."""

    verification: Verification
    decided: bool


def waiting(reviewer: Any) -> "QuerySet[Verification]":
    """
    What our own staff have to look at, oldest first, with ``opinion_count``, how many have said what they think, and
    ``has_mine``, whether ``reviewer`` has. Opinions are counted for the rows that are read, not for all that wait.

    Rows of old releases have no provider: a vendor was asked about them. They come here when our own staff are asked.
    """
    number = _fresh_opinions().order_by().values("verification").annotate(number=Count("pk")).values("number")
    counted = _waiting().select_related("user").annotate(opinion_count=Coalesce(Subquery(number), 0))
    return counted.annotate(has_mine=_opinion_of(reviewer))


def next_for(reviewer: Any, after: Verification) -> Verification | None:
    """
    What ``reviewer`` looks at after ``after``: the next oldest that waits for their opinion, from the oldest on again
    behind the newest; None where nothing does.
    """
    others = _waiting().filter(~_opinion_of(reviewer)).exclude(user=reviewer).exclude(pk=after.pk)
    later = Q(created_at__gt=after.created_at) | Q(created_at=after.created_at, pk__gt=after.pk)
    return others.filter(later).first() or others.first()


def opinions(verification: Verification) -> "QuerySet[LocalOpinion]":
    """What reviewers think since the verification came where it is, the first one first."""
    given = LocalOpinion.objects.filter(verification=verification, at__gt=verification.status_changed)
    return given.select_related("reviewer").order_by("at", "pk")


def choices(verification: Verification) -> frozenset[Status]:
    """The decisions that staff may make now."""
    source = Status(verification.status)
    return frozenset(
        target
        for target in (Status.approved, Status.denied)
        if target != source and PHOTO_MACHINE.allows(source, target, Actor.STAFF)
    )


def takes_two(verification: Verification) -> bool:
    """Whether two reviewers have to agree."""
    return config.four_eyes and verification.provider == LOCAL


def approve(verification_id: int, reviewer: Any, *, seen: str) -> Outcome:
    """
    ``reviewer`` recognises the learner; ``seen`` is the status in which they saw the verification.

    Raises ``VerificationNotFound``, ``VerificationPermissionDenied``, ``DecidedMeanwhile`` and ``ReviewNotPossible``.
    """
    with transaction.atomic():
        held = _held(verification_id, reviewer, seen, Status.approved)
        if _agreed(held, reviewer, Status.approved, "") is None:
            return Outcome(held, decided=False)
        made = verifications.approve(held.pk, actor=Actor.STAFF, reviewer=reviewer, service=SERVICE)
    return Outcome(made.verification, decided=True)


def deny(verification_id: int, reviewer: Any, reasons: Iterable[str], *, seen: str) -> Outcome:
    """
    ``reviewer`` does not recognise the learner; ``reasons`` are codes of contract §3.4, of which one at least is due.

    Two who agree to deny are both quoted. Raises as :func:`approve`, and ``ReasonsMissing``.
    """
    codes = [code for code in KNOWN_CODES if code in set(reasons)]
    if not codes:
        raise ReasonsMissing
    with transaction.atomic():
        held = _held(verification_id, reviewer, seen, Status.denied)
        agreed = _agreed(held, reviewer, Status.denied, ",".join(codes))
        if agreed is None:
            return Outcome(held, decided=False)
        given = {*codes, *agreed}
        text = verifications.denial_reasons(*(code for code in KNOWN_CODES if code in given))
        made = verifications.deny(held.pk, text, actor=Actor.STAFF, reviewer=reviewer, service=SERVICE)
    return Outcome(made.verification, decided=True)


def _waiting() -> "QuerySet[Verification]":
    # An order that no index has: with the plain one, a database would look for the few that wait among all that were
    # ever made, oldest first. Their own index finds them, however many have been decided.
    since = Greatest("created_at", "created_at")
    return Verification.objects.filter(provider=LOCAL, status__in=WAITING).order_by(since, "pk")


def _opinion_of(reviewer: Any) -> Exists:
    """Whether ``reviewer`` has said what they think."""
    return Exists(_fresh_opinions().filter(reviewer=reviewer))


def _fresh_opinions() -> "QuerySet[LocalOpinion]":
    """Of the outer row, since it came where it is."""
    return LocalOpinion.objects.filter(verification=OuterRef("pk"), at__gt=OuterRef("status_changed"))


def _held(verification_id: int, reviewer: Any, seen: str, target: Status) -> Verification:
    held = transitions.locked(verification_id)
    access.require_reviewer(reviewer, held)
    if held.status != seen:
        raise DecidedMeanwhile
    if target not in choices(held):
        raise ReviewNotPossible
    return held


def _agreed(held: Verification, reviewer: Any, target: Status, reasons: str) -> list[str] | None:
    """Keep the opinion; the reasons of others who agree, None where somebody still has to."""
    LocalOpinion.objects.update_or_create(
        verification=held,
        reviewer=reviewer,
        defaults={"approves": target == Status.approved, "reasons": reasons, "at": timezone.now()},
    )
    audit.record("verification.opinion_given", held, actor=reviewer, to_status=audit.code(target))
    logger.info("A reviewer has an opinion: verification=%s", held.pk)
    agreeing = opinions(held).exclude(reviewer=reviewer).exclude(reviewer=None)
    others = list(agreeing.filter(approves=target == Status.approved))
    if takes_two(held) and not others:
        return None
    return [code for other in others for code in other.reasons.split(",") if code]
