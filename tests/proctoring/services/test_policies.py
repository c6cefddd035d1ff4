"""What the reviewers of an exam are told."""

import pytest

from proctoring.exceptions import (
    ProctoredExamNotFoundException,
    ProctoredExamReviewPolicyAlreadyExists,
    ProctoredExamReviewPolicyNotFoundException,
    UserNotFoundException,
)
from proctoring.models import OutboxMessage, ProctoredExamReviewPolicy, ProctoredExamReviewPolicyHistory
from proctoring.services import policies
from tests.factories import ExamFactory, ReviewPolicyFactory, UserFactory

pytestmark = pytest.mark.django_db
NOBODY = 10**6


def archived() -> list[str]:
    kept = ProctoredExamReviewPolicyHistory.objects.order_by("id")
    return list(kept.values_list("review_policy", flat=True))


def test_an_exam_gets_one_policy():
    exam, author = ExamFactory(), UserFactory()
    policy = policies.create(exam.pk, author.pk, "Books are allowed.")
    assert policies.of_exam(exam.pk) == policy
    with pytest.raises(ProctoredExamReviewPolicyAlreadyExists):
        policies.create(exam.pk, author.pk, "They are not.")
    assert policies.of_exam(exam.pk).review_policy == "Books are allowed."
    assert archived() == []


def test_a_policy_needs_its_exam_and_its_author():
    with pytest.raises(ProctoredExamNotFoundException):
        policies.create(NOBODY, UserFactory().pk, "For nothing.")
    exam = ExamFactory()
    with pytest.raises(UserNotFoundException):
        policies.create(exam.pk, NOBODY, "By nobody.")
    policies.create(exam.pk, UserFactory().pk, "By somebody.")
    with pytest.raises(UserNotFoundException):
        policies.update(exam.pk, NOBODY, "By nobody.")
    assert policies.of_exam(exam.pk).review_policy == "By somebody."


def test_an_update_replaces_text_and_author_and_keeps_what_was_there():
    policy, author = ReviewPolicyFactory(review_policy="First"), UserFactory()
    policies.update(policy.proctored_exam_id, author.pk, "Second")
    changed = policies.of_exam(policy.proctored_exam_id)
    assert (changed.pk, changed.review_policy, changed.set_by_user) == (policy.pk, "Second", author)
    assert archived() == ["First"]


@pytest.mark.parametrize("text", ["", None])
def test_an_empty_text_removes_the_policy(text):
    policy = ReviewPolicyFactory(review_policy="First")
    policies.update(policy.proctored_exam_id, NOBODY, text)
    assert not ProctoredExamReviewPolicy.objects.exists()
    assert archived() == ["First"]


@pytest.mark.parametrize("exam_exists", [True, False])
def test_a_policy_that_is_not_there(exam_exists):
    exam_id = ExamFactory().pk if exam_exists else NOBODY
    for do in (
        lambda: policies.of_exam(exam_id),
        lambda: policies.remove(exam_id),
        lambda: policies.update(exam_id, UserFactory().pk, "New"),
        lambda: policies.update(exam_id, UserFactory().pk, ""),
    ):
        with pytest.raises(ProctoredExamReviewPolicyNotFoundException):
            do()


def test_weakness_42_duplicates_of_an_old_race():
    older = ReviewPolicyFactory(review_policy="Older")
    exam = older.proctored_exam
    newer = ReviewPolicyFactory(proctored_exam=exam, review_policy="Newer")
    assert policies.of_exam(exam.pk) == newer
    with pytest.raises(ProctoredExamReviewPolicyAlreadyExists):
        policies.create(exam.pk, UserFactory().pk, "Third")
    policies.remove(exam.pk)
    with pytest.raises(ProctoredExamReviewPolicyNotFoundException):
        policies.of_exam(exam.pk)


def test_weakness_91_the_vendor_hears_of_a_removed_policy(vendor, committed):
    policy = ReviewPolicyFactory(proctored_exam=ExamFactory(backend="watcher"))
    OutboxMessage.objects.all().delete()
    with committed():
        policies.update(policy.proctored_exam_id, UserFactory().pk, "")
    assert vendor.calls == [("exam", policy.proctored_exam_id, True)]
