"""Legal holds and certificates of erasure, as staff see them."""

import json

import pytest
from django.urls import reverse

from proctoring.models import AuditEntry, RetentionHold, VendorErasure
from proctoring.services import holds, retirement
from tests.factories import AllowanceFactory, UserFactory

HOLD, CERTIFICATE = "retentionhold", "erasurecertificate"

pytestmark = pytest.mark.django_db


def test_a_hold_is_placed_with_a_reason(screens):
    learner = UserFactory()
    assert screens.add(HOLD, user=learner.pk, course_id="", case_reference="7 U 12", reason=" ").status_code == 200
    assert screens.add(HOLD, user="", course_id=" ", case_reference="", reason="A lawsuit").status_code == 200
    assert not RetentionHold.objects.exists()
    screens.add(HOLD, user=learner.pk, course_id="", case_reference="7 U 12", reason="A lawsuit")
    hold = RetentionHold.objects.get()
    assert (hold.user, hold.placed_by, hold.reason) == (learner, screens.user, "A lawsuit")
    assert screens.row(HOLD, hold.pk).status_code == 200
    assert screens.save(HOLD, hold.pk, reason="Another").status_code == 403
    assert screens.delete(HOLD, hold.pk).status_code == 403


def test_it_is_lifted_with_a_reason_and_what_waited_is_done(screens):
    allowance = AllowanceFactory(value="30")
    hold = holds.place(screens.user, "A lawsuit", learner=allowance.user)
    with pytest.raises(retirement.LearnerHeld):
        retirement.erase(allowance.user_id)
    address = reverse("admin:proctoring_retentionhold_act", args=[hold.pk, "lift-hold"])
    assert "They cannot be undone." in screens.client.get(address).content.decode()
    screens.client.post(address, {"reason": "Settled", "seen": "None"})
    hold.refresh_from_db()
    allowance.refresh_from_db()
    assert (hold.lifted_by, hold.lifted_because, allowance.value) == (screens.user, "Settled", "")


def test_it_takes_a_permission_of_its_own(screens_with):
    hold = holds.place(UserFactory(), "A lawsuit", learner=UserFactory())
    viewer = screens_with("view_retentionhold")
    assert viewer.row(HOLD, hold.pk).status_code == 200
    assert viewer.add(HOLD, user=UserFactory().pk, reason="Why").status_code == 403
    address = reverse("admin:proctoring_retentionhold_act", args=[hold.pk, "lift-hold"])
    assert viewer.client.post(address, {"reason": "Settled", "seen": "None"}).status_code == 403
    assert screens_with("hold_data").rows(HOLD).status_code == 200
    assert screens_with("view_staffaction").rows(HOLD).status_code == 403


def test_a_certificate_is_a_file(screens, screens_with):
    learner = UserFactory(username="ada")
    AllowanceFactory(user=learner)
    certificate = retirement.erase(learner.pk)
    address = reverse("admin:proctoring_erasurecertificate_download", args=[certificate.pk])
    response = screens.client.get(address)
    assert response["Content-Disposition"].startswith("attachment")
    assert json.loads(response.content)["erasure_sha256"] == certificate.sha256
    page = screens.row(CERTIFICATE, certificate.pk).content.decode()
    assert certificate.sha256 in page
    assert address in page
    assert screens_with("hold_data").client.get(address).status_code == 403
    assert screens.client.get(reverse("admin:proctoring_erasurecertificate_download", args=[0])).status_code == 404


@pytest.mark.parametrize("count", [1, 7])
def test_lists_take_the_same_however_long_they_are(screens, query_budget, count):
    for _ in range(count):
        learner = UserFactory()
        retirement.erase(learner.pk)
        retirement.at_vendors(learner.pk)
        holds.place(screens.user, "A lawsuit", learner=learner)
        with pytest.raises(retirement.LearnerHeld):
            retirement.erase(learner.pk)
    for model in (HOLD, CERTIFICATE, "vendorerasure", "pendingerasure"):
        screens.rows(model)
        with query_budget("admin.retention"):
            assert screens.rows(model).status_code == 200


def test_what_a_vendor_has_written_is_noted_once(screens, screens_with):
    asked = VendorErasure.objects.create(learner="a" * 64, vendor="watcher")
    address = reverse("admin:proctoring_vendorerasure_act", args=[asked.pk, "note-confirmation"])
    assert screens_with("view_vendorerasure").client.post(address, {"reason": "x", "seen": "None"}).status_code == 403
    assert "certificate of erasure says" in screens.client.get(address).content.decode()
    screens.client.post(address, {"reason": "Letter of 3 March", "seen": "None"})
    asked.refresh_from_db()
    assert asked.confirmed_at is not None
    entry = AuditEntry.objects.get(event="erasure.confirmed")
    assert (entry.actor_id, entry.subject_id) == (screens.user.pk, str(asked.pk))
    screens.client.post(address, {"reason": "Again", "seen": str(asked.confirmed_at)})
    assert AuditEntry.objects.filter(event="erasure.confirmed").count() == 1
