"""What is kept, in an operator's hands: ``purge_identity_data``, holds, certificates, export."""

import json
from datetime import timedelta
from zipfile import ZipFile

import pytest
import time_machine
from django.utils import timezone

from tests.factories import UserFactory
from tests.verify_student.custody import kept
from tests.verify_student.factories import SSOFactory, VerificationFactory
from tests.verify_student.management.commanding import exit_code, run
from verify_student.models import RetentionHold, StoredPhoto
from verify_student.services import retirement

pytestmark = pytest.mark.django_db


def test_photos_are_a_kind_among_others(files):
    kept(VerificationFactory(status="denied"))
    with time_machine.travel(timezone.now() + timedelta(days=100)):
        assert run("purge_identity_data", "--dry-run")[0] == "Dry run, nothing was changed: 2 photos.\n"
        assert run("purge_identity_data", "--kind", "photos")[0] == "2 photos.\n"
    assert not StoredPhoto.objects.filter(deleted_at=None).exists()


def test_a_photo_that_stays_is_told_by_the_exit_code(files, monkeypatch):
    kept(VerificationFactory(status="denied"))
    monkeypatch.setattr(type(files), "delete", lambda self, name: {}["storage is down"])
    with time_machine.travel(timezone.now() + timedelta(days=100)):
        assert exit_code("purge_identity_data") == 1


def test_holds_and_certificates():
    boss, learner = UserFactory(), SSOFactory().user
    run("identity_data_holds", "place", "--user", learner.username, "--reason", "A lawsuit", "--by", boss.username)
    hold = RetentionHold.objects.get()
    assert run("identity_data_holds", "list")[0].startswith(f"{hold.pk}: learner {learner.pk}")
    with pytest.raises(retirement.LearnerHeld):
        retirement.critical(learner.pk)
    out, _ = run("identity_data_holds", "lift", str(hold.pk), "--reason", "Settled", "--by", boss.username)
    assert out == f"Hold {hold.pk} is lifted; 1 erasures that had waited were done.\n"
    [told] = json.loads(run("identity_erasure_certificate", str(learner.pk))[0])
    assert [one["kind"] for one in told["erasure"]["erased"]] == ["sign_on_names"]


def test_an_export_with_and_without_photos(files, tmp_path):
    row = kept(VerificationFactory())
    document, archive = tmp_path / "identity.json", tmp_path / "identity.zip"
    run("export_identity_data", row.user.username, "--output", str(document))
    assert len(json.loads(document.read_text())["photos"]) == 2
    out, _ = run("export_identity_data", row.user.username, "--output", str(archive), "--photos")
    assert out.startswith("2 photos are in it.")
    with ZipFile(archive) as file:
        assert len(file.namelist()) == 3
    assert archive.stat().st_mode & 0o077 == 0
