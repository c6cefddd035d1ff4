"""What the LMS hears of an attempt (contract python.md §2.14)."""

import pytest

from proctoring.exceptions import BackendProviderCannotRegisterAttempt, BackendProviderOnboardingException
from proctoring.lms import set_runtime_service
from proctoring.services import creation
from proctoring.services.transitions import change_status
from proctoring.signals import exam_attempt_status_signal
from proctoring.statuses import Actor
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lms")]


@pytest.fixture
def heard():
    """What was said, with the sender, in order."""
    said = []

    def listen(sender, signal, **payload):
        said.append((sender, payload))

    exam_attempt_status_signal.connect(listen)
    yield said
    exam_attempt_status_signal.disconnect(listen)


@pytest.fixture
def exam():
    return ExamFactory(backend="watcher")


class VerifiedNames:
    """Everybody is Ada."""

    verified_name = "Ada Lovelace"

    def get_verified_name(self, user, is_verified=False, statuses_to_exclude=None):
        return self


@pytest.fixture
def _verified_name():
    set_runtime_service("name_affirmation", VerifiedNames())
    yield
    set_runtime_service("name_affirmation", None)


def test_a_new_attempt_with_proctoring(heard, vendor, committed, exam, lms):
    lms.credit.state |= {"profile_fullname": "Ada King"}
    user = UserFactory()

    with committed():
        attempt = creation.create(exam, user, proctored=True)

    assert heard == [
        (
            "edx_proctoring",
            {
                "attempt_id": attempt.pk,
                "user_id": user.pk,
                "status": "created",
                "full_name": "Ada King",
                "profile_name": "Ada King",
                "is_practice_exam": False,
                "is_proctored": True,
                "backend_supports_onboarding": True,
            },
        )
    ]


@pytest.mark.usefixtures("_verified_name")
def test_the_name_the_vendor_was_told_and_the_profiles_are_two_things(heard, vendor, committed, exam):
    with committed():
        creation.create(exam, UserFactory(), proctored=True)

    [(_, payload)] = heard
    assert (payload["full_name"], payload["profile_name"]) == ("Ada Lovelace", "Ada King Lovelace")


def test_nobody_whom_the_lms_does_not_know_has_a_name(heard, vendor, committed, exam, lms):
    lms.credit.state = None

    with committed():
        creation.create(exam, UserFactory(), proctored=True)

    [(_, payload)] = heard
    assert (payload["full_name"], payload["profile_name"]) == ("", "")


def test_a_new_attempt_that_lacks_onboarding_is_announced_once_and_by_name(heard, vendor, committed, exam):
    vendor.fail_with = BackendProviderOnboardingException(Status.onboarding_missing)

    with committed():
        creation.create(exam, UserFactory(), proctored=True)

    [(_, payload)] = heard
    assert (payload["status"], payload["full_name"]) == ("onboarding_missing", "Ada King Lovelace")


def test_an_attempt_that_the_vendor_refused_was_never_there(heard, vendor, committed, exam):
    vendor.fail_with = BackendProviderCannotRegisterAttempt()

    with committed(), pytest.raises(BackendProviderCannotRegisterAttempt):
        creation.create(exam, UserFactory(), proctored=True)

    assert heard == []


@pytest.mark.parametrize("kind", [{"timed": True}, {"practice": True, "backend": "watcher"}])
def test_a_new_attempt_without_proctoring(heard, committed, kind):
    exam = ExamFactory(**kind)

    with committed():
        creation.create(exam, UserFactory(), proctored=False)

    [(_, payload)] = heard
    assert (payload["full_name"], payload["profile_name"], payload["is_proctored"]) == ("", "", False)
    assert payload["is_practice_exam"] is exam.is_practice_exam


def test_a_move(heard, vendor, committed, exam):
    attempt = AttemptFactory(proctored_exam=exam, started=True)

    with committed():
        change_status(attempt.pk, Status.submitted, actor=Actor.LEARNER)
        change_status(attempt.pk, Status.submitted, actor=Actor.LEARNER)
        assert heard == [], "not before it is certain"

    [(sender, payload)] = heard
    assert sender == "edx_proctoring"
    assert (payload["status"], payload["full_name"], payload["profile_name"]) == ("submitted", None, None)
    assert len(payload) == 8


def test_weakness_98_whether_a_vendor_has_onboarding_is_yes_or_no(heard, committed):
    exam = ExamFactory(timed=True)

    with committed():
        attempt = creation.create(exam, UserFactory(), proctored=False)
        change_status(attempt.pk, Status.started, actor=Actor.LEARNER)

    assert [payload["backend_supports_onboarding"] for _, payload in heard] == [False, False]
