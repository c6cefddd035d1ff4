"""The page that plays the vendor."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory
from tests.verify_student.factories import VerificationFactory

pytestmark = pytest.mark.django_db

URL = reverse("verify_student_vendor_stub")


@pytest.fixture
def learner():
    return UserFactory()


@pytest.fixture
def browser(learner):
    client = Client()
    client.force_login(learner)
    return client


@pytest.fixture
def switched_on(settings):
    settings.FEATURES = settings.FEATURES | {"ENABLE_SOFTWARE_SECURE_FAKE": True}


def test_it_is_not_there_unless_switched_on(browser):
    assert browser.get(URL).status_code == 404


@pytest.mark.usefixtures("switched_on")
class TestSwitchedOn:
    def test_nobody_signs_in_first(self):
        assert Client().get(URL).status_code == 302

    def test_the_verification_that_changed_last(self, browser, learner):
        changed, newer = VerificationFactory.create_batch(2, user=learner)
        changed.save()
        page = browser.get(URL).content.decode()
        assert (changed.receipt_id in page, newer.receipt_id in page) == (True, False)
        assert 'data-authorization="SIS ACCESSKEY:0000"' in page

    def test_without_photos(self, browser):
        assert 'data-receipt=""' in browser.get(URL).content.decode()
