"""Several learners' clicks, workers, vendors or reviewers at the same time, on a database with row locks."""

import json
from collections import Counter
from itertools import count

import pytest
import responses
from django.db import connection

from proctoring.common.inbox import InboxState
from tests.factories import UserFactory
from tests.proctoring.services.test_concurrency import WORKERS, together
from tests.verify_student.factories import VerificationFactory
from tests.verify_student.pictures import picture
from verify_student import api
from verify_student.backends.types import Message
from verify_student.exceptions import VerificationPending
from verify_student.models import (
    InboxDelivery,
    LocalOpinion,
    ManualVerification,
    OutboxMessage,
    SoftwareSecurePhotoVerification,
    SSOVerification,
    StoredPhoto,
)
from verify_student.services import delivery, inbox, local_review, photos, sso, submission
from verify_student.services.local_review import DecidedMeanwhile, Outcome
from verify_student.statuses import DECIDED

pytestmark = [
    pytest.mark.skipif(connection.vendor == "sqlite", reason="needs row locks; `make test-services` runs this"),
    pytest.mark.django_db(transaction=True),
]
Verification = SoftwareSecurePhotoVerification
VENDOR = "https://vendor.test/verify"


@pytest.fixture
def photo():
    return photos.decode_file(picture())


@pytest.fixture
def local(settings, files):
    settings.VERIFY_STUDENT = {"PROVIDER": "local"}
    return files


@pytest.fixture
def vendor(vendor_settings, files):
    secrets = {"API_ACCESS_KEY": "access", "API_SECRET_KEY": "secret"}
    vendor_settings.VERIFY_STUDENT["SOFTWARE_SECURE"].update(secrets)
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def numbered(do):
    """:func:`together`, each with a number of its own."""
    numbers = count()
    return together(lambda: do(next(numbers)))


def kinds(outcomes):
    return Counter(type(outcome) for outcome in outcomes)


def stored(files):
    return sorted(f"{folder}/{name}" for folder in files.listdir("")[0] for name in files.listdir(folder)[1])


def known_files():
    rows = StoredPhoto.objects.values_list("name", "vendor_name")
    return sorted(name for names in rows for name in names if name)


def send(verification, result):
    body = json.dumps({"EdX-ID": verification.receipt_id, "Result": result, "Reason": "", "MessageType": ""})
    return inbox.receive(Message({"Authorization": "SSI access:signature"}, body.encode()), "software_secure")


def mails():
    messages = OutboxMessage.objects.filter(kind__startswith="mail.").exclude(kind="mail.submitted")
    return Counter(messages.values_list("kind", flat=True))


def test_weakness_w16_one_of_many_clicks_and_no_file_of_the_others(local, photo):
    user = UserFactory()
    outcomes = together(lambda: submission.submit(user, face=photo, photo_id=photo))
    assert {outcome.pk for outcome in outcomes} == {Verification.objects.get().pk}
    asked = Counter(OutboxMessage.objects.values_list("kind", flat=True))
    assert (asked["provider.submit"], asked["mail.submitted"]) == (1, 1)
    assert len(stored(local)) == 2
    assert stored(local) == known_files()


def test_weakness_w16_one_of_many_different_submissions(vendor, files, photo):
    vendor.post(VENDOR, status=200)
    user = UserFactory()
    ids = [photos.decode_file(picture(size=(100 + 100 * number, 100))) for number in range(WORKERS)]
    outcomes = numbered(lambda number: submission.submit(user, face=photo, photo_id=ids[number]))
    assert kinds(outcomes) == {Verification: 1, VerificationPending: WORKERS - 1}
    assert stored(files) == known_files()
    assert (len(stored(files)), len(vendor.calls)) == (4, 1)


def test_weakness_w8_workers_ask_once(vendor, photo):
    vendor.post(VENDOR, status=200)
    verification = VerificationFactory(status="ready", provider="software_secure")
    for _ in range(3):
        OutboxMessage.objects.create(
            kind=submission.SUBMIT,
            destination="software_secure",
            stream=f"software_secure:{verification.pk}",
            payload={"verification_id": verification.pk},
        )
    together(delivery.courier.do_due)
    verification.refresh_from_db()
    assert (verification.status, len(vendor.calls)) == ("submitted", 1)
    assert delivery.courier.do_due() <= 2
    assert len(vendor.calls) == 1


