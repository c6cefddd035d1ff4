"""How things stand, for whoever watches the site."""

import logging
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.cache.backends.base import BaseCache
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from rest_framework.test import APIClient

from proctoring.common.outbox import OutboxState
from proctoring.models import OutboxMessage
from tests.factories import AttemptFactory, UserFactory

pytestmark = pytest.mark.django_db
HEALTH = "/api/edx_proctoring/v1/health"
METRICS = "/api/edx_proctoring/v1/metrics"
TOKEN = "a-token-of-prometheus"


class AbsentCache(BaseCache):
    """A cache that is away."""

    def __init__(self, name, params):
        super().__init__(params)

    def get(self, *args, **kwargs):
        raise ConnectionError

    set = get_many = add = incr = get


@pytest.fixture
def stranger():
    return APIClient()


@pytest.fixture
def operator(client_of):
    user = UserFactory()
    user.user_permissions.add(Permission.objects.get(codename="view_operations"))
    return client_of(user)


@pytest.fixture
def metrics_on(settings):
    settings.PROCTORING_SETTINGS = settings.PROCTORING_SETTINGS | {"METRICS": True, "METRICS_TOKEN": TOKEN}


def overdue():
    return AttemptFactory(started=True, deadline_at=timezone.now() - timedelta(hours=1))


def shown(**headers):
    return APIClient(headers=headers)


class TestHealth:
    def test_a_stranger_gets_one_word(self, stranger):
        OutboxMessage.objects.create(kind="mail.status", destination="mail", state=OutboxState.DEAD)
        answer = stranger.get(HEALTH)
        assert (answer.status_code, answer.json()) == (200, {"status": "attention"})
        assert "no-store" in answer["Cache-Control"]

    def test_what_is_broken_is_a_503(self, stranger):
        overdue()
        answer = stranger.get(HEALTH)
        assert (answer.status_code, answer.json()) == (503, {"status": "broken"})

    @pytest.mark.parametrize("user", [{}, {"staff": True}])
    def test_other_people_are_strangers_too(self, client_of, user):
        assert client_of(UserFactory(**user)).get(HEALTH).json() == {"status": "attention"}

    def test_an_operator_gets_it_all_as_it_is_now(self, stranger, operator):
        assert stranger.get(HEALTH).status_code == 200
        overdue()
        answer = operator.get(HEALTH)
        assert (answer.status_code, answer.json()["status"]) == (503, "broken")
        assert [app["app"] for app in answer.json()["apps"]] == ["proctoring", "verify_student"]

    def test_a_stranger_gets_what_was_found_a_moment_ago(self, stranger):
        assert stranger.get(HEALTH).status_code == 200
        attempt = overdue()
        assert stranger.get(HEALTH).status_code == 200
        with time_machine.travel(timezone.now() + timedelta(seconds=20)):
            assert stranger.get(HEALTH).status_code == 503
        attempt.delete()

    def test_however_often_strangers_ask(self, stranger, operator, query_budget):
        with query_budget("operations.health.stranger"):
            stranger.get(HEALTH)
        with query_budget("operations.health.again"):
            stranger.get(HEALTH)
        operator.get(HEALTH)
        with query_budget("operations.health.staff"):
            operator.get(HEALTH)

    def test_it_is_told_without_a_cache_too(self, stranger, settings, caplog):
        settings.CACHES = {"default": {"BACKEND": f"{__name__}.AbsentCache"}}
        overdue()
        with caplog.at_level(logging.ERROR):
            assert stranger.get(HEALTH).status_code == 503
        assert "the cache failed with ConnectionError" in caplog.text

    def test_a_site_may_do_without(self, stranger, operator, settings):
        settings.PROCTORING_SETTINGS = settings.PROCTORING_SETTINGS | {"HEALTH_ENDPOINT": False}
        assert {client.get(HEALTH).status_code for client in (stranger, operator)} == {404}

    @pytest.mark.parametrize("accept", ["text/html", "*/*", "application/xml"])
    def test_whatever_a_monitor_says_it_takes(self, accept):
        assert shown(Accept=accept).get(HEALTH).status_code == 200


class TestMetrics:
    def test_they_are_off_at_first(self, stranger, operator):
        assert {client.get(METRICS).status_code for client in (stranger, operator)} == {404}

    @pytest.mark.usefixtures("metrics_on")
    def test_prometheus_shows_its_token(self):
        overdue()
        answer = shown(Authorization=f"Bearer {TOKEN}", Accept="application/openmetrics-text;version=x").get(METRICS)
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
        families = {family.name: family for family in text_string_to_metric_families(answer.content.decode())}
        stuck = {sample.labels["work"]: sample.value for sample in families["proctoring_stuck"].samples}
        assert stuck["attempts.overdue"] == 1
        named = {label for family in families.values() for sample in family.samples for label in sample.labels}
        known = {"app", "section", "row", "work", "destination", "kind", "name", "outcome", "task", "le"}
        assert named <= known | {"stored", "key"}
        assert {"proctoring_vendor_call_seconds", "proctoring_outbox_deliveries"} <= set(families)

    @pytest.mark.usefixtures("metrics_on")
    @pytest.mark.parametrize(
        "header", ["", "Bearer", "Bearer wrong", f"Token {TOKEN}", f"Bearer {TOKEN}x", "Bearer \u00e9"]
    )
    def test_any_other_token_is_none(self, header):
        assert shown(Authorization=header).get(METRICS).status_code == 403

    @pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer None"])
    def test_without_a_token_in_the_settings_none_opens(self, settings, header):
        settings.PROCTORING_SETTINGS = settings.PROCTORING_SETTINGS | {"METRICS": True}
        assert shown(Authorization=header).get(METRICS).status_code == 403

    @pytest.mark.usefixtures("metrics_on")
    def test_operators_see_them_and_other_staff_do_not(self, operator, client_of, query_budget):
        assert operator.get(METRICS).status_code == 200
        assert client_of(UserFactory(staff=True)).get(METRICS).status_code == 403
        superuser = client_of(UserFactory(superuser=True))
        with query_budget("operations.metrics"):
            assert superuser.get(METRICS).status_code == 200
