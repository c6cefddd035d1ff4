"""The search finds what is planted, wherever and however: it can fail."""

import base64
import logging

import pytest
from celery import shared_task
from django.core.cache import cache
from django.http import HttpResponse
from prometheus_client import Counter

from tests.factories import ExamFactory
from tests.secrets.markers import EMAIL, EVERY, ID_NAME, PERSONAL, TOKEN

pytestmark = pytest.mark.django_db
PLANTED = Counter("secrets_planted", "By this test.", ["name"])


@shared_task(name="secrets.planted", ignore_result=True)
def planted(text):
    """What a task with too much in its arguments is like."""


def test_nothing_is_found_where_nothing_is(everything):
    logging.getLogger("somebody").debug("Nothing to see")
    assert everything.misplaced() == []


@pytest.mark.parametrize("marker", EVERY)
def test_every_marker_is_found_in_a_log(everything, marker):
    logging.getLogger("somebody").debug("Said: %s", marker.upper())
    assert everything.misplaced() == [f"{marker} in log:somebody"]


@pytest.mark.parametrize("before", ["", "x", "xy"])
@pytest.mark.parametrize("marker", PERSONAL)
def test_encodings_are_seen_through(everything, marker, before):
    text = f"{before}{marker} and more"
    logging.getLogger("base64").info(base64.b64encode(text.encode()).decode())
    logging.getLogger("hex").info(text.encode().hex())
    assert everything.misplaced() == [f"{marker} in log:base64", f"{marker} in log:hex"]


def test_a_traceback_is_looked_at(everything):
    try:
        raise ValueError(EMAIL)
    except ValueError:
        logging.getLogger("somebody").exception("It failed")
    assert everything.misplaced() == [f"{EMAIL} in log:somebody"]


def test_tasks_columns_answers_caches_and_metrics_are_looked_at(everything):
    planted.delay(EMAIL)
    ExamFactory(exam_name=f"For {ID_NAME}")
    everything.answered(HttpResponse(EMAIL, status=400))
    cache.set("key", {"about": [EMAIL]})
    PLANTED.labels(ID_NAME).inc()
    try:
        found = everything.misplaced()
    finally:
        PLANTED.clear()
    assert {
        f"{EMAIL} in answer:400",
        f"{EMAIL} in cache",
        f"{EMAIL} in task:secrets.planted",
        f"{ID_NAME} in column:proctoring_proctoredexam.exam_name",
        f"{ID_NAME} in metrics",
    } <= set(found)


def test_what_is_in_its_place_is_no_leak(everything):
    cache.set("token", TOKEN)
    assert everything.misplaced() == []
