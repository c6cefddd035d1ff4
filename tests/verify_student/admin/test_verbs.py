"""What staff do to verifications on the admin's pages, each with exactly the permissions that it takes."""

import re

import pytest
from django.contrib.admin.models import LogEntry

from tests.verify_student.admin.conftest import told
from tests.verify_student.factories import AttemptFactory, ManualFactory, VerificationFactory
from verify_student.models import ManualVerification, OutboxMessage, StaffAction
from verify_student.services import staff_actions

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("files")]

PHOTO, MANUAL, ATTEMPT = "softwaresecurephotoverification", "manualverification", "verificationattempt"
SEE, DECIDE = "see_photos", "review_verifications"
VERBS = [
    (PHOTO, "approve-photos", lambda: VerificationFactory(status="submitted", provider="software_secure")),
    (PHOTO, "ask-provider-again", lambda: VerificationFactory(status="must_retry", provider="software_secure")),
    (ATTEMPT, "approve-attempt", lambda: AttemptFactory(status="pending")),
    (ATTEMPT, "deny-attempt", lambda: AttemptFactory(status="pending")),
    (MANUAL, "take-back", ManualFactory),
]


@pytest.fixture
def four_eyes(settings):
    settings.VERIFY_STUDENT = settings.VERIFY_STUDENT | {"FOUR_EYES": True}


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def status_of(row):
    row.refresh_from_db()
    return row.status


class TestWhoMay:
    @pytest.mark.parametrize(("model", "verb", "make"), VERBS)
    def test_it_takes_the_permission_to_decide(self, screens_with, model, verb, make):
        row = make()
        others = screens_with(f"view_{model}", f"change_{model}", SEE)
        assert (others.look(model, row.pk, verb).status_code, others.do(model, row.pk, verb).status_code) == (403, 403)
        others.act(model, verb, row.pk)
        assert not StaffAction.objects.exists()
        assert verb not in others.row(model, row.pk).content.decode()
        assert screens_with(f"view_{model}", DECIDE).look(model, row.pk, verb).status_code == 200

    @pytest.mark.parametrize(("model", "verb", "make"), VERBS)
    def test_what_somebody_may_not_see_they_do_nothing_to(self, screens_with, model, verb, make):
        row = make()
        blind = screens_with(DECIDE)
        assert (blind.look(model, row.pk, verb).status_code, blind.do(model, row.pk, verb).status_code) == (403, 403)
        assert not StaffAction.objects.exists()

    @pytest.mark.parametrize(("model", "verb", "make"), VERBS)
    def test_whoever_may_finds_the_button(self, screens_with, model, verb, make):
        row = make()
        reviewer = screens_with(f"view_{model}", DECIDE)
        assert f"/{row.pk}/act/{verb}/" in reviewer.row(model, row.pk).content.decode()
        assert f'value="{verb}"' in reviewer.rows(model).content.decode()

    @pytest.mark.parametrize(
        ("model", "verb", "factory", "status"),
        [
            (PHOTO, "approve-photos", VerificationFactory, "submitted"),
            (ATTEMPT, "approve-attempt", AttemptFactory, "pending"),
            (ATTEMPT, "deny-attempt", AttemptFactory, "pending"),
            (MANUAL, "take-back", ManualFactory, "approved"),
        ],
    )
    def test_nobody_decides_on_themselves(self, screens, model, verb, factory, status):
        own = factory(user=screens.user, status=status)
        assert "This is your own verification: somebody else decides." in text_of(screens.look(model, own.pk, verb))
        screens.do(model, own.pk, verb)
        assert (status_of(own), StaffAction.objects.get().refused) == (status, 1)

    def test_seeing_photos_is_another_permission(self, screens_with):
        row = VerificationFactory(status="submitted", provider="software_secure")
        reviewer = screens_with(f"view_{PHOTO}", DECIDE)
        assert "Photos and decision" not in reviewer.row(PHOTO, row.pk).content.decode()
        assert (reviewer.review(row.pk).status_code, reviewer.photo(row.pk, "face").status_code) == (403, 403)

    def test_our_own_reviews_take_both(self, screens_with):
        row = VerificationFactory(status="submitted", provider="local")
        screens_with(f"view_{PHOTO}", DECIDE).do(PHOTO, row.pk, "approve-photos")
        assert status_of(row) == "submitted"
        screens_with(f"view_{PHOTO}", DECIDE, SEE).do(PHOTO, row.pk, "approve-photos")
        assert status_of(row) == "approved"


def test_an_approval_has_its_line_in_the_log(screens):
    row = VerificationFactory(status="submitted", provider="software_secure")
    answer = screens.do(PHOTO, row.pk, "approve-photos", "The vendor wrote to us")
    assert told(answer)[0][0] == "success"
    assert (status_of(row), row.reviewing_user, row.reviewing_service) == ("approved", screens.user, "staff action")
    line = LogEntry.objects.get()
    assert (line.user, line.object_id) == (screens.user, str(row.pk))
    assert "The vendor wrote to us" in line.change_message


def test_without_a_reason_nothing_happens(screens):
    row = VerificationFactory(status="submitted", provider="software_secure")
    assert screens.do(PHOTO, row.pk, "approve-photos", " ").status_code == 400
    assert status_of(row) == "submitted"


def test_what_is_taken_back_is_on_record(screens):
    row = ManualFactory()
    answer = screens.do(MANUAL, row.pk, "take-back", "The wrong account")
    assert (answer.status_code, ManualVerification.objects.exists()) == (302, False)
    assert LogEntry.objects.get().change_message == "Take back: The wrong account"


class TestMany:
    @pytest.mark.usefixtures("four_eyes")
    def test_four_eyes_are_not_got_round(self, screens):
        ours = VerificationFactory.create_batch(2, status="submitted", provider="local")
        theirs = VerificationFactory(status="submitted", provider="software_secure")
        chosen = screens.act(PHOTO, "approve-photos", *(row.pk for row in (*ours, theirs)))
        look = text_of(screens.client.get(chosen["Location"]))
        assert look.count("Will be left as it is: Two reviewers have to agree on this one") == 2
        screens.confirm(chosen)
        assert [status_of(row) for row in (*ours, theirs)] == ["submitted", "submitted", "approved"]
        assert not any(row.opinions.exists() for row in ours)

    def test_more_than_a_few_are_left_to_the_task_queue(self, screens):
        rows = VerificationFactory.create_batch(11, status="must_retry", provider="software_secure")
        rows.append(VerificationFactory(status="denied", provider="software_secure"))
        screens.confirm(screens.act(PHOTO, "approve-photos", *(row.pk for row in rows)))
        staff_actions.actions.run_due()
        action = StaffAction.objects.get()
        assert (action.state, action.done, action.refused) == ("done", 12, 0)
        assert OutboxMessage.objects.filter(kind="mail.approved").count() == 12

    @pytest.mark.parametrize("number", [12, 60])
    @pytest.mark.parametrize("verb", ["approve-photos", "ask-provider-again"])
    def test_a_look_takes_constant_queries(self, screens, query_budget, number, verb):
        rows = VerificationFactory.create_batch(number, status="must_retry", provider="software_secure")
        chosen = screens.act(PHOTO, verb, *(row.pk for row in rows))
        with query_budget("verify_student.admin.look"):
            screens.client.get(chosen["Location"])
