"""What the platform's retirement of learners calls (contract rest.md §5.23, §5.24)."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.urls import reverse
from rest_framework.test import APIClient

from proctoring.backends import provider_named
from proctoring.models import ProctoredExamSoftwareSecureReview
from proctoring.services import certificates, holds, retirement
from tests.factories import AttemptFactory, ReviewFactory, UserFactory

RETIRING = {"class": "tests.proctoring.retirement_fakes.RetiringBackend"}
NAMES = ["backend_user_deletion_api", "user_retirement_api"]


@pytest.fixture(autouse=True)
def _vendors(settings):
    settings.PROCTORING_BACKENDS = {"DEFAULT": "one", "one": RETIRING, "two": RETIRING}
    for name in ("one", "two"):
        provider_named(name).forget()


@pytest.fixture
def service(db):
    """The account of the platform's retirement, with the host's permission."""
    accounts, _ = ContentType.objects.get_or_create(app_label="accounts", model="userretirementstatus")
    permission = Permission.objects.create(content_type=accounts, codename="can_retire_user", name="Can retire users")
    user = UserFactory()
    user.user_permissions.add(permission)
    return user


def at_vendors(user_id):
    return f"/api/edx_proctoring/v1/retire_backend_user/{user_id}/"


def here(user_id):
    return f"/api/edx_proctoring/v1/retire_user/{user_id}/"


def test_routes_are_those_of_the_contract():
    assert [reverse(f"edx_proctoring:{name}", args=[7]) for name in NAMES] == [at_vendors(7), here(7)]


@pytest.mark.django_db
@pytest.mark.parametrize("address", [at_vendors(7), here(7)])
class TestWhoMay:
    def test_anybody_else_gets_no_body(self, client_of, address):
        for user in (UserFactory(), UserFactory(staff=True)):
            refused = client_of(user).post(address)
            assert (refused.status_code, refused.content) == (403, b"")
            assert "Content-Type" not in refused.headers

    def test_nobody_in_particular(self, address):
        refused = APIClient().post(address)
        assert (refused.status_code, list(refused.json())) == (403, ["detail"])

    @pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
    def test_other_methods(self, client_of, service, address, method):
        assert getattr(client_of(service), method)(address).status_code == 405


@pytest.mark.django_db
class TestAtVendors:
    def test_who_has_deleted_the_learner(self, client_of, service):
        learner = UserFactory()
        for backend in ("one", "two"):
            AttemptFactory(user=learner, proctored_exam__backend=backend)
        for _ in range(2):
            answer = client_of(service).post(at_vendors(learner.pk))
            assert (answer.status_code, answer.json()) == (200, {"one": True, "two": True})

    def test_one_that_has_not(self, client_of, service):
        learner = UserFactory()
        for backend in ("one", "two", "gone"):
            AttemptFactory(user=learner, proctored_exam__backend=backend)
        provider_named("two").fail_with = ValueError("secret")
        answer = client_of(service).post(at_vendors(learner.pk))
        assert (answer.status_code, answer.json()) == (500, {"gone": False, "one": True, "two": False})

    @pytest.mark.parametrize("user_id", ["0", "999999", "9" * 40])
    def test_nobody_and_nothing(self, client_of, service, user_id):
        answer = client_of(service).post(at_vendors(user_id))
        assert (answer.status_code, answer.json()) == (200, {})


@pytest.mark.django_db(transaction=True)
def test_vendors_are_asked_outside_of_transactions(client_of, service, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
    within = []
    attempt = AttemptFactory(proctored_exam__backend="one")
    vendor = provider_named("one")
    vendor.before_answering = lambda: within.append(connection.in_atomic_block)
    assert client_of(service).post(at_vendors(attempt.user_id)).json() == {"one": True}
    assert within == [False]


@pytest.mark.django_db
class TestHere:
    def test_the_learners_data_is_blank(self, client_of, service, lms):
        attempt = AttemptFactory(submitted=True, proctored_exam__backend="one")
        ReviewFactory(attempt=attempt)
        answer = client_of(service).post(here(attempt.user_id))
        assert (answer.status_code, answer.content) == (204, b"")
        assert "Content-Type" not in answer.headers
        assert ProctoredExamSoftwareSecureReview.objects.get().raw_data == ""

    @pytest.mark.parametrize("user_id", ["0", "999999", "9" * 40])
    def test_nobody(self, client_of, service, user_id):
        assert client_of(service).post(here(user_id)).status_code == 204

    def test_while_a_hold_keeps_it_the_answer_says_so(self, client_of, service, lms):
        attempt = AttemptFactory(submitted=True, proctored_exam__backend="one")
        ReviewFactory(attempt=attempt, raw_data='{"who": "Ada"}')
        hold = holds.place(service, "A lawsuit", learner=attempt.user)
        answer = client_of(service).post(here(attempt.user_id))
        assert (answer.status_code, answer.content, answer["Retention-Hold"]) == (204, b"", "true")
        assert ProctoredExamSoftwareSecureReview.objects.get().raw_data
        holds.lift(hold, service, "Settled")
        retirement.erase_waiting()
        assert ProctoredExamSoftwareSecureReview.objects.get().raw_data == ""
        [certificate] = certificates.of_learner(attempt.user_id)
        assert certificate.content["asked_by"] == f"account {service.pk}"

    def test_while_a_hold_keeps_it_no_vendor_is_asked(self, client_of, service):
        attempt = AttemptFactory(proctored_exam__backend="one")
        holds.place(service, "A lawsuit", learner=attempt.user)
        answer = client_of(service).post(at_vendors(attempt.user_id))
        assert (answer.status_code, answer.json()) == (500, {"one": False})
        assert not [call for call in provider_named("one").calls if call[0] == "retire"]
