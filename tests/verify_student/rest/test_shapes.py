"""What the document says about objects, and what objects are."""

import pytest

from tests.factories import UserFactory
from tests.verify_student.custody import kept_for_vendor
from tests.verify_student.factories import AttemptFactory, ManualFactory, SSOFactory, VerificationFactory
from verify_student.rest.shapes import KINDS, STATUSES, VENDOR_DOCUMENT, VerificationShape
from verify_student.serializers import verification_dict
from verify_student.services import looking

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("factory", [VerificationFactory, ManualFactory, SSOFactory, AttemptFactory])
def test_verifications_of_every_kind(factory):
    said = verification_dict(factory())
    assert set(said) == set(VerificationShape().fields)
    assert said["type"] in KINDS
    assert said["status"] in STATUSES


@pytest.mark.usefixtures("files")
def test_what_the_vendor_is_sent():
    verification = kept_for_vendor(VerificationFactory(status="submitted", provider="software_secure"))
    assert set(looking.links(verification, by=UserFactory())) == set(VENDOR_DOCUMENT.fields)
