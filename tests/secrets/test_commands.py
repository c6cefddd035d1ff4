"""What operators' commands say and keep, given what is nobody's business; what they say ends up in the log of a job."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories import AttemptFactory, ExamFactory
from tests.secrets import markers
from tests.secrets.conftest import ECHO
from tests.secrets.test_exams import exam as exam  # noqa: PLC0414 - a fixture that another one needs
from tests.secrets.test_exams import review, says, signed, taken, url  # noqa: F401 - a fixture among them
from tests.secrets.test_identity import VENDOR, hand_in, result_of
from tests.secrets.test_identity import says as vendor_says
from verify_student.models import SoftwareSecurePhotoVerification as Verification

pytestmark = pytest.mark.django_db(transaction=True)
UNKNOWN = f"{markers.NAME}@example.com"


@pytest.fixture
def run(everything, site, tmp_path):
    """Runs a command; a list of lines is given as a file."""

    def given(word):
        if not isinstance(word, list):
            return word
        path = tmp_path / "given"
        path.write_text("\n".join(word), encoding="utf-8")
        return str(path)

    def ran(name, *words):
        said = StringIO()
        try:
            call_command(name, *map(given, words), stdout=said, stderr=said)
        except (CommandError, SystemExit) as error:
            said.write(str(error))
        everything.note(f"output:{name}", said.getvalue())
        return said.getvalue()

    return ran


def test_allowances_from_a_file(run, everything, learner):
    exam = ExamFactory(timed=True)
    columns = "course_id,exam,user,key,value"
    fine = f"{exam.course_id},{exam.pk},{learner.username},additional_time_granted,15"
    spoilt = [
        f"{exam.course_id},{exam.pk},{UNKNOWN},additional_time_granted,15",
        f"{exam.course_id},{exam.pk},{learner.username},additional_time_granted,{markers.PAYLOAD}",
        f"{exam.course_id},{markers.PAYLOAD},{learner.username},additional_time_granted,15",
        f'"{markers.COMMENT}',
    ]
    for mode in ([], ["--dry-run"]):
        assert "Line 3" in run("import_allowances", [columns, fine, *spoilt], *mode)
    run("import_allowances", [markers.NAME, fine])
    assert everything.misplaced() == []


def test_people_from_a_file(run, everything, learner):
    people = [learner.email, UNKNOWN, f"{markers.PAYLOAD} {markers.NAME}", "\ufffd"]
    assert "lines" in run("manual_verifications", "--email-ids-file", people)
    run("manual_verifications", "--email", UNKNOWN)
    run("approve_id_verifications", [str(learner.pk), markers.PAYLOAD, UNKNOWN])
    run("backfill_sso_verifications_for_old_account_links", "--provider-slug", markers.PAYLOAD)
    run("send_verification_expiry_email")
    assert everything.misplaced() == []


def test_vendors_messages_again(run, everything, taken):  # noqa: F811 - the fixture
    spoilt = review(status=markers.PAYLOAD)
    says(everything, url("proctored_exam.attempt.callback", "attempt-99"), spoilt, **signed(spoilt))
    run("replay_vendor_callbacks", "--state", "refused")
    run("deliver_vendor_calls")
    run("reset_attempts", "--file-path", [str(taken.pk), markers.PAYLOAD])
    run("set_attempt_status", "--attempt", str(taken.pk), "--to", "rejected")
    span = "--start_date_time", "2000-01-01 00:00:00", "--end_date_time", "2100-01-01 00:00:00"
    run("update_attempt_status_from_review", *span)
    for command in ("proctoring_status", "verify_audit_log", "check_adoption", "purge_exam_data"):
        run(command)
    assert everything.misplaced() == []


def test_identity_again_with_a_vendor_that_says_too_much(run, everything, browser, wire):
    wire.post(VENDOR, body=ECHO, status=500)
    hand_in(browser)
    verification = Verification.objects.get()
    vendor_says(everything, result_of(verification, markers.PAYLOAD))
    run("retry_failed_photo_verifications")
    run("replay_identity_results", "--state", "refused")
    run("rotate_photo_keys")
    run("trigger_softwaresecurephotoverifications_post_save_signal", "--start_date_time", "2000-01-01 00:00:00")
    for command in ("send_verification_reminders", "purge_identity_data", "purge_photos"):
        run(command)
    assert everything.misplaced() == []


def test_holds_and_certificates(run, everything, learner, superuser):
    AttemptFactory(user=learner)
    for app in ("exam", "identity"):
        run(f"{app}_data_holds", "place", "--user", learner.username, "--reason", markers.REASON, "--by", "operator")
        run(f"{app}_data_holds", "list")
        run(f"{app}_erasure_certificate", str(learner.pk))
    assert everything.misplaced() == []
