"""A site full of markers, and somebody who listens."""

import base64

import pytest
import responses
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from tests.factories import UserFactory
from tests.proctoring.backends.rest_vendor import BASE, TOKEN
from tests.proctoring.backends.software_secure_vendor import CLASS, OPTIONS
from tests.proctoring.screen_fakes import EVERYBODY
from tests.secrets import markers
from tests.secrets.searching import Everything

WEBHOOK_SECRET = f"whsec_{base64.b64encode(markers.WEBHOOK.encode()).decode()}"
BACKENDS = {
    "DEFAULT": "rest",
    "rest": {
        "class": "proctoring.backends.rest.BaseRestProctoringProvider",
        "base_url": BASE,
        "client_id": "client",
        "client_secret": f"{markers.CLIENT_SECRET}-long-enough-for-signing-tokens",
        "callback_secrets": [WEBHOOK_SECRET],
    },
    "software_secure": {
        "class": CLASS,
        **OPTIONS,
        "secret_key": markers.VENDOR_SECRET,
        "crypto_key": markers.CRYPTO,
        "callback_secrets": [WEBHOOK_SECRET],
    },
}
# What a vendor says that fails: all that it was sent, and what it should have kept to itself.
ECHO = " ".join(markers.EVERY)


@pytest.fixture
def everything():
    with Everything() as listening:
        yield listening


@pytest.fixture
def site(settings, monkeypatch, lms):
    """Settings with secrets, an LMS that names the learner."""
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    settings.SECRET_KEY = f"{markers.SITE_KEY}-long-enough-long-enough-long-enough-long-enough"
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", EVERYBODY]
    settings.PROCTORING_BACKENDS = BACKENDS
    key = base64.b64encode(markers.STORE_KEY.encode()).decode()
    settings.PROCTORING_SETTINGS = settings.PROCTORING_SETTINGS | {"ENCRYPTION_KEYS": {"one": key}}
    settings.VERIFY_STUDENT = settings.VERIFY_STUDENT | {
        "PROVIDER": "software_secure",
        "ENCRYPTION_KEYS": {"one": key},
        "SOFTWARE_SECURE": settings.VERIFY_STUDENT["SOFTWARE_SECURE"]
        | {"API_ACCESS_KEY": markers.ACCESS_KEY, "API_SECRET_KEY": markers.API_SECRET},
    }
    lms.credit.state |= {"profile_fullname": markers.NAME, "student_email": f"{markers.EMAIL}@example.org"}
    return lms


@pytest.fixture
def learner(db, site):
    return UserFactory(username=markers.USERNAME, email=f"{markers.EMAIL}@example.org")


@pytest.fixture
def browser(learner, everything):
    return Listened(learner, everything)


@pytest.fixture
def superuser(db, site, everything):
    return Listened(UserFactory(superuser=True, username="operator", email="operator@example.org"), everything)


@pytest.fixture
def retiring(db, site, everything):
    accounts, _ = ContentType.objects.get_or_create(app_label="accounts", model="userretirementstatus")
    permission = Permission.objects.create(content_type=accounts, codename="can_retire_user", name="Can retire users")
    service = UserFactory(username="service", email="service@example.org")
    service.user_permissions.add(permission)
    return Listened(service, everything)


@pytest.fixture
def wire():
    """Vendors on the wire; each gives a token."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.post(TOKEN, json={"access_token": markers.TOKEN, "expires_in": 3600})
        yield mock


class Listened:
    """Somebody's browser, whose refusals are noted."""

    def __init__(self, user, everything):
        self.user, self.everything = user, everything
        self.client = Client(raise_request_exception=False)
        self.client.force_login(user)

    def get(self, url, **options):
        return self.everything.answered(self.client.get(url, **options))

    def post(self, url, data=None, **options):
        return self.everything.answered(self.client.post(url, data or {}, **options))

    def json(self, method, url, data, **options):
        return self.everything.answered(
            self.client.generic(method, url, data, content_type="application/json", **options)
        )
