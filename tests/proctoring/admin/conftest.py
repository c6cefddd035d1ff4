"""Staff with chosen permissions, and the admin's pages as they see them."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from tests.factories import UserFactory

APP = "proctoring"
BACKENDS = {
    "DEFAULT": "null",
    "null": {"class": "proctoring.backends.null.NullBackendProvider"},
    "mock": {"class": "proctoring.backends.mock.MockProctoringBackendProvider"},
}


@pytest.fixture(autouse=True)
def _vendors(settings: Settings) -> None:
    settings.PROCTORING_BACKENDS = BACKENDS


class Screens:
    """One person's browser in the admin, addressed by model name."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.client = Client()
        self.client.force_login(user)

    def rows(self, model: str, **query: Any) -> HttpResponse:
        return self.client.get(reverse(f"admin:{APP}_{model}_changelist"), query)

    def found(self, model: str, **query: Any) -> list[Any]:
        return list(self.rows(model, **query).context["cl"].queryset)

    def row(self, model: str, pk: int, view: str = "change") -> HttpResponse:
        return self.client.get(reverse(f"admin:{APP}_{model}_{view}", args=[pk]))

    def save(self, model: str, pk: int, **values: Any) -> HttpResponse:
        return self.client.post(reverse(f"admin:{APP}_{model}_change", args=[pk]), values)

    def add(self, model: str, **values: Any) -> HttpResponse:
        return self.client.post(reverse(f"admin:{APP}_{model}_add"), values)

    def delete(self, model: str, pk: int) -> HttpResponse:
        return self.client.post(reverse(f"admin:{APP}_{model}_delete", args=[pk]), {"post": "yes"})

    def act(self, model: str, action: str, keys: Iterable[int]) -> HttpResponse:
        data = {"action": action, "_selected_action": [str(key) for key in keys]}
        return self.client.post(reverse(f"admin:{APP}_{model}_changelist"), data)

    def do(self, model: str, pk: int, verb: str, reason: str) -> HttpResponse:
        """Look at what will follow, and do it."""
        url = reverse(f"admin:{APP}_{model}_act", args=[pk, verb])
        look = self.client.get(url)
        return self.client.post(url, {"reason": reason, "seen": (look.context or {}).get("seen", "")})

    def queries(self, model: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert self.rows(model).status_code == 200
        return len(captured)


def told(response: HttpResponse) -> list[tuple[str, str]]:
    """The messages an action left for the next page, as (level, text)."""
    return [(message.level_tag, str(message)) for message in get_messages(response.wsgi_request)]


@pytest.fixture
def screens(db: None) -> Screens:
    """What somebody sees who may do everything."""
    return Screens(UserFactory(superuser=True))


@pytest.fixture
def screens_with(db: None) -> Callable[..., Screens]:
    """What somebody sees who has only these permissions of the app."""

    def open_screens(*codenames: str) -> Screens:
        user = UserFactory(staff=True)
        permissions = Permission.objects.filter(content_type__app_label=APP, codename__in=codenames)
        user.user_permissions.set(permissions)
        assert permissions.count() == len(codenames)
        return Screens(user)

    return open_screens
