"""What `make bench` asks is answered: on a small course, in this process."""

import pytest
from django.db import connection

from benchmarks.web import cases, looking
from benchmarks.web import settings as measured
from benchmarks.web.course import Course, seed, seed_pools

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="rows are made by PostgreSQL; `make test-services`"),
    pytest.mark.django_db,
]
SETTINGS = ["ROOT_URLCONF", "ALLOWED_HOSTS", "PROCTORING_BACKENDS", "PROCTORING_SETTINGS"]
COURSE = Course(attempts=50, spare=130)


@pytest.fixture
def site(settings, sequences):
    for name in SETTINGS:
        setattr(settings, name, getattr(measured, name))
    seed(COURSE)
    seed_pools(COURSE)


def test_every_case_is_answered(site):
    for case in [*cases.requests(), *cases.pages()]:
        asks = case.asks(COURSE)
        looking.answer(next(asks))
        assert looking.statements(next(asks)), case.name


def test_the_control_is_three_statements(site):
    assert len(looking.statements(next(cases.control(COURSE)))) == 3


def test_allowances_for_very_many_are_a_few_statements(site):
    assert len(looking.statements(next(cases.bulk(COURSE)))) <= 40


def test_plans_and_profiles_can_be_made(site):
    [case] = [case for case in cases.requests() if case.name == cases.FIRST_PAGE]
    asks = case.asks(COURSE)
    slowest = max(looking.statements(next(asks)), key=lambda statement: statement.seconds)
    assert looking.plan(slowest)
    assert looking.profile(asks)[0].milliseconds > 0


def test_what_is_refused_does_not_count(site):
    with pytest.raises(looking.Refused):
        looking.answer(cases.Ask(user_id=0, path="/control/1"))
