"""
Every route × method × role × object: who is answered, and that whoever is refused has changed nothing.

The routes come from the URL configuration, the expectations from ``RULES``; nothing can be added to the one without the
other.
"""

from dataclasses import dataclass, field
from enum import StrEnum

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory
from tests.verify_student.custody import kept_for_vendor
from tests.verify_student.factories import VerificationFactory
from tests.verify_student.pictures import data_url, picture
from verify_student import urls
from verify_student.urls import accounts

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
MISSING_RECEIPT = "00000000-0000-0000-0000-000000000000"
FORM = {"face_image": data_url(picture()), "photo_id_image": data_url(picture())}


class Role(StrEnum):
    ANONYMOUS = "nobody"
    SUSPENDED = "suspended account with a session"
    LEARNER = "learner"
    VIEWER = "somebody who may see photos"
    REVIEWER = "somebody who may decide, and not see photos"
    STAFF = "global staff"
    SUPERUSER = "superuser who is not staff"


class Thing(StrEnum):
    OWN = "the caller's own verification"
    THEIRS = "somebody else's"
    MISSING = "none at all"


EVERYBODY = frozenset(Role)
SIGNED_IN = EVERYBODY - {Role.ANONYMOUS, Role.SUSPENDED}
SITE = frozenset({Role.STAFF, Role.SUPERUSER})
TOOLS = SITE | {Role.VIEWER}
TRAITS = {Role.STAFF: {"is_staff": True}, Role.SUPERUSER: {"is_superuser": True}}
PERMISSIONS = {Role.VIEWER: "see_photos", Role.REVIEWER: "review_verifications"}


@dataclass(frozen=True)
class Rule:
    """Who is answered of each thing; ``refusal``: how nobody is told; ``missing``: what of what is not there."""

    name: str
    method: str
    own: frozenset
    theirs: frozenset
    refusal: int = 302
    missing: int = 404
    answers: frozenset = field(default=frozenset({200}))

    def may(self, thing):
        return {Thing.OWN: self.own, Thing.THEIRS: self.theirs, Thing.MISSING: self.theirs}[thing]

    def __str__(self):
        return f"{self.method} {self.name}"


def of_caller(name, method="GET", **more):
    """A route without an object in its path: it is about the caller, whatever the query says."""
    return Rule(name, method, SIGNED_IN, SIGNED_IN, missing=200, **more)


RULES = [
    of_caller("verify_student_submit_photos", "POST"),
    of_caller("verification_status_api"),
    of_caller("verify_student_reverify", answers=frozenset({302})),
    of_caller("verify_student_vendor_stub"),
    of_caller("verify_student_openapi", refusal=403),
    # Nobody's account counts here, only the vendor's key.
    Rule("verify_student_results_callback", "POST", frozenset(), frozenset(), refusal=400, missing=400),
    *[
        Rule(name, "GET", TOOLS, TOOLS)
        for name in (
            "verification_photo_urls",
            "verification_decrypt_face_image",
            "verification_decrypt_photo_id_image",
        )
    ],
    *[Rule(name, "GET", SIGNED_IN, SITE, refusal=401) for name in ("verification_status", "verification_details")],
]
# They lead on instead of answering, so where they lead says whether somebody was sent away.
SIGN_IN = "/accounts/login/"


def routes():
    for pattern in [*urls.urlpatterns, *accounts.urlpatterns]:
        view = getattr(pattern.callback, "cls", None) or pattern.callback.view_class
        for method in METHODS:
            if hasattr(view, method.lower()):
                yield pattern.name, method


PARTS = {pattern.name: set(pattern.pattern.regex.groupindex) for pattern in [*urls.urlpatterns, *accounts.urlpatterns]}


class World:
    """A caller of each role with a verification of their own, and a bystander with another."""

    def __init__(self):
        self.theirs = _verification(UserFactory(username="bystander"))
        self.users = {role: _user(role) for role in Role if role is not Role.ANONYMOUS}
        self.own = {role: _verification(user) for role, user in self.users.items()}
        self.clients = {role: self._client(role) for role in Role}

    def _client(self, role):
        client = Client(raise_request_exception=False)
        if role in self.users:
            client.force_login(self.users[role], backend="django.contrib.auth.backends.AllowAllUsersModelBackend")
        return client

    def url(self, name, role, thing):
        verification = self.theirs if thing is Thing.THEIRS else self.own.get(role, self.theirs)
        missing = thing is Thing.MISSING
        given = {
            "receipt_id": MISSING_RECEIPT if missing else verification.receipt_id,
            "username": "no-such-person" if missing else verification.user.username,
        }
        # W30: names in the query are the caller's, and open nothing.
        claim = f"?username={self.users[role].username}&user={self.users[role].pk}" if role in self.users else ""
        return reverse(name, kwargs={part: given[part] for part in PARTS[name]}) + claim

    def ask(self, role, rule, thing):
        """The answer, and the tables that it changed; which is undone."""
        cache.clear()
        before = _rows()
        with transaction.atomic():
            body = FORM if rule.name == "verify_student_submit_photos" else {}
            method = getattr(self.clients[role], rule.method.lower())
            response = method(self.url(rule.name, role, thing), body)
            changed = [name for name, rows in _rows().items() if rows != before[name]]
            transaction.set_rollback(True)
        return response, changed


def _verification(user):
    return kept_for_vendor(VerificationFactory(user=user, status="denied", provider="software_secure"))


def _user(role):
    user = UserFactory(is_active=role is not Role.SUSPENDED, **TRAITS.get(role, {}))
    if role in PERMISSIONS:
        user.user_permissions.add(Permission.objects.get(codename=PERMISSIONS[role]))
    return user


def _rows():
    models = apps.get_app_config("verify_student").get_models()
    return {model._meta.label: list(model._default_manager.order_by("pk").values_list()) for model in models}


@pytest.fixture
def world(db, files, settings):
    settings.FEATURES = settings.FEATURES | {"ENABLE_SOFTWARE_SECURE_FAKE": True}
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.AllowAllUsersModelBackend"]
    return World()


def test_every_route_and_method_has_a_rule():
    assert sorted(routes()) == sorted({(rule.name, rule.method) for rule in RULES})


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_who_may(world, rule):
    wrong = []
    for thing in Thing:
        for role in Role:
            response, changed = world.ask(role, rule, thing)
            if not _is_right(rule, role, thing, response, changed):
                wrong.append(f"{role}, {thing}: {response.status_code} {response.content[:80]!r} {changed}")
    assert wrong == []


def _is_right(rule, role, thing, response, changed):
    sent_away = response.get("Location", "").startswith(SIGN_IN)
    if role in rule.may(thing):
        expected = {rule.missing} if thing is Thing.MISSING and PARTS[rule.name] else rule.answers
        return response.status_code in expected and not sent_away
    if role is Role.ANONYMOUS or not rule.own:
        return response.status_code == rule.refusal and sent_away == (rule.refusal == 302) and not changed
    return response.status_code in _refusals(role) and not changed


def _refusals(role):
    """A suspended account may be nobody, or somebody who is refused."""
    return {401, 403} if role is Role.SUSPENDED else {403}


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_other_methods_are_not_supported(world, rule):
    others = set(METHODS) - {method for name, method in routes() if name == rule.name}
    client = world.clients[Role.SUPERUSER]
    codes = {client.generic(method, world.url(rule.name, Role.SUPERUSER, Thing.OWN)).status_code for method in others}
    assert codes == {405}
