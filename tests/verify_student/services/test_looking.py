"""Which photos there are to look at."""

import pytest

from tests.verify_student.custody import kept
from tests.verify_student.factories import VerificationFactory
from verify_student.models import PhotoKind, StoredPhoto
from verify_student.services import looking

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]

FACE, PHOTO_ID = PhotoKind.FACE, PhotoKind.PHOTO_ID


@pytest.fixture
def verification(settings):
    settings.VERIFY_STUDENT = {}
    return VerificationFactory(status="submitted")


def test_those_that_are_kept(verification):
    assert looking.visible(kept(verification, FACE)) == {FACE}


def test_not_those_that_are_gone(verification):
    StoredPhoto.objects.filter(verification=kept(verification), kind=FACE).update(deleted_at=verification.created_at)
    assert looking.visible(verification) == {PHOTO_ID}


def test_an_id_that_is_used_again(verification):
    again = kept(VerificationFactory(status="submitted", copy_id_photo_from=kept(verification)), FACE)
    assert looking.visible(again) == {FACE, PHOTO_ID}


def test_of_old_releases_with_the_vendors_private_key(verification, vendor_settings):
    assert looking.visible(verification) == {FACE, PHOTO_ID}


def test_of_old_releases_without_it(verification):
    assert looking.visible(verification) == frozenset()


def test_not_before_they_are_handed_in(verification):
    assert looking.visible(kept(VerificationFactory(status="ready"))) == frozenset()
