"""Answers that a client may keep, and asks about again."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from tests.factories import COURSE_ID, AttemptFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db
ACTIVE = reverse("edx_proctoring:proctored_exam.active_exams_for_user")
TIMERS = [
    reverse("edx_proctoring:proctored_exam.active_attempt"),
    reverse("edx_proctoring:proctored_exam.attempt.collection"),
]


def poll_of(attempt):
    return reverse("edx_proctoring:proctored_exam.attempt", args=[attempt.pk])


def in_course_of(attempt):
    path = reverse("edx_proctoring:proctored_exam.exam_attempts", args=[COURSE_ID])
    return f"{path}?content_id={attempt.proctored_exam.content_id}"


def again(client, address, answer):
    return client.get(address, headers={"If-None-Match": answer["ETag"]})


@pytest.mark.parametrize("address", [poll_of, lambda attempt: ACTIVE, in_course_of])
class TestUnchanged:
    def test_an_answer_that_the_caller_has_is_not_sent_again(self, client_of, address):
        attempt = AttemptFactory()
        client = client_of(attempt.user)
        first = client.get(address(attempt))
        second = again(client, address(attempt), first)
        assert (first.status_code, second.status_code, second.content) == (200, 304, b"")
        assert second["ETag"] == first["ETag"]

    def test_no_shared_cache_may_keep_it_and_a_browser_asks_each_time(self, client_of, address):
        attempt = AttemptFactory()
        client = client_of(attempt.user)
        first = client.get(address(attempt))
        for answer in (first, again(client, address(attempt), first)):
            assert {part.strip() for part in answer["Cache-Control"].split(",")} == {"private", "no-cache"}
            assert {"Cookie", "Authorization"} <= {part.strip() for part in answer["Vary"].split(",")}

    def test_another_tag_gets_the_whole_answer(self, client_of, address):
        attempt = AttemptFactory()
        answer = client_of(attempt.user).get(address(attempt), headers={"If-None-Match": '"another"'})
        assert (answer.status_code, answer.json()) == (200, client_of(attempt.user).get(address(attempt)).json())


def test_a_tag_opens_nothing(client_of):
    attempt = AttemptFactory()
    answer = client_of(attempt.user).get(poll_of(attempt))
    refused = again(client_of(UserFactory()), poll_of(attempt), answer)
    assert refused.status_code == 403
    assert "ETag" not in refused


def test_any_tag_is_none_of_an_attempt_that_is_not_there(client_of):
    gone = reverse("edx_proctoring:proctored_exam.attempt", args=[999])
    assert client_of(UserFactory()).get(gone, headers={"If-None-Match": "*"}).status_code == 400


def test_a_change_is_told_at_once(client_of):
    attempt = AttemptFactory()
    client = client_of(attempt.user)
    before = client.get(poll_of(attempt))
    AttemptFactory._meta.model.objects.filter(pk=attempt.pk).update(ready_to_resume=True)
    after = again(client, poll_of(attempt), before)
    assert (after.status_code, after.json()["ready_to_resume"]) == (200, True)


@pytest.mark.parametrize("address", [poll_of, in_course_of])
def test_a_clock_that_runs_is_never_unchanged(client_of, address):
    now = timezone.now()
    times = {"started_at": now, "deadline_at": now + timedelta(hours=1), "allowed_time_limit_mins": 60}
    attempt = AttemptFactory(status="started", **times)
    client = client_of(attempt.user)
    with time_machine.travel(now, tick=False):
        first = client.get(address(attempt))
    with time_machine.travel(now + timedelta(seconds=1), tick=False):
        second = again(client, address(attempt), first)
    assert second.status_code == 200
    assert first.json() != second.json()


def test_what_runs_is_unchanged_until_its_time_is_over(client_of):
    now = timezone.now()
    times = {"started_at": now, "deadline_at": now + timedelta(hours=1), "allowed_time_limit_mins": 60}
    attempt = AttemptFactory(status="started", proctored_exam=ExamFactory(), **times)
    client = client_of(attempt.user)
    first = client.get(ACTIVE)
    assert [one["attempt"]["id"] for one in first.json()] == [attempt.pk]
    with time_machine.travel(now + timedelta(minutes=50)):
        assert again(client, ACTIVE, first).status_code == 304
    with time_machine.travel(now + timedelta(minutes=61)):
        over = again(client, ACTIVE, first)
    assert (over.status_code, over.json()) == (200, [])


@pytest.mark.parametrize("address", TIMERS)
def test_a_timer_has_no_tag(client_of, address):
    assert "ETag" not in client_of(UserFactory()).get(address)
