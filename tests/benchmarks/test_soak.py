"""`make soak`: what it asks is answered, and it sees what does not hold."""

import pytest
from django.db import connection
from django.test import Client

from benchmarks.soak import asking, people
from benchmarks.soak.asking import JOURNEY, Arrival
from benchmarks.soak.judging import Answer, Look, Seen, growth, judge, percentile, slope
from demo import settings as demo_settings
from demo.lms.seeding.course import COURSE_ID, content_id, seed_course
from proctoring.models import ProctoredExam

HOUR = 3600
PROCTORED = {"is_proctored": True, "is_active": True, "time_limit_mins": 60, "external_id": "soak"}


def seen(*, waits=lambda at: 0.05, status=200, mib=lambda at: 100.0, left=None):
    """An hour with a request and a look a minute."""
    minutes = range(60)
    return Seen(
        learners=10,
        seconds=HOUR,
        answers=[Answer(60 * minute, "poll", waits(60 * minute), status) for minute in minutes],
        looks=[Look(60 * minute, {"web 1": mib(60 * minute)}, {"outbox": 0}) for minute in minutes],
        left=left or {},
    )


def test_an_even_hour_holds():
    assert judge(seen()) == []


@pytest.mark.parametrize("status", [0, 302, 404, 500])
def test_any_other_answer_than_success_is_told(status):
    [verdict] = judge(seen(status=status))
    assert verdict == f"poll: 60 times {status or 'no answer'}."


def test_steady_growth_is_told():
    leaking = seen(mib=lambda at: 100 + 30 * at / HOUR)
    assert growth(leaking, "web 1") == pytest.approx(30)
    assert judge(leaking) == ["web 1 grows by 30 MiB an hour; at most 24 are borne."]


def test_growth_while_it_warms_up_is_none():
    assert judge(seen(mib=lambda at: 100 + min(at, 1000) / 10)) == []


def test_a_single_jump_is_no_growth():
    assert judge(seen(mib=lambda at: 150.0 if at > HOUR / 2 + 600 and at < HOUR / 2 + 700 else 100.0)) == []


def test_memory_is_not_judged_after_two_minutes():
    short = seen(mib=lambda at: 100 + at)
    short.seconds = 120
    assert not any("grows" in verdict for verdict in judge(short))


def test_a_process_that_ended_is_told():
    broken = seen()
    broken.looks[-1] = Look(HOUR, {"web 2": 100.0}, {})
    assert "web 1 has ended meanwhile." in judge(broken)


def test_getting_slower_is_told():
    [verdict] = judge(seen(waits=lambda at: 0.05 if at < HOUR / 2 else 0.2))
    assert verdict == "p95 went from 50 ms in the first third to 200 ms in the last one."


def test_what_is_left_is_told():
    assert judge(seen(left={"dead letters": 2, "messages that wait": 0})) == ["At the end there were 2 dead letters."]


def test_percentiles_and_slopes():
    assert percentile([4, 1, 3, 2], 50) == 2
    assert percentile([], 99) == 0
    assert slope([(0, 0), (1, 2), (2, 4), (3, 100)]) > 0
    assert slope([(0, 1)]) == 0


def test_arrivals_come_in_order_at_their_rates():
    arrivals = list(asking.arrivals(600, 120))
    assert [one.at for one in arrivals] == sorted(one.at for one in arrivals)
    polls = [one for one in arrivals if one.kind == asking.POLL]
    # Once a minute each.
    assert len(polls) == pytest.approx(1200, abs=2)
    assert all(one.at < 100 for one in arrivals if one.kind == JOURNEY)


def test_nobody_is_asked_for_who_is_not_there():
    arrivals = list(asking.arrivals(5_000, 300))
    for kind in (JOURNEY, asking.REVIEW, asking.PHOTOS):
        numbers = [one.number for one in arrivals if one.kind == kind]
        assert max(numbers) < asking.needed(5_000, 300, kind)


@pytest.fixture
def site(settings, tmp_path, sequences):
    settings.ROOT_URLCONF = "demo.urls"
    for name in ("PROCTORING_BACKENDS", "PROCTORING_SETTINGS", "VERIFY_STUDENT"):
        setattr(settings, name, getattr(demo_settings, name))
    settings.STORAGES = demo_settings.STORAGES | {
        "verify_student": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }
    seed_course()
    exams = [
        ProctoredExam(course_id=COURSE_ID, content_id=content_id(name), exam_name=name, backend=vendor, **PROCTORED)
        for name, vendor in (("proctored", "simproc"), ("essay", "software_secure"))
    ]
    # Without its signals: no vendor is told.
    ProctoredExam.objects.bulk_create(exams)
    return asking.Requests(people.seed(sitting=2, beginning=2, reviewed=2, photographed=2))


@pytest.mark.services
@pytest.mark.skipif(connection.vendor != "postgresql", reason="rows are made by PostgreSQL; `make test-services`")
@pytest.mark.parametrize("kind", [kind for kind in asking.KINDS if kind != JOURNEY])
def test_what_is_asked_is_answered(site, kind):
    for number in range(2):
        request = site.of(Arrival(0.0, kind, number))
        headers = dict(request.headers)
        content_type = headers.pop("Content-Type", "")
        answer = Client().generic(
            request.method, request.path, request.body, content_type=content_type, headers=headers
        )
        assert answer.status_code == 200, answer.content
