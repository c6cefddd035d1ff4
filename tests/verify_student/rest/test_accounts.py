"""A learner's verifications, for support tools and partners."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from tests.factories import UserFactory
from tests.verify_student.factories import AttemptFactory, ManualFactory, SSOFactory, VerificationFactory

pytestmark = pytest.mark.django_db

STATUS, ALL = "verification_status", "verification_details"
ROUTES = [STATUS, ALL]


@pytest.fixture
def learner():
    return UserFactory(username="ana.b+c@x-y")


@pytest.fixture
def own(client_of, learner):
    return client_of(learner)


@pytest.fixture
def staff(client_of):
    return client_of(UserFactory(staff=True))


def address(route, person):
    return reverse(route, kwargs={"username": getattr(person, "username", person)})


@pytest.mark.parametrize("route", ROUTES)
class TestWhoMay:
    def test_nobody(self, route, learner):
        response = APIClient().get(address(route, learner))
        assert (response.status_code, "WWW-Authenticate" in response) == (401, True)

    def test_the_learner_and_staff(self, route, learner, own, staff, client_of):
        ManualFactory(user=learner)
        superuser = client_of(UserFactory(is_superuser=True))
        assert [client.get(address(route, learner)).status_code for client in (own, staff, superuser)] == [200] * 3

    @pytest.mark.parametrize("field", ["username", "user"])
    def test_weakness_w30_naming_oneself_opens_nothing(self, route, learner, client_of, field):
        ManualFactory(user=learner)
        other = UserFactory()
        response = client_of(other).get(address(route, learner), {field: other.username})
        assert response.status_code == 403

    def test_who_has_no_account_is_told_to_staff_only(self, route, staff, client_of):
        assert staff.get(address(route, "nobody-at-all")).status_code == 404
        assert client_of(UserFactory()).get(address(route, "nobody-at-all")).status_code == 403

    def test_who_has_not_begun(self, route, learner, own):
        assert own.get(address(route, learner)).status_code == 404


class TestStatus:
    def test_verified(self, learner, own):
        ManualFactory(user=learner)
        assert own.get(address(STATUS, learner)).json() == {
            "is_verified": True,
            "status": "approved",
            "expiration_datetime": "",
        }

    def test_verified_but_not_for_long(self, learner, own):
        end = timezone.now() + timedelta(days=3)
        ManualFactory(user=learner, expiration_date=end)
        assert own.get(address(STATUS, learner)).json()["expiration_datetime"] == end.strftime("%m/%d/%Y")

    def test_waiting(self, learner, own):
        VerificationFactory(user=learner, status="submitted")
        assert own.get(address(STATUS, learner)).json() == {
            "is_verified": False,
            "status": "pending",
            "expiration_datetime": "",
        }

    def test_constant_queries(self, learner, own, query_budget):
        VerificationFactory.create_batch(4, user=learner, status="submitted")
        with query_budget("verify_student.verification_status"):
            own.get(address(STATUS, learner))


class TestAll:
    def test_the_words_of_every_kind(self, learner, own):
        photos = VerificationFactory(user=learner, status="denied", error_msg='[{"codes": ["id_invalid"]}]')
        manual = ManualFactory(user=learner, reason="Seen in person")
        sso = SSOFactory(user=learner)
        attempt = AttemptFactory(user=learner, status="pending")
        items = own.get(address(ALL, learner)).json()
        assert [(item["type"], item["status"], item["message"], item["receipt_id"]) for item in items] == [
            ("SSO", "pending", "", None),
            ("SSO", "approved", "", None),
            ("Manual", "approved", "Seen in person", None),
            ("Software Secure", "denied", photos.error_msg, photos.receipt_id),
        ]
        assert [datetime.fromisoformat(item["updated_at"]) for item in items] == [
            row.updated_at for row in (attempt, sso, manual, photos)
        ]
        assert (items[0]["expiration_datetime"], bool(items[1]["expiration_datetime"])) == (None, True)

    def test_the_last_change_comes_first(self, learner, own):
        first, second = ManualFactory.create_batch(2, user=learner, reason="x")
        first.reason = "changed"
        first.save()
        assert [item["message"] for item in own.get(address(ALL, learner)).json()] == ["changed", second.reason]

    def test_pages_for_whoever_wants_them(self, learner, own):
        ManualFactory.create_batch(5, user=learner)
        page = own.get(address(ALL, learner), {"page": 2, "page_size": 2}).json()
        assert (len(page["results"]), page["count"]) == (2, 5)
        assert page["pagination_info"] == {
            "has_previous": True,
            "has_next": True,
            "current_page": 2,
            "total_pages": 3,
        }
        assert len(own.get(address(ALL, learner), {"page": "none", "page_size": 4}).json()["results"]) == 4

    @pytest.mark.parametrize("size", ["0", "501", "x", "²", ""])
    def test_page_sizes_that_are_none(self, learner, own, size):
        ManualFactory(user=learner)
        assert own.get(address(ALL, learner), {"page_size": size}).status_code == 400

    def test_constant_queries(self, learner, own, query_budget):
        for factory in (VerificationFactory, ManualFactory, SSOFactory, AttemptFactory):
            factory.create_batch(3, user=learner)
        with query_budget("verify_student.verifications"):
            own.get(address(ALL, learner))
