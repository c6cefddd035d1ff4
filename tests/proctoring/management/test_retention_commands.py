"""What is kept, in an operator's hands: ``purge_exam_data``, holds, certificates, export."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from proctoring.models import OutboxMessage, RetentionHold
from proctoring.services import retirement
from tests.factories import AllowanceFactory, AttemptFactory, UserFactory
from tests.proctoring.management.shell import run

pytestmark = pytest.mark.django_db


@pytest.fixture
def old_messages():
    then = timezone.now() - timedelta(days=1000)
    for kind in ("vendor.stop", "vendor.stop", "mail.status"):
        OutboxMessage.objects.create(kind=kind, state="done", due_at=then, done_at=then)


class TestPurging:
    def test_all_kinds(self, old_messages):
        assert run("purge_exam_data", "--batch-size", "1").out == "2 sent_messages, 1 mails.\n"
        assert run("purge_exam_data").out == "Nothing to do.\n"

    def test_a_dry_run_only_counts(self, old_messages):
        told = run("purge_exam_data", "--dry-run")
        assert (told.code, told.out) == (0, "Dry run, nothing was changed: 2 sent_messages, 1 mails.\n")
        assert OutboxMessage.objects.count() == 3

    def test_one_kind(self, old_messages):
        assert run("purge_exam_data", "--kind", "mails").out == "1 mails.\n"
        assert OutboxMessage.objects.count() == 2

    def test_a_kind_that_cannot_be_purged_is_told_by_the_exit_code(self, old_messages, settings):
        settings.PROCTORING_SETTINGS = {"INBOX_RETENTION_DAYS": "nonsense"}
        told = run("purge_exam_data")
        assert (told.code, told.out) == (1, "1 failed, 2 sent_messages, 1 mails.\n")


class TestHolds:
    def test_placed_listed_and_lifted(self):
        boss, allowance = UserFactory(), AllowanceFactory(value="30")
        learner = allowance.user
        placed = run(
            "exam_data_holds", "place", "--user", learner.username, "--reason", "A lawsuit", "--by", boss.username
        )
        hold = RetentionHold.objects.get()
        assert placed.out == f"Hold {hold.pk} is in force.\n"
        assert f"learner {learner.pk}, course –" in run("exam_data_holds", "list").out
        with pytest.raises(retirement.LearnerHeld):
            retirement.erase(learner.pk)
        lifted = run("exam_data_holds", "lift", str(hold.pk), "--reason", "Settled", "--by", boss.username)
        assert lifted.out == f"Hold {hold.pk} is lifted; 1 erasures that had waited were done.\n"
        assert run("exam_data_holds", "list").out == ""

    @pytest.mark.parametrize(
        "arguments",
        [
            ["place", "--reason", "A lawsuit", "--by", "boss"],
            ["place", "--user", "nobody", "--reason", "A lawsuit", "--by", "boss"],
            ["place", "--course", "c", "--reason", " ", "--by", "boss"],
            ["place", "--course", "c", "--reason", "A lawsuit", "--by", "nobody"],
        ],
    )
    def test_what_makes_no_sense_is_refused(self, arguments):
        UserFactory(username="boss")
        told = run("exam_data_holds", *arguments)
        assert told.code == 2
        assert not RetentionHold.objects.exists()


class TestFiles:
    def test_certificates(self, tmp_path):
        learner = AllowanceFactory().user
        assert run("exam_erasure_certificate", str(learner.pk)).code == 1
        certificate = retirement.erase(learner.pk)
        [told] = json.loads(run("exam_erasure_certificate", str(learner.pk)).out)
        assert told["erasure_sha256"] == certificate.sha256
        file = tmp_path / "certificate.json"
        run("exam_erasure_certificate", str(learner.pk), "--output", str(file))
        assert json.loads(file.read_text()) == [told]

    def test_an_export_that_nobody_else_can_read(self, lms, tmp_path):
        attempt = AttemptFactory()
        file = tmp_path / "export.json"
        assert run("export_exam_data", attempt.user.username, "--output", str(file)).code == 0
        assert json.loads(file.read_text())["attempts"][0]["id"] == attempt.pk
        assert file.stat().st_mode & 0o077 == 0
        again = run("export_exam_data", attempt.user.username, "--output", str(file))
        assert (again.code, "cannot be written" in again.err) == (2, True)
        assert run("export_exam_data", "nobody", "--output", str(tmp_path / "other")).code == 2