@pytest.mark.parametrize("result", ["PASS", "FAIL"])
def test_weakness_w11_a_result_and_the_record_of_its_request(vendor, photo, result):
    verification = VerificationFactory(status="ready", provider="software_secure")
    vendor.post(VENDOR, status=200)
    submission.resubmit(verification.pk)
    outcomes = numbered(lambda number: send(verification, result) if number % 2 else delivery.courier.do_due())
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    verification.refresh_from_db()
    assert verification.status == {"PASS": "approved", "FAIL": "denied"}[result]
    assert sum(mails().values()) == 1
    assert InboxDelivery.objects.get().state == InboxState.APPLIED


def test_weakness_w25_contradictory_results_at_once(vendor):
    verification = VerificationFactory(status="submitted", provider="software_secure")
    outcomes = numbered(lambda number: send(verification, "PASS" if number % 2 else "FAIL"))
    assert kinds(outcomes) == {InboxDelivery: WORKERS}
    verification.refresh_from_db()
    assert verification.status in DECIDED
    assert InboxDelivery.objects.filter(state=InboxState.APPLIED).count() == 2


@pytest.fixture
def reviewers():
    return [UserFactory(is_superuser=True) for _ in range(WORKERS)]


def waiting():
    return VerificationFactory(status="submitted", provider="local")


def test_two_eyes_decide_once(local, reviewers):
    verification = waiting()
    outcomes = numbered(lambda number: local_review.approve(verification.pk, reviewers[number], seen="submitted"))
    assert kinds(outcomes) == {Outcome: 1, DecidedMeanwhile: WORKERS - 1}
    assert mails() == {"mail.approved": 1}


def test_four_eyes_of_two_people_decide_once(local, reviewers, settings):
    settings.VERIFY_STUDENT = {"PROVIDER": "local", "FOUR_EYES": True}
    verification = waiting()
    outcomes = numbered(lambda number: local_review.approve(verification.pk, reviewers[number], seen="submitted"))
    assert kinds(outcomes) == {Outcome: 2, DecidedMeanwhile: WORKERS - 2}
    assert sorted(outcome.decided for outcome in outcomes if isinstance(outcome, Outcome)) == [False, True]
    assert (LocalOpinion.objects.count(), mails()) == (2, {"mail.approved": 1})


def test_one_pair_of_eyes_is_never_four(local, reviewers, settings):
    settings.VERIFY_STUDENT = {"PROVIDER": "local", "FOUR_EYES": True}
    verification = waiting()
    outcomes = together(lambda: local_review.approve(verification.pk, reviewers[0], seen="submitted"))
    assert {outcome.decided for outcome in outcomes} == {False}
    verification.refresh_from_db()
    assert (verification.status, LocalOpinion.objects.count()) == ("submitted", 1)


def test_two_who_disagree_decide_nothing(local, reviewers, settings):
    settings.VERIFY_STUDENT = {"PROVIDER": "local", "FOUR_EYES": True}
    verification = waiting()

    def judged(number):
        if number % 2:
            return local_review.approve(verification.pk, reviewers[1], seen="submitted")
        return local_review.deny(verification.pk, reviewers[0], ["id_invalid"], seen="submitted")

    assert {outcome.decided for outcome in numbered(judged)} == {False}
    assert (LocalOpinion.objects.count(), mails()) == (2, {})


def test_one_verification_for_sign_ons_at_once():
    user = UserFactory()
    together(lambda: sso.record_login(user, SSOVerification.SAML, "university"))
    assert SSOVerification.objects.count() == 1


def test_one_verification_for_staff_who_vouch_at_once():
    user = UserFactory()
    together(lambda: api.vouch_for(user))
    assert ManualVerification.objects.count() == 1
