"""How often one account may come."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache.backends.locmem import LocMemCache
from rest_framework.test import APIClient

from tests.factories import AttemptFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db

COLLECTION = "/api/edx_proctoring/v1/proctored_exam/attempt"
LEGACY = "/api/edx_proctoring/proctoring_review_callback/"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def rates(settings):
    def are(**rates):
        settings.PROCTORING_SETTINGS = settings.PROCTORING_SETTINGS | {"THROTTLE_RATES": rates}

    return are


def statuses(client, count, method="get", url=COLLECTION):
    return [getattr(client, method)(url, {}, format="json").status_code for _ in range(count)]


@pytest.mark.usefixtures("clock")
class TestScopes:
    def test_reading_and_writing_are_counted_apart(self, client_of, rates):
        rates(poll="2/min", write="1/min")
        client = client_of(UserFactory())
        assert statuses(client, 3) == [200, 200, 429]
        assert statuses(client, 2, "post") == [400, 429]

    def test_staff_have_a_rate_of_their_own_for_everything(self, client_of, rates):
        rates(poll="1/min", write="1/min", staff="3/min")
        client = client_of(UserFactory(staff=True))
        assert statuses(client, 2) == [200, 200]
        assert statuses(client, 2, "post") == [400, 429]

    def test_what_vendors_send_is_counted_apart(self, client_of, rates, vendor):
        rates(callback="2/min", staff="1/min", write="1/min")
        AttemptFactory(proctored_exam=ExamFactory(backend="watcher"), external_id="theirs")
        client = client_of(UserFactory(staff=True))
        assert statuses(client, 3, "post", f"{COLLECTION}/theirs/ready") == [200, 200, 429]

    def test_vendors_without_an_account_by_their_address(self, rates):
        rates(callback="2/min")
        one = APIClient(REMOTE_ADDR="192.0.2.1")
        assert statuses(one, 3, "post", LEGACY)[2] == 429
        assert statuses(APIClient(REMOTE_ADDR="192.0.2.2"), 1, "post", LEGACY) != [429]

    def test_browsers_that_vendors_send_by_their_address(self, rates):
        rates(callback="2/min")
        url = "/api/edx_proctoring/proctoring_launch_callback/start_exam/no-such-code"
        browser = APIClient(REMOTE_ADDR="192.0.2.1")
        assert statuses(browser, 3, url=url)[2] == 429
        assert int(browser.get(url)["Retry-After"]) > 0

    def test_strangers_by_their_address(self, rates):
        rates(anonymous="2/min")
        assert statuses(APIClient(REMOTE_ADDR="192.0.2.1"), 3) == [403, 403, 429]
        assert statuses(APIClient(REMOTE_ADDR="192.0.2.2"), 1) == [403]

    def test_a_scope_can_be_switched_off(self, client_of, rates):
        rates(poll=None)
        assert set(statuses(client_of(UserFactory()), 400)) == {200}


@pytest.mark.usefixtures("clock")
class TestAccounts:
    def test_learners_behind_one_address_do_not_know_each_other(self, client_of, rates):
        rates(poll="1/min")
        one, other = client_of(UserFactory()), client_of(UserFactory())
        assert statuses(one, 2) == [200, 429]
        assert statuses(other, 1) == [200]

    def test_one_learner_on_two_machines_is_one(self, client_of, rates):
        rates(poll="1/min")
        learner = UserFactory()
        assert statuses(client_of(learner), 1) == [200]
        assert statuses(client_of(learner), 1) == [429]

    def test_an_account_that_is_made_anew_under_the_same_number_is_another(self, client_of, rates):
        rates(poll="1/min")
        learner = UserFactory()
        number = learner.pk
        assert statuses(client_of(learner), 2) == [200, 429]
        learner.delete()
        again = UserFactory(pk=number, username="again", date_joined=NOON + timedelta(days=1))
        assert statuses(client_of(again), 1) == [200]


class TestAnswer:
    def test_it_says_when_to_come_back_and_then_the_caller_is_let_in(self, client_of, rates, clock):
        rates(poll="3/min")
        client = client_of(UserFactory())
        assert statuses(client, 3) == [200] * 3
        refused = client.get(COLLECTION)
        assert (refused.status_code, set(refused.json())) == (429, {"detail"})
        clock.shift(int(refused["Retry-After"]) - 2)
        assert client.get(COLLECTION).status_code == 429
        clock.shift(2)
        assert client.get(COLLECTION).status_code == 200

    def test_the_last_minute_counts_not_the_one_on_the_clock(self, client_of, rates, clock):
        rates(poll="10/min")
        client = client_of(UserFactory())
        clock.shift(59)
        assert statuses(client, 10) == [200] * 10
        clock.shift(2)
        assert statuses(client, 2) == [200, 429]
        clock.shift(60)
        assert statuses(client, 9) == [200] * 9


class TestClass:
    """Sizes: five hundred people who sit one exam in one room."""

    def test_five_hundred_learners_behind_one_address_are_never_throttled(self, rates, clock, client_of):
        learners = [client_of(UserFactory()) for _ in range(500)]
        for _poll in range(2):
            assert {client.get(COLLECTION).status_code for client in learners} == {200}
            clock.shift(60)

    def test_a_learner_in_a_loop_is(self, client_of, clock):
        assert statuses(client_of(UserFactory()), 301)[-1] == 429

    def test_a_learner_who_polls_each_second_from_four_tabs_is_not(self, client_of, clock):
        client = client_of(UserFactory())
        for _second in range(120):
            assert statuses(client, 4) == [200] * 4
            clock.shift(1)


class AwayCache(LocMemCache):
    """A cache that cannot be reached."""

    def get_many(self, keys, version=None):
        raise ConnectionError("redis://:secret@cache")


def test_without_the_cache_nobody_is_turned_away(client_of, settings, caplog):
    client = client_of(UserFactory())
    settings.CACHES = {"default": {"BACKEND": "tests.proctoring.rest.test_throttles.AwayCache"}}
    assert statuses(client, 2) == [200, 200]
    assert "the cache failed with ConnectionError" in caplog.text
    assert "secret" not in caplog.text
