"""A course's attempts in numbered pages, at sizes at which places are remembered."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from proctoring.models import ProctoredExamStudentAttempt
from proctoring.services import listings
from proctoring.services.course_pairs import CoursePairs, SearchedPairs
from tests.factories import COURSE_ID, AttemptFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db
Attempt = ProctoredExamStudentAttempt


@pytest.fixture
def course():
    """30 pairs at three exams, each with an earlier attempt; none at the fourth."""
    exams = ExamFactory.create_batch(4)
    now = timezone.now()
    for number in range(30):
        pair = {"user": UserFactory(), "proctored_exam": exams[number % 3]}
        for days in (number, number + 100):
            made = AttemptFactory(**pair)
            Attempt.objects.filter(pk=made.pk).update(created=now - timedelta(days=days))


def counted_pairs(**sizes):
    return CoursePairs(COURSE_ID, **sizes)


def shown(pairs, part):
    return [(pair["user_id"], pair["proctored_exam_id"]) for pair in pairs[part]]


@pytest.mark.parametrize("step", [1, 4, 7, 30, 100])
@pytest.mark.parametrize("start", [0, 5, 10, 25, 28])
def test_a_page_is_the_same_whatever_is_remembered(course, step, start):
    part = slice(start, min(start + 5, 30))
    large = counted_pairs(large=10, step=step)
    assert large.count() == counted_pairs().count() == 30
    assert shown(large, part) == shown(listings.pairs_of_course(COURSE_ID), part)


def test_what_is_new_is_on_the_first_page_at_once(course):
    assert counted_pairs(large=10, step=4).count() == 30
    new = AttemptFactory(proctored_exam__course_id=COURSE_ID)
    later = counted_pairs(large=10, step=4)
    assert shown(later, slice(0, 5))[0] == (new.user_id, new.proctored_exam_id)
    assert later.count() == 30
    cache.clear()
    assert counted_pairs(large=10, step=4).count() == 31


def test_what_is_gone_is_on_no_page(course):
    assert counted_pairs(large=10, step=4).count() == 30
    Attempt.objects.all().delete()
    later = counted_pairs(large=10, step=4)
    assert (shown(later, slice(0, 5)), shown(later, slice(20, 25))) == ([], [])


def test_a_deep_page_takes_as_many_statements_as_the_first(course, query_budget):
    counted_pairs(large=10, step=4).count()
    for start in (0, 25):
        with query_budget("services.course_pairs"):
            assert len(counted_pairs(large=10, step=4)[slice(start, start + 5)]) == 5


def test_a_small_course_is_counted_each_time():
    assert counted_pairs(large=2).count() == 0
    AttemptFactory(proctored_exam__course_id=COURSE_ID)
    assert counted_pairs(large=2).count() == 1


@pytest.mark.parametrize("kept", [1, 5, 29, 30, 31])
@pytest.mark.parametrize("start", [0, 3, 5, 25])
def test_a_page_of_a_search_is_the_same_whatever_is_remembered(course, kept, start):
    for _ in ("first", "again"):
        found = SearchedPairs(COURSE_ID, "learner", kept)
        assert found.count() == 30
        part = slice(start, start + 5)
        assert shown(found, part) == shown(listings.pairs_of_course(COURSE_ID), part)


def test_who_has_begun_since_the_last_search_is_found_at_once():
    wanted = UserFactory(username="wanted")
    first = AttemptFactory(user=wanted, proctored_exam__course_id=COURSE_ID)
    assert SearchedPairs(COURSE_ID, "WANT").count() == 1
    new = AttemptFactory(user=UserFactory(email="wanted@example.org"), proctored_exam__course_id=COURSE_ID)
    AttemptFactory(proctored_exam__course_id=COURSE_ID)
    AttemptFactory(user=wanted, proctored_exam__course_id="course-v1:Test+OTHER+2026")
    again = SearchedPairs(COURSE_ID, "WANT")
    assert again.count() == 2
    assert shown(again, slice(0, 2)) == [(one.user_id, one.proctored_exam_id) for one in (new, first)]


def test_a_search_of_another_course_or_for_something_else_is_another_search():
    attempt = AttemptFactory(user=UserFactory(username="wanted"), proctored_exam__course_id=COURSE_ID)
    assert SearchedPairs(COURSE_ID, "wanted").count() == 1
    assert SearchedPairs(COURSE_ID, "nobody").count() == 0
    assert SearchedPairs("course-v1:Test+OTHER+2026", "wanted").count() == 0
    attempt.delete()
    assert shown(SearchedPairs(COURSE_ID, "nobody"), slice(0, 5)) == []


def test_what_a_search_has_found_is_not_looked_for_again(course, query_budget):
    SearchedPairs(COURSE_ID, "learner").count()
    with query_budget("services.course_pairs.searched"):
        again = SearchedPairs(COURSE_ID, "learner")
        assert (again.count(), len(again[:25])) == (30, 25)
