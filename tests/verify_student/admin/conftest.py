"""Staff with chosen permissions, and the admin's pages as they see them."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory

APP = "verify_student"


class Screens:
    """One person's browser in the admin, addressed by model name."""

    def __init__(self, user):
        self.user = user
        self.client = Client()
        self.client.force_login(user)

    def rows(self, model, **query):
        return self.client.get(reverse(f"admin:{APP}_{model}_changelist"), query)

    def found(self, model, **query):
        return list(self.rows(model, **query).context["cl"].queryset)

    def row(self, model, pk):
        return self.client.get(reverse(f"admin:{APP}_{model}_change", args=[pk]))

    def save(self, model, pk, **values):
        return self.client.post(reverse(f"admin:{APP}_{model}_change", args=[pk]), values)

    def add(self, model, **values):
        return self.client.post(reverse(f"admin:{APP}_{model}_add"), values)

    def delete(self, model, pk):
        return self.client.post(reverse(f"admin:{APP}_{model}_delete", args=[pk]), {"post": "yes"})

    def act(self, model, action, *keys):
        data = {"action": action, "_selected_action": [str(key) for key in keys]}
        return self.client.post(reverse(f"admin:{APP}_{model}_changelist"), data)

    def look(self, model, pk, verb):
        return self.client.get(reverse(f"admin:{APP}_{model}_act", args=[pk, verb]))

    def do(self, model, pk, verb, reason="It was looked into"):
        form = {"reason": reason, "seen": (self.look(model, pk, verb).context or {}).get("seen", "")}
        return self.client.post(reverse(f"admin:{APP}_{model}_act", args=[pk, verb]), form)

    def confirm(self, response, reason="It was looked into"):
        return self.client.post(response["Location"], {"reason": reason})

    def queue(self, **query):
        return self.client.get(reverse("admin:verify_student_review_queue"), query)

    def review(self, pk):
        return self.client.get(reverse("admin:verify_student_review", args=[pk]))

    def skip(self, pk):
        return self.client.get(reverse("admin:verify_student_review_next", args=[pk]))

    def decide(self, pk, decision, *reasons, seen="submitted"):
        form = {"decision": decision, "reasons": reasons, "seen": seen}
        return self.client.post(reverse("admin:verify_student_review", args=[pk]), form)

    def photo(self, pk, kind):
        return self.client.get(reverse("admin:verify_student_photo", args=[pk, kind]))


def told(response):
    """The messages an action left for the next page, as (level, text)."""
    return [(message.level_tag, str(message)) for message in get_messages(response.wsgi_request)]


@pytest.fixture
def screens(db):
    """What somebody sees who may do everything."""
    return Screens(UserFactory(superuser=True))


@pytest.fixture
def screens_with(db):
    """What somebody sees who has only these permissions of the app."""

    def open_screens(*codenames):
        user = UserFactory(staff=True)
        permissions = Permission.objects.filter(content_type__app_label=APP, codename__in=codenames)
        user.user_permissions.set(permissions)
        assert permissions.count() == len(codenames)
        return Screens(user)

    return open_screens
