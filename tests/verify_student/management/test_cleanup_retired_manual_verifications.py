"""Deleting by command what staff vouched for of learners who have left."""

import pytest
from django.core.management import CommandError
from django.db.models.signals import pre_delete

from tests.verify_student.factories import ManualFactory
from tests.verify_student.management.commanding import exit_code, run
from verify_student.models import ManualVerification

pytestmark = pytest.mark.django_db

COMMAND = "cleanup_retired_manual_verifications"
SWITCH = "REDACT_MANUAL_VERIFICATION_HISTORICAL_PII"


@pytest.fixture
def switched_on(settings):
    setattr(settings, SWITCH, True)


@pytest.fixture
def left(host):
    """Two rows of a learner who has left, and one of a learner who has not."""
    gone = ManualFactory()
    ManualFactory(user=gone.user, status="denied")
    host.people.retired = {gone.user_id}
    return ManualFactory()


def kept():
    return list(ManualVerification.objects.order_by("pk").values_list("pk", flat=True))


@pytest.mark.parametrize("arguments", [[], ["--dry-run"]])
def test_without_the_switch_it_only_warns(left, caplog, arguments):
    out, err = run(COMMAND, *arguments)
    assert out.lower().endswith("nothing to do.\n")
    assert f"{SWITCH} is off" in err
    assert f"{SWITCH} is off" in caplog.text
    assert len(kept()) == 3
    assert exit_code(COMMAND, *arguments) == 0


@pytest.mark.parametrize("size", ["1", "2", "500"])
@pytest.mark.usefixtures("switched_on")
def test_rows_of_learners_who_have_left_are_deleted(left, caplog, size):
    caplog.set_level("INFO")
    assert run(COMMAND, "--batch-size", size)[0] == "2 deleted, 1 kept.\n"
    assert kept() == [left.pk]
    assert "found=2 dry_run=False" in caplog.text
    assert run(COMMAND)[0] == "1 kept.\n"


@pytest.mark.usefixtures("switched_on")
def test_weakness_w72_whoever_only_asked_to_leave_keeps_theirs(left, host):
    # The host calls those retired whose retirement cannot be taken back any more.
    host.people.retired = set()
    assert run(COMMAND)[0] == "3 kept.\n"
    assert len(kept()) == 3


@pytest.mark.usefixtures("switched_on")
def test_a_dry_run_says_the_same_and_changes_nothing(left):
    assert run(COMMAND, "--dry-run")[0] == "Dry run, nothing was changed: 2 deleted, 1 kept.\n"
    assert len(kept()) == 3


@pytest.mark.usefixtures("switched_on", "host")
def test_no_rows_at_all():
    assert run(COMMAND)[0] == "Nothing to do.\n"


@pytest.mark.usefixtures("switched_on")
def test_weakness_w72_a_row_that_cannot_be_deleted_is_not_blanked_either(left, caplog):
    stuck = ManualVerification.objects.order_by("pk").first()

    def refuse(instance, **kwargs):
        if instance.pk == stuck.pk:
            raise ValueError("Amal Haddad")

    pre_delete.connect(refuse, sender=ManualVerification)
    try:
        with pytest.raises(CommandError) as caught:
            run(COMMAND)
    finally:
        pre_delete.disconnect(refuse, sender=ManualVerification)
    assert caught.value.returncode == 1
    assert kept() == [stuck.pk, left.pk]
    stuck.refresh_from_db()
    assert stuck.name == "Amal Haddad"
    assert f"manual verification={stuck.pk} error=ValueError" in caplog.text
    assert "Haddad" not in caplog.text
