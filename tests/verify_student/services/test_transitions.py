"""Every status × actor × target against the table; nothing else moves a photo verification."""

import pytest

from tests.verify_student.factories import VerificationFactory
from verify_student.exceptions import VerificationException, VerificationNotFound
from verify_student.models import OutboxMessage
from verify_student.services.transitions import change_status
from verify_student.statuses import PHOTO_MACHINE, Actor
from verify_student.statuses import IDVerificationStatus as Status

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("actor", Actor)
@pytest.mark.parametrize("target", Status)
@pytest.mark.parametrize("source", Status)
def test_every_move(source, target, actor):
    verification = VerificationFactory(status=source)
    if source == target:
        assert not change_status(verification.pk, target, actor=actor).changed
    elif PHOTO_MACHINE.allows(source, target, actor):
        assert change_status(verification.pk, target, actor=actor).verification.status == target
    else:
        with pytest.raises(VerificationException):
            change_status(verification.pk, target, actor=actor)
    verification.refresh_from_db()
    moved = source == target or PHOTO_MACHINE.allows(source, target, actor)
    assert verification.status == (target if moved else source)


def test_the_table():
    """Spelled out: what the table says is not asked of the table."""
    ways = {(str(move), str(to)) for move in Status for to in Status if PHOTO_MACHINE.actors(move, to)}
    assert ways == {
        ("created", "ready"),
        ("ready", "submitted"),
        ("ready", "must_retry"),
        ("ready", "approved"),
        ("ready", "denied"),
        ("must_retry", "submitted"),
        ("must_retry", "approved"),
        ("must_retry", "denied"),
        ("submitted", "must_retry"),
        ("submitted", "approved"),
        ("submitted", "denied"),
        ("approved", "denied"),
        ("denied", "approved"),
    }


def test_a_learner_decides_nothing():
    assert {to for source in Status for to in PHOTO_MACHINE.targets(source, Actor.LEARNER)} == {Status.ready}


def test_nobody_there():
    with pytest.raises(VerificationNotFound):
        change_status(999_999, Status.ready, actor=Actor.SYSTEM)


def test_a_move_is_written_with_what_follows_from_it():
    verification = VerificationFactory(status="submitted")
    change_status(verification.pk, Status.approved, actor=Actor.PROVIDER)
    kinds = list(OutboxMessage.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["announce.update", "announce.approved", "mail.approved"]
