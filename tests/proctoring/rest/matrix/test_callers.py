"""How callers prove who they are, on every route (contract rest.md §1.2); and what the framework adds to each."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from oauth2_provider.models import AccessToken
from rest_framework.test import APIClient

from tests.proctoring.rest.matrix.rules import LAUNCH, RULES, Role, Thing
from tests.proctoring.rest.matrix.sent import raw_about, url_about
from tests.proctoring.rest.matrix.world import HERE, World, rows, use_settings

DOOR = [rule for rule in RULES if not rule.open]
UNSAFE = [rule for rule in DOOR if rule.method != "GET"]
READING = [rule for rule in DOOR if rule.method == "GET"]
CSRF_TOKEN = "a" * 32


@pytest.fixture
def world(db, lms, settings):
    use_settings(settings)
    return World(lms, [Role.SUPERUSER, Role.LEARNER])


@pytest.fixture
def token(world):
    def made(role=Role.SUPERUSER, hours=1):
        end = timezone.now() + timedelta(hours=hours)
        return AccessToken.objects.create(user=world.users[role], token="t" * 30, expires=end, scope="read write").token

    return made


@pytest.fixture
def ask(world):
    """The answer to a rule's request, sent by a browser or a program that gets no favours of the test client."""

    def asked(rule, method=None, signed_in=False, **headers):
        client = APIClient(enforce_csrf_checks=True, raise_request_exception=False)
        if signed_in:
            client.force_login(world.users[Role.SUPERUSER])
            client.cookies["csrftoken"] = CSRF_TOKEN
        target = world.target(Role.SUPERUSER, Thing.OWN)
        url, raw = url_about(rule, target, {}), raw_about(rule, target, {})
        return client.generic(method or rule.method, url, raw, content_type="application/json", headers=headers)

    return asked


def is_refused(answer):
    # Without a challenge: a failure to prove who one is, is never a 401.
    return (answer.status_code, set(answer.json()), "WWW-Authenticate" in answer) == (403, {"detail"}, False)


@pytest.mark.parametrize("rule", UNSAFE, ids=str)
class TestBrowsers:
    def test_a_session_needs_the_csrf_token(self, world, ask, rule):
        assert is_refused(ask(rule, signed_in=True))
        assert is_refused(ask(rule, signed_in=True, **{"X-CSRFToken": "b" * 32}))
        assert rows() == world.before

    def test_a_session_with_the_csrf_token_is_enough(self, ask, rule):
        assert ask(rule, signed_in=True, **{"X-CSRFToken": CSRF_TOKEN}).status_code < 300

    def test_a_token_beside_a_session_does_not_spare_it(self, world, ask, token, rule):
        assert is_refused(ask(rule, signed_in=True, Authorization=f"Bearer {token()}"))
        assert rows() == world.before


@pytest.mark.parametrize("rule", DOOR, ids=str)
class TestPrograms:
    def test_a_token_is_enough(self, ask, token, rule):
        assert ask(rule, Authorization=f"Bearer {token()}").status_code < 400

    def test_a_token_that_counts_no_more_is_none(self, world, ask, token, rule):
        assert is_refused(ask(rule, Authorization=f"Bearer {token(hours=-1)}"))
        for nonsense in ("Bearer unknown", "Bearer", "Bearer a b c", "Basic YTpi", "Token x", "\u00e9", "JWT a.b.c"):
            assert is_refused(ask(rule, Authorization=nonsense)), nonsense
        assert rows() == world.before

    def test_weakness_s14_a_token_of_a_suspended_account_is_none(self, world, ask, token, rule):
        held = token()
        world.users[Role.SUPERUSER].is_active = False
        world.users[Role.SUPERUSER].save()
        assert is_refused(ask(rule, Authorization=f"Bearer {held}"))
        assert rows() == world.before


@pytest.mark.parametrize("rule", READING, ids=str)
def test_head_is_get_without_the_body(world, ask, token, rule):
    bearer = f"Bearer {token()}"
    full, short = (ask(rule, method, Authorization=bearer) for method in ("GET", "HEAD"))
    body = b"".join(short.streaming_content) if short.streaming else short.content
    assert (short.status_code, body) == (full.status_code, b"")
    assert ask(rule, "HEAD").status_code == 403


@pytest.mark.parametrize("rule", DOOR, ids=str)
def test_options_describes_the_route_to_whoever_has_signed_in(world, ask, token, rule):
    answer = ask(rule, "OPTIONS", Authorization=f"Bearer {token(Role.LEARNER)}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert rule.method in answer["Allow"]
    assert is_refused(ask(rule, "OPTIONS"))
    assert rows() == world.before


def test_a_launch_by_post_needs_the_csrf_token(world, ask):
    (rule,) = [rule for rule in RULES if (rule.route, rule.method, rule.case) == (LAUNCH, "POST", "as signed by us")]
    assert ask(rule, signed_in=True).status_code == 403
    assert rows() == world.before


class TestSlashes:
    @pytest.mark.parametrize("name", ["proctored_exam.proctoring_settings", "proctored_exam.review_policy"])
    def test_a_forgotten_slash_is_put_there(self, world, client, name):
        url = reverse(f"edx_proctoring:{name}", args=[world.here.exam.pk])
        answer = client.get(url.removesuffix("/"))
        assert (answer.status_code, answer["Location"]) == (301, url)

    @pytest.mark.parametrize(
        ("name", "args"),
        [
            ("proctored_exam.exam", []),
            ("proctored_exam.exam_by_id", [1]),
            ("proctored_exam.exams_by_course_id", [HERE]),
            ("proctored_exam.attempt", [1]),
            ("proctored_exam.allowance", [HERE]),
            ("proctored_exam.active_attempt", []),
            ("user_onboarding.status", []),
            ("instructor_dashboard_course", [HERE]),
        ],
    )
    def test_a_slash_too_many_is_another_address(self, world, client, name, args):
        client.force_login(world.users[Role.SUPERUSER])
        assert client.get(reverse(f"edx_proctoring:{name}", args=args) + "/").status_code == 404

    def test_weakness_d19_active_attempt_is_one_address(self, world, client):
        client.force_login(world.users[Role.SUPERUSER])
        path = reverse("edx_proctoring:proctored_exam.active_attempt")
        around = (f"{path}s", f"{path}/7", path.replace("/api/", "/api/more/"))
        assert [client.get(url).status_code for url in around] == [404] * 3
