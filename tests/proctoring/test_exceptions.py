import pickle

import pytest

from proctoring import exceptions
from proctoring.backends.rest import VendorCallRefused
from proctoring.common.errors import DomainError
from proctoring.exceptions import (
    BackendProviderCannotRegisterAttempt,
    BackendProviderCannotRemoveAttempt,
    BackendProviderOnboardingException,
    BackendProviderRemovalNotConfirmed,
    BackendProviderSentNoAttemptID,
    ProctoredBaseException,
    VendorRefusal,
)

# Contract python.md §8.4 and since_6_1.md 4. A vendor's refusals carry the vendor's status, 502 where there is none.
PUBLISHED = {
    "ProctoredExamAlreadyExists": 400,
    "ProctoredExamNotFoundException": 400,
    "ProctoredExamReviewPolicyNotFoundException": 400,
    "ProctoredExamReviewPolicyAlreadyExists": 400,
    "ProctoredExamNotActiveException": 400,
    "StudentExamAttemptAlreadyExistsException": 400,
    "StudentExamAttemptDoesNotExistsException": 400,
    "StudentExamAttemptedAlreadyStarted": 400,
    "StudentExamAttemptOnPastDueProctoredExam": 400,
    "UserNotFoundException": 400,
    "AllowanceValueNotAllowedException": 400,
    "BackendProviderCannotRegisterAttempt": 502,
    "BackendProviderSentNoAttemptID": 502,
    "BackendProviderOnboardingException": 400,
    "BackendProviderOnboardingProfilesException": 502,
    "ProctoredExamPermissionDenied": 403,
    "ProctoredExamSuspiciousLookup": 400,
    "ProctoredExamReviewAlreadyExists": 400,
    "ProctoredExamBadReviewStatus": 400,
    "ProctoredExamIllegalStatusTransition": 400,
    "ProctoredExamIllegalResumeUpdate": 400,
    "BackendProviderCannotRetireUser": 502,
    "BackendProviderNotConfigured": 500,
    "BackendProviderCannotRemoveAttempt": 502,
    "BackendProviderRemovalNotConfirmed": 502,
}
FAMILY = [
    kind
    for kind in vars(exceptions).values()
    if isinstance(kind, type) and issubclass(kind, ProctoredBaseException) and kind is not VendorRefusal
]
VENDORS = [kind for kind in [*FAMILY, VendorCallRefused] if issubclass(kind, VendorRefusal)]


@pytest.mark.parametrize(("name", "status"), PUBLISHED.items())
def test_every_published_refusal_has_its_name_and_status(name: str, status: int) -> None:
    kind = getattr(exceptions, name)

    assert issubclass(kind, ProctoredBaseException)
    assert kind.http_status == status


def test_a_caller_can_catch_them_all() -> None:
    assert issubclass(ProctoredBaseException, DomainError)


def test_every_kind_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in [*FAMILY, VendorCallRefused]]

    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("kind", [*FAMILY, VendorCallRefused], ids=lambda kind: kind.__name__)
def test_every_kind_has_a_sentence_for_people(kind: type[ProctoredBaseException]) -> None:
    error = kind("onboarding_missing") if kind is BackendProviderOnboardingException else kind()

    assert error.detail.endswith(".")
    assert "%" not in error.detail


@pytest.mark.parametrize("kind", VENDORS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("status", [200, 401, 404, 503])
def test_a_vendors_answer_is_kept_and_never_passed_on(kind: type[VendorRefusal], status: int) -> None:
    error = kind(b"Ada Lovelace", status)

    assert (error.content, error.http_status, error.response_status) == (b"Ada Lovelace", status, 502)
    assert "Ada" not in f"{error} {error!r} {error.detail} {error.fields}"


def test_no_answer_is_502() -> None:
    error = BackendProviderCannotRegisterAttempt()

    assert (error.content, error.http_status, error.response_status) == (None, 502, 502)


def test_who_is_a_kind_of_whom() -> None:
    assert issubclass(BackendProviderSentNoAttemptID, BackendProviderCannotRegisterAttempt)
    assert issubclass(BackendProviderRemovalNotConfirmed, BackendProviderCannotRemoveAttempt)
    assert not issubclass(BackendProviderOnboardingException, VendorRefusal)


def test_an_onboarding_problem_says_which() -> None:
    error = BackendProviderOnboardingException("onboarding_pending")

    assert error.status == "onboarding_pending"
    assert "pending" not in error.detail


@pytest.mark.parametrize(
    "error",
    [BackendProviderSentNoAttemptID({"id": None}, 200), BackendProviderOnboardingException("onboarding_failed")],
)
def test_they_survive_a_task_queue(error: ProctoredBaseException) -> None:
    copied = pickle.loads(pickle.dumps(error))  # noqa: S301

    assert type(copied) is type(error)
    assert vars(copied).keys() == vars(error).keys()
    assert copied.http_status == error.http_status
    assert copied.detail == error.detail
