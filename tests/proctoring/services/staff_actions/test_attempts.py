"""What staff do to attempts: what is foreseen is what comes, nothing is done twice, and refusals are sentences."""

import pytest
from django.contrib.admin.models import LogEntry

from proctoring.common.errors import DomainError
from proctoring.common.http import VendorUnreachable
from proctoring.models import OutboxMessage, ProctoredExamStudentAttempt
from proctoring.services import consequences, mail
from proctoring.services.foreseeing import EFFECTS, sentences
from proctoring.services.staff_actions import actions
from proctoring.services.vendors import HANDLERS as VENDOR_HANDLERS
from proctoring.statuses import ATTEMPT_MACHINE, Actor
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory, ReviewFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lms", "vendor")]
Attempt = ProctoredExamStudentAttempt
MOVERS = {
    "approve-attempt": Status.verified,
    "deny-attempt": Status.rejected,
    "second-review-attempt": Status.second_review_required,
    "force-error": Status.error,
    "hand-in": Status.submitted,
}
VERDICTS = ["approve-attempt", "deny-attempt", "second-review-attempt"]
CASES = [(source, {}) for source in Status]
CASES += [(Status.submitted, {"practice": True}), (Status.submitted, {"is_proctored": False})]


def verb(name):
    found = actions.verbs.get(name)
    assert found is not None
    return found


def watched(status, *, before=None, **exam):
    """An attempt that its vendor knows; ``before`` is what it was earlier."""
    attempt = AttemptFactory(
        proctored_exam=ExamFactory(backend="watcher", **exam), external_id="theirs", status=before or status
    )
    if before:
        attempt.status = status
        attempt.save()
    OutboxMessage.objects.all().delete()
    return attempt


def look(name, attempt):
    return verb(name).look(attempt, UserFactory.build(pk=10**6))


def perform(name, attempt):
    verb(name).perform(attempt, UserFactory(staff=True), "because")


@pytest.mark.parametrize(("source", "exam"), CASES)
@pytest.mark.parametrize("name", MOVERS)
def test_what_is_foreseen_of_a_move_is_what_follows(name, source, exam):
    attempt, target = watched(source, **exam), MOVERS[name]
    foreseen = look(name, attempt)
    assert not OutboxMessage.objects.exists()
    assert attempt.status == Attempt.objects.get().status == source

    if foreseen.refusal:
        assert source == target or not ATTEMPT_MACHINE.allows(source, target, Actor.STAFF)
        with pytest.raises(DomainError):
            perform(name, attempt)
        assert not OutboxMessage.objects.exists()
        return
    assert ATTEMPT_MACHINE.allows(source, target, Actor.STAFF)
    perform(name, attempt)
    assert Attempt.objects.get().status == target
    follows = [str(sentence) for sentence in sentences(OutboxMessage.objects.order_by("pk"))]
    assert [step for step in foreseen.steps if step in set(map(str, _all_sentences()))] == follows
    assert ("let go on" in "".join(foreseen.steps)) == (Attempt.objects.get().is_resumable and target == Status.error)


def _all_sentences():
    credit = consequences.CREDIT_STATUSES.values()
    return [*EFFECTS.values(), *sentences(OutboxMessage(kind="credit", payload={"status": one}) for one in credit)]


def test_every_effect_has_its_sentence():
    about_exams = {"vendor.exam", "vendor.exam_left"}
    kinds = {*consequences.HANDLERS, *VENDOR_HANDLERS, mail.KIND, "onboarding.clear"}
    assert kinds - about_exams == set(EFFECTS)


def test_an_approval_after_a_rejection_gives_the_grade_back():
    attempt = watched(Status.second_review_required, before=Status.rejected)
    assert str(EFFECTS["grade.restore"]) in look("approve-attempt", attempt).steps
    assert str(EFFECTS["grade.restore"]) not in look("approve-attempt", watched(Status.submitted)).steps


def test_other_attempts_of_the_learner_count():
    attempt = watched(Status.submitted)
    AttemptFactory(user=attempt.user, proctored_exam=attempt.proctored_exam, status=Status.rejected)
    assert str(EFFECTS["mail.status"]) not in look("approve-attempt", attempt).steps


def test_who_has_not_handed_in_yet_is_told_apart():
    running = AttemptFactory(started=True)
    assert "The learner has not handed in yet." in look("approve-attempt", running).steps
    assert "The learner has not handed in yet." not in look("hand-in", running).steps


@pytest.mark.parametrize("name", [*MOVERS, "resume-attempt"])
def test_nothing_is_done_twice(name):
    source = Status.error if name == "resume-attempt" else Status.timed_out
    attempt = AttemptFactory(status=source, is_resumable=name == "resume-attempt")
    perform(name, attempt)
    written, history = OutboxMessage.objects.count(), attempt.history.count()
    with pytest.raises(DomainError) as refusal:
        perform(name, attempt)
    assert refusal.value.detail
    assert (OutboxMessage.objects.count(), attempt.history.count()) == (written, history)
    assert look(name, Attempt.objects.get()).refusal


