"""Applying kept results again, by command."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from proctoring.common.inbox import Envelope, InboxState, store
from tests.proctoring.services.test_concurrency import together
from tests.verify_student.factories import VerificationFactory
from verify_student.conf import config
from verify_student.models import AuditEntry, InboxDelivery, OutboxMessage

pytestmark = pytest.mark.django_db

MIDNIGHT = datetime(2026, 11, 21, tzinfo=UTC)


def arrived(verification, state=InboxState.FAILED, **fields):
    """A result of the vendor's, kept."""
    document = {"EdX-ID": verification.receipt_id, "Result": "PASS", "Reason": "", "MessageType": ""}
    envelope = Envelope("software_secure", "result", verification.receipt_id, json.dumps(document).encode())
    delivery = store(InboxDelivery, envelope, config.keyring)
    InboxDelivery.objects.filter(pk=delivery.pk).update(state=state, **fields)
    return delivery.pk


def verification(status="submitted"):
    return VerificationFactory(status=status, provider="software_secure")


def run(*arguments, **options):
    out, err = StringIO(), StringIO()
    try:
        call_command("replay_identity_results", *arguments, stdout=out, stderr=err, no_color=True, **options)
    except CommandError as error:
        return error.returncode, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def states():
    return list(InboxDelivery.objects.order_by("pk").values_list("state", flat=True))


@pytest.fixture
def statuses():
    """Four verifications, and how they stand."""
    made = [verification() for _ in range(4)]

    def now():
        for row in made:
            row.refresh_from_db()
        return [row.status for row in made]

    now.made = made
    return now


def test_all_that_failed(statuses):
    for row, state in zip(statuses.made, ["failed", "refused", "failed", "applied"], strict=True):
        arrived(row, state)
    assert run("--state", "failed", "--batch-size", "1") == (0, "2 applied.\n", "")
    assert statuses() == ["approved", "submitted", "approved", "submitted"]


def test_of_a_time_both_ends_included(statuses):
    for number, row in enumerate(statuses.made):
        arrived(row, "refused", received_at=MIDNIGHT + timedelta(hours=number))
    assert run(state="refused", since="2026-11-21 01:00:00", until="2026-11-21T02:00:00Z")[0] == 0
    assert statuses() == ["submitted", "approved", "approved", "submitted"]


def test_of_a_provider(statuses):
    arrived(statuses.made[0])
    assert run("--source", "software_secure")[:2] == (0, "1 applied.\n")


def test_by_number(statuses):
    states = ["failed", "refused", "applied", "failed"]
    pks = [arrived(row, state) for row, state in zip(statuses.made, states, strict=True)]
    code, out, err = run(str(pks[0]), str(pks[1]), "999999999", str(pks[2]))
    assert (code, out) == (1, "2 applied, 1 applied before, 1 lines refused.\n")
    assert err == "999999999: there is no such result\n"
    assert statuses() == ["approved", "approved", "submitted", "submitted"]


def test_by_a_file_of_numbers(statuses, tmp_path):
    pks = [arrived(row) for row in statuses.made]
    path = tmp_path / "numbers"
    path.write_text(f"{pks[1]}\n\nsomebody@example.org\n999999999\n{pks[0]}\n")
    code, out, err = run(file_path=str(path))
    assert (code, out) == (1, "2 applied, 2 lines refused.\n")
    assert err == "Line 3: not a number of a row\nLine 4: there is no such result\n"
    assert statuses() == ["approved", "approved", "submitted", "submitted"]


def test_what_still_cannot_be_applied_is_told_and_stops_nobody(statuses):
    arrived(verification("created"))
    arrived(statuses.made[0])
    code, out, _ = run()
    assert (code, out, states()) == (1, "1 failed, 1 applied.\n", ["refused", "applied"])


@pytest.mark.parametrize("by_number", [True, False])
def test_a_dry_run_applies_nothing(statuses, by_number):
    pk = arrived(statuses.made[0])
    named = [str(pk)] if by_number else ["--state", "failed"]
    assert run("--dry-run", *named) == (0, "Dry run, nothing was changed: 1 result of software_secure.\n", "")
    assert (states(), statuses()[0]) == (["failed"], "submitted")


@pytest.mark.parametrize(
    "arguments",
    [
        ["1", "--state", "failed"],
        ["1", "--file-path", "numbers"],
        ["1", "--since", "2026-11-21"],
        ["--file-path", "missing"],
        ["--since", "yesterday"],
        ["--since", "2026-11-21", "--until", "2026-11-20"],
        ["--source", "nobody"],
    ],
)
def test_calls_that_make_no_sense(statuses, arguments):
    arrived(statuses.made[0])
    assert run(*arguments)[0] == 2
    assert states() == ["failed"]


@pytest.mark.parametrize("state", ["applied", "received", "nonsense"])
def test_only_what_was_judged_and_had_no_effect(state):
    assert run(state=state)[0] == 2


@pytest.mark.skipif(connection.vendor == "sqlite", reason="needs row locks; `make test-services` runs this")
@pytest.mark.django_db(transaction=True)
def test_runs_at_the_same_time_apply_once(statuses):
    for row in statuses.made:
        arrived(row)
    outcomes = together(lambda: run("--state", "failed"))
    assert {code for code, _, _ in outcomes} == {0}
    assert (statuses(), states()) == (["approved"] * 4, ["applied"] * 4)
    assert list(InboxDelivery.objects.values_list("tries", flat=True)) == [1] * 4
    assert OutboxMessage.objects.filter(kind="mail.approved").count() == 4


def test_what_is_applied_again_is_on_record():
    key = arrived(verification())
    run(dry_run=True)
    assert not AuditEntry.objects.exists()
    run()
    entry = AuditEntry.objects.earliest("id")
    assert (entry.event, entry.subject_id, entry.actor_kind) == ("inboxdelivery.replayed", str(key), "system")
