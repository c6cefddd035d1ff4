"""``manage.py replay_vendor_callbacks``."""

from datetime import UTC, datetime, timedelta

import pytest

from proctoring.common.inbox import Envelope, InboxState, mark, store
from proctoring.conf import config
from proctoring.models import AuditEntry, InboxDelivery
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory
from tests.proctoring.management.shell import run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lms")]
COMMAND = "replay_vendor_callbacks"
DAY = datetime(2026, 3, 9, tzinfo=UTC)


@pytest.fixture
def exam(vendor):
    return ExamFactory(backend="watcher")


def kept(exam, state=InboxState.FAILED, at=DAY, **fields):
    """A ready message that has had no effect, about a new attempt."""
    attempt = AttemptFactory(proctored_exam=exam)
    values = {"source": "watcher", "kind": "ready", "subject": attempt.external_id, "body": b"{}"} | fields
    delivery = store(InboxDelivery, Envelope(**values), config.keyring)
    mark(delivery, state, "KeyError")
    InboxDelivery.objects.filter(pk=delivery.pk).update(received_at=at)
    return delivery


def states():
    return list(InboxDelivery.objects.order_by("pk").values_list("state", flat=True))


def test_applies_what_failed(exam):
    for _ in range(3):
        kept(exam)
    kept(exam, InboxState.REFUSED)
    done = run(COMMAND, batch_size="2", sleep_time="0")
    assert (done.code, done.out) == (0, "3 applied.\n")
    assert states() == ["applied"] * 3 + ["refused"]
    assert exam.proctoredexamstudentattempt_set.filter(status=Status.ready_to_start).count() == 3
    assert run(COMMAND).out == "Nothing to do.\n"


def test_what_is_applied_again_is_on_record_and_a_dry_run_is_not(exam):
    made, others = kept(exam), [kept(exam, InboxState.REFUSED) for _ in range(2)]
    run(COMMAND, "--dry-run")
    assert not AuditEntry.objects.exists()
    run(COMMAND)
    recorded = AuditEntry.objects.order_by("id").values_list("event", "subject_id", "actor_kind")
    assert list(recorded) == [("inboxdelivery.replayed", str(made.pk), "system")]
    run(COMMAND, *[str(delivery.pk) for delivery in (made, *others)])
    assert [subject for _, subject, _ in recorded.all()[1:]] == [str(other.pk) for other in others]


def test_applies_what_was_refused(exam):
    kept(exam, InboxState.REFUSED)
    assert run(COMMAND, "--state", "refused").out == "1 applied.\n"


def test_a_dry_run_says_what_there_is(exam):
    kept(exam)
    kept(exam, kind="review")
    assert run(COMMAND, "--dry-run").out == ("Dry run, nothing was changed: 1 ready of watcher, 1 review of watcher.\n")
    assert list(InboxDelivery.objects.values_list("tries", flat=True)) == [1, 1]


def test_one_that_fails_again_never_stops_the_others(exam, caplog):
    broken, unknown, fine = kept(exam, kind="unheard of"), kept(exam, subject="unknown"), kept(exam)
    done = run(COMMAND)
    assert (done.code, done.summary) == (1, "2 failed, 1 applied.")
    assert states() == ["failed", "refused", "applied"]
    assert f"delivery={broken.pk} code=callback_not_handled" in caplog.text
    assert f"delivery={unknown.pk} code=attempt_not_found" in caplog.text
    assert fine.subject not in caplog.text


@pytest.mark.parametrize(
    ("span", "found"),
    [
        ({"since": "2026-03-09 00:00:00"}, 2),
        ({"since": "2026-03-09 00:00:01"}, 1),
        ({"until": "2026-03-09"}, 1),
        ({"since": "2026-03-09T02:00:00+02:00", "until": "2026-03-09 12:00:00"}, 1),
        ({"source": "watcher"}, 2),
        ({"source": "other"}, 0),
    ],
)
def test_of_a_span_of_time_or_of_one_vendor(exam, span, found):
    kept(exam)
    kept(exam, at=DAY + timedelta(days=1))
    kept(exam, InboxState.APPLIED, source="other")
    assert run(COMMAND, **span).out == (f"{found} applied.\n" if found else "Nothing to do.\n")


@pytest.mark.parametrize(
    ("numbers", "options"),
    [
        ([], {"state": "applied"}),
        ([], {"state": "nonsense"}),
        ([], {"since": "yesterday"}),
        ([], {"since": "2026-03-09", "until": "2026-03-08"}),
        ([], {"source": "unheard-of"}),
        ([1], {"state": "failed"}),
        ([1], {"file_path": "x"}),
        ([], {"file_path": "x", "until": "2026-03-08"}),
        ([], {"file_path": "missing"}),
    ],
)
def test_what_makes_no_sense_is_bad_usage(exam, numbers, options):
    kept(exam)
    assert run(COMMAND, *numbers, **options).code == 2
    assert states() == ["failed"]


def test_by_number(exam):
    first, _, refused, applied = (
        kept(exam),
        kept(exam),
        kept(exam, InboxState.REFUSED),
        kept(exam, InboxState.APPLIED),
    )
    done = run(COMMAND, str(refused.pk), applied.pk, first.pk, "1000000")
    assert (done.code, states()) == (1, ["applied", "failed", "applied", "applied"])
    assert done.summary == "2 applied, 1 applied before, 1 lines refused."
    assert "1000000: there is no such callback" in done.err
    assert InboxDelivery.objects.get(pk=applied.pk).tries == 1


def test_by_a_file_of_numbers(exam, tmp_path):
    deliveries = [kept(exam) for _ in range(3)]
    path = tmp_path / "callbacks"
    path.write_text("".join(f"{delivery.pk}\n" for delivery in deliveries[:2]) + "words\n1000000\n")
    done = run(COMMAND, "--file-path", str(path), "--batch-size", "2")
    assert (done.code, states()) == (1, ["applied", "applied", "failed"])
    assert done.err.splitlines()[:2] == [
        "Line 3: not a number of a row",
        "Line 4: there is no such callback",
    ]
