"""
What staff do to photo verifications away from the page with the photos.

There is no denial among it. A denial tells the learner what was wrong with which photo (contract §3.4), and no such
sentence is true of rows that nobody looked at one by one: whoever denies has the photos before them, on the page of
local review.
"""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from proctoring.common.acting import Verb
from proctoring.common.batches import FAILED
from verify_student.backends import provider_named
from verify_student.conf import LOCAL, config
from verify_student.exceptions import VerificationBaseException, VerificationException
from verify_student.models import SoftwareSecurePhotoVerification
from verify_student.services import access, audit, consequences, local_review, retrying, transitions, verifications
from verify_student.services.local_review import DecidedMeanwhile, ReviewNotPossible
from verify_student.statuses import WAITING, Actor
from verify_student.statuses import IDVerificationStatus as Status

Verification = SoftwareSecurePhotoVerification

SERVICE = "staff action"
FORETOLD = {
    "announce.update": _("Services that follow verifications, such as that of verified names, are told."),
    "announce.approved": _(
        "The platform is told that the learner is verified, and gives certificates that waited for it."
    ),
    "mail.approved": _("The learner is told by mail."),
}
NOT_ASKED = {
    retrying.UNDER_WAY: _("The provider is being asked already."),
    retrying.NOT_OPEN: _("This one is decided, was never handed in, or has been handed in anew since."),
    retrying.HANDED_IN_ANEW: _("The learner has handed in anew since: nobody is reviewed twice."),
    retrying.WITHOUT_PHOTOS: _("Its photos are not available any more."),
    FAILED: _("The provider cannot be asked at the moment."),
}


class ApprovedAlready(VerificationException):
    """Of two approvals the first one counts."""

    code = "approved_already"
    default_message = _("This is approved already.")


class TwoHaveToAgree(VerificationBaseException):
    """Four eyes are asked for, and looked at photos is what they have to have done."""

    code = "two_have_to_agree"
    default_message = _(
        "Two reviewers have to agree on this one, each on their own: open it, and choose “Photos and decision”."
    )


class ReviewedByUs(VerificationBaseException):
    """There is no provider to ask."""

    code = "reviewed_by_us"
    default_message = _("It waits for our own staff: open it, and choose “Photos and decision”.")


class NotAsked(VerificationBaseException):
    code = "provider_not_asked"


def _require_approvable(row: Verification, user: Any) -> None:
    access.require_decider(user, row)
    if row.status == Status.approved:
        raise ApprovedAlready
    if Status.approved not in local_review.choices(row):
        raise ReviewNotPossible
    if local_review.takes_two(row):
        raise TwoHaveToAgree


def _foresee_approval(row: Verification, user: Any) -> Iterator[str | Promise]:
    _require_approvable(row, user)
    if row.provider == LOCAL:
        yield _("It is decided without a look at the photos. “Photos and decision” on its page shows them.")
    if row.status == Status.denied:
        yield _("The denial and its reasons are taken back.")
    end = date_format(timezone.localtime(timezone.now() + config.validity), "DATE_FORMAT")
    yield _("The learner counts as verified until %(date)s.") % {"date": end}
    yield _("Of an earlier approval's end the learner is reminded no more.")
    yield from (FORETOLD[kind] for kind in consequences.kinds(Status.approved))


def _approve(row: Verification, user: Any, reason: str) -> None:
    with transaction.atomic():
        held = transitions.locked(row.pk)
        if held.status != row.status:
            raise DecidedMeanwhile
        _require_approvable(held, user)
        verifications.approve(held.pk, actor=Actor.STAFF, reviewer=user, service=SERVICE)


def _require_askable(row: Verification) -> None:
    if row.status not in retrying.OPEN:
        raise NotAsked(NOT_ASKED[retrying.NOT_OPEN])
    if row.provider == LOCAL and row.status in WAITING:
        # Asking would make it look new, and opinions that were given would count no more.
        raise ReviewedByUs


def _foresee_asking(row: Verification, user: Any) -> Iterator[str | Promise]:
    _require_askable(row)
    provider = provider_named(row.provider or config.provider)
    named = {"provider": provider.verbose_name or provider.name}
    yield _("%(provider)s is asked to review it, with fresh links to the photos.") % named
    yield _("Nobody is asked where the learner has handed in anew since, where a request waits, or without photos.")
    yield _("The learner goes on waiting, and is sent no mail.")


def _ask_again(row: Verification, user: Any, reason: str) -> None:
    _require_askable(row)
    # Asking only writes a message, which is sent after commit.
    with transaction.atomic():
        outcome = retrying.asking()([row])[row.pk]
        if outcome != retrying.ASKED:
            raise NotAsked(NOT_ASKED[outcome])
        audit.record("verification.asked_for_again", row, actor=user)


VERBS = (
    Verb(
        name="approve-photos",
        model=Verification,
        label=_("Approve"),
        explanation=_("The learners are who they say they are."),
        permission=access.DECIDE,
        foresee=lambda row, user: list(_foresee_approval(row, user)),
        perform=_approve,
    ),
    Verb(
        name="ask-provider-again",
        model=Verification,
        label=_("Ask the provider again"),
        explanation=_("Requests that the provider did not take, or never answered, are made again."),
        permission=access.DECIDE,
        foresee=lambda row, user: list(_foresee_asking(row, user)),
        perform=_ask_again,
        related=(retrying.ID_SOURCE,),
    ),
)
