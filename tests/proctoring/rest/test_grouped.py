"""A course's attempts by learner and exam, over HTTP (contract rest.md §5.6)."""

import json
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils import timezone

from proctoring.models import ProctoredExamStudentAttempt
from proctoring.serializers import attempt_dict
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import COURSE_ID, AttemptFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db
Attempt = ProctoredExamStudentAttempt

ELSEWHERE = "course-v1:Test+OTHER+2026"
GROUPED = "/api/edx_proctoring/v1/proctored_exam/attempt/grouped/course_id"


@pytest.fixture
def staff(client_of, lms):
    user = UserFactory()
    lms.instructor.staff.add((user.pk, COURSE_ID))
    return client_of(user)


def url(course_id=COURSE_ID, search_by=None):
    return f"{GROUPED}/{course_id}" if search_by is None else f"{GROUPED}/{course_id}/search/{quote(search_by)}"


def ids(answer):
    return [row["id"] for row in answer.json()["proctored_exam_attempts"]]


def made(days_ago, **fields):
    """An attempt that was made so many days ago."""
    attempt = AttemptFactory(**fields)
    Attempt.objects.filter(pk=attempt.pk).update(created=timezone.now() - timedelta(days=days_ago))
    attempt.refresh_from_db()
    return attempt


class TestRows:
    def test_routes_are_those_of_the_contract(self):
        name = "edx_proctoring:proctored_exam.attempts.grouped"
        assert reverse(f"{name}.course", kwargs={"course_id": COURSE_ID}) == url()
        assert reverse(f"{name}.search", kwargs={"course_id": COURSE_ID, "search_by": "a/b"}) == url(search_by="a/b")

    def test_the_latest_of_each_learner_and_exam_newest_first(self, staff):
        ada, bob, timed, watched = UserFactory(), UserFactory(), ExamFactory(timed=True), ExamFactory(backend="watcher")
        # The latest one is the one that was made last, not the one with the highest id.
        latest = made(1, user=ada, proctored_exam=watched)
        older = made(3, user=ada, proctored_exam=watched, status=Status.error)
        oldest = made(5, user=ada, proctored_exam=watched, status=Status.error)
        of_bob = made(2, user=bob, proctored_exam=watched)
        in_timed = made(4, user=ada, proctored_exam=timed)
        made(0, proctored_exam__course_id=ELSEWHERE)
        answer = staff.get(url())
        assert answer.status_code == 200
        assert ids(answer) == [latest.pk, of_bob.pk, in_timed.pk]
        first = answer.json()["proctored_exam_attempts"][0]
        assert [one["id"] for one in first.pop("all_attempts")] == [latest.pk, older.pk, oldest.pk]
        assert set(first) == set(attempt_dict(latest))
        assert (first["user"]["email"], first["proctored_exam"]["id"]) == (ada.email, watched.pk)
        del answer.json()["proctored_exam_attempts"]
        assert answer.json()["attempt_url"] == url()

    def test_attempts_of_one_instant_are_ordered_by_their_ids(self, staff):
        pairs = [AttemptFactory(status=Status.error) for _ in range(3)]
        again = AttemptFactory(user=pairs[0].user, proctored_exam=pairs[0].proctored_exam)
        Attempt.objects.update(created=timezone.now())
        assert ids(staff.get(url())) == [again.pk, pairs[2].pk, pairs[1].pk]

    def test_nothing(self, staff):
        assert staff.get(url()).json() == {
            "proctored_exam_attempts": [],
            "pagination_info": {"has_previous": False, "has_next": False, "current_page": 1, "total_pages": 1},
            "attempt_url": url(),
        }

    def test_what_nobody_has_closed_yet_is_shown_as_closed(self, staff):
        attempt = AttemptFactory(started=True)
        row = staff.get(url()).json()["proctored_exam_attempts"][0]
        assert row["status"] == row["all_attempts"][0]["status"] == "submitted"
        assert row["completed_at"] is not None
        attempt.refresh_from_db()
        assert attempt.status == Status.started