def test_a_refusal_names_both_statuses():
    refusal = look("hand-in", watched(Status.onboarding_reset)).refusal
    assert "“Started over”" in refusal
    assert "“Handed in”" in refusal


def test_the_history_says_who_moved_it():
    attempt, staff = AttemptFactory(submitted=True), UserFactory(staff=True)
    verb("deny-attempt").perform(attempt, staff, "somebody else was in the room")
    last = attempt.history.first()
    assert (last.history_user, last.history_change_reason) == (staff, "course staff: submitted -> rejected")


@pytest.mark.parametrize("reviewed_by_us", [False, True])
@pytest.mark.parametrize("name", VERDICTS)
def test_where_there_is_a_review_that_decides(name, reviewed_by_us):
    attempt = watched(Status.submitted)
    reviewer = UserFactory(staff=True) if reviewed_by_us else None
    ReviewFactory(attempt=attempt, suspicious=True, reviewed_by=reviewer)
    Attempt.objects.update(status=Status.submitted)
    attempt.refresh_from_db()
    assert "decide on the review" in look(name, attempt).refusal
    with pytest.raises(DomainError, match="decide on the review"):
        perform(name, attempt)
    assert Attempt.objects.get().status == Status.submitted


@pytest.mark.parametrize("code", ["", None])
def test_an_attempt_without_a_code_has_no_review(code):
    Attempt.objects.filter(pk=watched(Status.submitted).pk).update(attempt_code=code)
    assert not look("approve-attempt", Attempt.objects.get()).refusal
    perform("approve-attempt", Attempt.objects.get())
    assert Attempt.objects.get().status == Status.verified


@pytest.mark.parametrize("name", VERDICTS)
def test_nobody_decides_on_themselves(name):
    attempt, chosen = watched(Status.submitted), verb(name)
    owner = UserFactory(superuser=True)
    Attempt.objects.update(user=owner)
    attempt.refresh_from_db()
    assert chosen.look(attempt, owner).refusal == "This is your own attempt: somebody else decides."
    with pytest.raises(DomainError) as refusal:
        chosen.perform(attempt, owner, "because")
    assert (refusal.value.http_status, refusal.value.code) == (403, "own_attempt")
    assert Attempt.objects.get().status == Status.submitted


def siblings(*statuses, **fields):
    learner, exam = UserFactory(), ExamFactory(backend="watcher")
    return [AttemptFactory(user=learner, proctored_exam=exam, status=status, **fields) for status in statuses]


def test_a_reset_tells_of_all_attempts_and_of_what_goes_with_them(vendor):
    first, second = siblings(Status.error, Status.submitted, external_id="theirs")
    AttemptFactory()
    vendor.forget()

    steps = look("reset-attempt", second).steps

    assert steps[0] == "All 2 attempts of the learner at the exam are removed."
    assert "asked first" in steps[1]
    assert vendor.calls == []
    OutboxMessage.objects.all().delete()
    perform("reset-attempt", first)
    assert [call[0] for call in vendor.calls] == ["remove", "remove"]
    assert Attempt.objects.count() == 1
    assert set(map(str, sentences(OutboxMessage.objects.all()))) <= set(steps)
    perform("reset-attempt", first)
    assert Attempt.objects.count() == 1


def test_a_reset_of_what_no_vendor_knows_asks_nobody(vendor):
    [attempt] = siblings(Status.created, external_id=None)
    vendor.forget()
    steps = look("reset-attempt", attempt).steps
    assert steps[0] == "The learner's one attempt at the exam is removed."
    assert not any("asked first" in step for step in steps)
    perform("reset-attempt", attempt)
    assert vendor.calls == []


@pytest.mark.parametrize("trouble", ["away", "unsure"])
def test_an_attempt_that_the_vendor_keeps_stays(vendor, trouble):
    [attempt] = siblings(Status.submitted, external_id="theirs")
    vendor.forget()
    if trouble == "away":
        vendor.fail_with = VendorUnreachable("watcher")
    else:
        vendor.confirms_removal = False
    with pytest.raises(DomainError) as refusal:
        perform("reset-attempt", attempt)
    assert "could not remove" in refusal.value.detail or "confirm" in refusal.value.detail
    assert Attempt.objects.get() == attempt


@pytest.mark.parametrize("chosen", [0, 1])
def test_a_reset_that_is_half_done_says_so_and_is_logged(vendor, chosen):
    both = siblings(Status.error, Status.submitted, external_id="theirs")
    vendor.forget()
    vendor.before_answering = lambda: setattr(vendor, "confirms_removal", len(vendor.answered) == 1)
    with pytest.raises(DomainError, match="1 of 2 attempts were removed"):
        perform("reset-attempt", both[chosen])
    assert Attempt.objects.get() == both[1]
    line = LogEntry.objects.get()
    assert (line.object_id, line.change_message) == (str(both[0].pk), "Reset: because")


def test_a_reset_logs_what_went_besides_the_chosen_one():
    first, second = siblings(Status.error, Status.submitted, external_id="theirs")
    perform("reset-attempt", second)
    # Whoever runs the verb logs the chosen one.
    assert [line.object_id for line in LogEntry.objects.all()] == [str(first.pk)]
