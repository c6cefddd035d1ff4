"""A learner gets all that is kept of their exams, and nothing of anybody else."""

import json

import pytest

from proctoring.common.inbox import Envelope, store
from proctoring.conf import config
from proctoring.models import AuditEntry, InboxDelivery, OutboxMessage
from proctoring.services import audit, export, retention
from tests.factories import AllowanceFactory, AttemptFactory, CommentFactory, ReviewFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner():
    return UserFactory(username="ada", first_name="Ada")


@pytest.fixture
def other():
    return UserFactory(username="somebody_else", email="somebody@else.test")


def data_of(user, staff):
    attempt = AttemptFactory(user=user, submitted=True)
    review = ReviewFactory(attempt=attempt, raw_data='{"said": "of the vendor"}', reviewed_by=staff)
    CommentFactory(review=review)
    AllowanceFactory(user=user, proctored_exam=attempt.proctored_exam, value="30").save()
    OutboxMessage.objects.create(
        kind="mail.status", stream=f"mail:{attempt.pk}", payload={"attempt_id": attempt.pk, "status": "submitted"}
    )
    audit.record("review.looked_at", review, actor=staff)
    audit.record("attempt.removed", attempt, actor=user)
    return attempt


def document(learner, **options):
    return json.loads("".join(export.export_subject_data(learner, **options)))


def test_messages_of_another_vendor_under_the_same_id_are_not_told(learner, other, lms):
    AttemptFactory(user=learner, external_id="7", proctored_exam__backend="one")
    AttemptFactory(user=other, external_id="7", proctored_exam__backend="two")
    for source in ("one", "two"):
        store(InboxDelivery, Envelope(source, "review", "7", b"{}"), config.keyring)
    assert [one["vendor"] for one in document(learner)["vendor_messages"]] == ["one"]
    assert [one["vendor"] for one in document(other)["vendor_messages"]] == ["two"]


def test_the_shape_is_stable(learner, other, lms):
    attempt = data_of(learner, other)
    told = document(learner)
    assert list(told) == [
        "format",
        "version",
        "exported_at",
        "learner",
        "policies",
        "attempts",
        "statuses",
        "allowances",
        "former_allowances",
        "reviews",
        "vendor_messages",
        "mails",
        "decisions_and_looks",
    ]
    assert (told["format"], told["version"]) == ("special-exams.exam-data", 1)
    assert told["learner"] == {"id": learner.pk, "username": "ada"}
    assert [policy["kind"] for policy in told["policies"]] == [policy.kind for policy in retention.POLICIES]
    assert [one["id"] for one in told["attempts"]] == [attempt.pk]
    assert told["attempts"][0]["status"] == "verified"
    assert {one["attempt"] for one in told["statuses"]} == {attempt.pk}
    assert [(one["what"], one["value"]) for one in told["allowances"]] == [("additional_time_granted", "30")]
    assert len(told["former_allowances"]) == len(told["reviews"]) == 1
    assert {one["about"] for one in told["mails"]} == {"submitted", "verified"}
    assert {("attempt.removed", "you"), ("review.looked_at", "staff")} <= {
        (one["event"], one["by"]) for one in told["decisions_and_looks"]
    }


def test_nobody_else_is_in_it(learner, other, lms):
    data_of(other, learner)
    data_of(learner, other)
    text = "".join(export.export_subject_data(learner))
    assert "somebody" not in text
    assert "of the vendor" not in text
    assert len(json.loads(text)["attempts"]) == 1


def test_what_was_deleted_is_still_told_as_long_as_it_is_kept(learner, other, lms):
    data_of(learner, other).delete()
    told = document(learner)
    assert (told["attempts"], len(told["reviews"])) == ([], 1)
    assert told["statuses"]


def test_that_it_was_made_is_recorded(learner):
    document(learner, by=learner)
    entry = AuditEntry.objects.get(event="data.exported")
    assert (entry.actor_id, entry.subject_id) == (learner.pk, str(learner.pk))


@pytest.mark.parametrize("count", [1, 5])
def test_statements_do_not_grow(learner, other, lms, count, query_budget):
    for _ in range(count):
        data_of(learner, other)
    with query_budget("export.exam_data"):
        document(learner)