class TestPages:
    @pytest.mark.parametrize(
        ("page", "current"),
        [
            (None, 1),
            ("1", 1),
            ("2", 2),
            ("3", 3),
            ("4", 3),
            ("0", 3),
            ("-1", 3),
            ("first", 1),
            ("", 1),
            ("9" * 5000, 1),
        ],
    )
    def test_pages_of_25_and_numbers_out_of_range(self, staff, page, current):
        exam = ExamFactory()
        made_ids = [AttemptFactory(proctored_exam=exam).pk for _ in range(52)]
        answer = staff.get(url(), {} if page is None else {"page": page})
        assert answer.json()["pagination_info"] == {
            "has_previous": current > 1,
            "has_next": current < 3,
            "current_page": current,
            "total_pages": 3,
        }
        assert ids(answer) == made_ids[::-1][25 * (current - 1) : 25 * current]
        assert answer.json()["attempt_url"] == url()

    def test_pairs_are_counted_not_attempts(self, staff):
        attempt = AttemptFactory()
        AttemptFactory.create_batch(60, user=attempt.user, proctored_exam=attempt.proctored_exam)
        answer = staff.get(url()).json()
        assert answer["pagination_info"]["total_pages"] == 1
        assert [len(row["all_attempts"]) for row in answer["proctored_exam_attempts"]] == [61]

    @pytest.mark.parametrize(("learners", "each"), [(1, 1), (60, 2)])
    @pytest.mark.parametrize("search_by", [None, "learner"])
    @pytest.mark.parametrize("page", ["1", "99"])
    def test_weakness_p1_as_many_statements_however_many_rows(
        self, staff, query_budget, learners, each, search_by, page
    ):
        exam = ExamFactory()
        for user in UserFactory.create_batch(learners):
            AttemptFactory.create_batch(each, user=user, proctored_exam=exam)
        with query_budget("proctored_exam.attempts.grouped"):
            assert len(ids(staff.get(url(search_by=search_by), {"page": page}))) in {1, 10, 25}


class TestSearch:
    @pytest.fixture
    def rows(self):
        return {
            name: AttemptFactory(user=UserFactory(username=name, email=email)).pk
            for name, email in [
                ("ada", "ada@example.org"),
                ("Adam", "one@example.org"),
                ("bob_", "BOB@Example.COM"),
                ("bobby", "50%off@example.org"),
            ]
        }

    @pytest.mark.parametrize(
        ("search_by", "found"),
        [
            ("ada", ["ada", "Adam"]),
            ("ADA", ["ada", "Adam"]),
            ("example.com", ["bob_"]),
            ("one@", ["Adam"]),
            ("_", ["bob_"]),
            ("%", ["bobby"]),
            ("\\", []),
            ("'", []),
            ("nobody", []),
            ("a/b", []),
            ("☃", []),
        ],
    )
    def test_a_part_of_the_name_or_the_address_in_whatever_case(self, staff, rows, search_by, found):
        answer = staff.get(url(search_by=search_by))
        assert answer.status_code == 200
        assert ids(answer) == [rows[name] for name in reversed(found)]
        assert ids(staff.get(answer.json()["attempt_url"])) == ids(answer)

    def test_the_latest_of_all_not_only_of_one_exam(self, staff):
        user = UserFactory(username="wanted")
        rows = [AttemptFactory(user=user).pk for _ in range(2)]
        assert ids(staff.get(url(search_by="wanted"))) == rows[::-1]


class TestAccess:
    def test_staff_of_the_site(self, client_of):
        AttemptFactory()
        assert len(ids(client_of(UserFactory(staff=True)).get(url()))) == 1

    @pytest.mark.parametrize("search_by", [None, "a"])
    def test_weakness_s1_nobody_else_whatever_the_body_says(self, staff, client_of, search_by):
        AttemptFactory(proctored_exam__course_id=ELSEWHERE)
        body = json.dumps({"course_id": COURSE_ID})
        answer = staff.generic("GET", url(ELSEWHERE, search_by), body, "application/json")
        assert (answer.status_code, set(answer.json())) == (403, {"detail"})
        assert client_of(UserFactory()).get(url(COURSE_ID, search_by)).status_code == 403

    def test_other_methods(self, staff):
        assert {staff.post(url()).status_code, staff.put(url()).status_code, staff.delete(url()).status_code} == {405}
