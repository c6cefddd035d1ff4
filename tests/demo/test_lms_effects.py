"""The account of what followed from a learner's attempts."""

from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client

from demo.lms.seeding.course import COURSE_ID, content_id
from demo.lms.seeding.people import seed_learner
from proctoring.models import InboxDelivery
from proctoring.services import delivery

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_site")]

NOTHING = {
    "attempts": [],
    "credit": {"status": None, "writes": 0},
    "grade_override": False,
    "certificate": "issued",
    "mails": {"submitted": 0, "verified": 0, "rejected": 0},
    "vendor_calls": 0,
    "inbox": {},
}


def effects(client: Client, username: str, name: str = "states") -> Any:
    return client.get(f"/demo/effects/{username}/{content_id(name)}")


def test_nothing_has_followed_from_nothing(signed_in: Client) -> None:
    assert effects(signed_in, "amal").json() == NOTHING


def test_others_are_none_of_a_learners_business(signed_in: Client, course: Any) -> None:
    seed_learner("bruno", course)
    assert effects(signed_in, "bruno").status_code == 403


def test_staff_see_everybody(client: Client, staff: Any, learner: Any) -> None:
    client.force_login(staff)
    assert effects(client, "amal").json() == NOTHING
    assert effects(client, "nobody").status_code == 404


def test_a_rejected_attempt_costs_grade_and_certificate(client: Client, staff: Any) -> None:
    call_command("demo_seed", verbosity=0)
    delivery.deliver_due()
    client.force_login(staff)
    found = effects(client, "state-rejected").json()
    assert [attempt["status"] for attempt in found["attempts"]] == ["rejected"]
    assert found["grade_override"] is True
    assert found["certificate"] == "invalidated"
    assert found["mails"] == {"submitted": 1, "verified": 0, "rejected": 1}
    assert found["vendor_calls"] == 2


def test_mails_are_those_that_went_out(client: Client, staff: Any) -> None:
    call_command("demo_seed", verbosity=0)
    client.force_login(staff)
    assert effects(client, "state-verified").json()["mails"]["verified"] == 0
    delivery.deliver_due()
    assert effects(client, "state-verified").json()["mails"] == {"submitted": 1, "verified": 1, "rejected": 0}
    assert len([message for message in mail.outbox if message.to == ["state-verified@demo.invalid"]]) == 2
    client.force_login(seed_learner("state-verified", staff.courserole_set.model.objects.get().course))
    row = f'data-content-id="{content_id("states")}" data-credit-status="" data-mails="2"'
    assert row in " ".join(client.get(f"/courses/{COURSE_ID}/progress").content.decode().split())


def test_callbacks_are_counted_by_what_became_of_them(client: Client, staff: Any) -> None:
    call_command("demo_seed", verbosity=0)
    client.force_login(staff)
    subject = staff.__class__.objects.get(username="state-ready").proctoredexamstudentattempt_set.get().external_id
    for number, state in enumerate(["applied", "refused", "refused"]):
        InboxDelivery.objects.create(
            source="mock", kind="review", subject=subject, delivery_id=str(number), body=b"", body_size=0, state=state
        )
    assert effects(client, "state-ready").json()["inbox"] == {"applied": 1, "refused": 2}
