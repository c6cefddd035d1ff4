"""Requests that are made twice."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.utils import timezone

from proctoring.common.idempotency import LEASE, AnswerState
from proctoring.exceptions import (
    FirstAnswerLost,
    IdempotencyKeyMalformed,
    IdempotencyKeyReused,
    RequestAlreadyRunning,
)
from proctoring.models import IdempotentAnswer
from proctoring.services import idempotency, retention
from proctoring.services.idempotency import Answer, Asked
from tests.proctoring.services.test_concurrency import WORKERS, together

pytestmark = pytest.mark.django_db

ASKED = Asked(owner="1.then", key="once", digest="a" * 64)
ANSWER = Answer(200, "application/json", b'{"exam_attempt_id":7}')


def another(**changes):
    return Asked(**{"owner": ASKED.owner, "key": ASKED.key, "digest": ASKED.digest, **changes})


def later(**delta):
    return time_machine.travel(timezone.now() + timedelta(**delta), tick=False)


class TestKeys:
    @pytest.mark.parametrize("key", ["a", "x" * 255, "7b1c2a6e-1f5d", 'with space and "marks"'])
    def test_printable_ascii(self, key):
        assert another(key=key).key == key

    @pytest.mark.parametrize("key", ["", "x" * 256, "é", "tab\t", "\x00", "\x7f", "line\n"])
    def test_anything_else_is_refused(self, key):
        with pytest.raises(IdempotencyKeyMalformed):
            another(key=key)


class TestBegin:
    def test_the_second_gets_the_first_answer(self):
        idempotency.keep(idempotency.begin(ASKED), ANSWER)
        again = idempotency.begin(ASKED)
        assert again.state == AnswerState.FINISHED
        assert idempotency.first_answer(again) == ANSWER

    def test_an_answer_without_a_body(self):
        idempotency.keep(idempotency.begin(ASKED), Answer(204, "", b""))
        assert idempotency.first_answer(idempotency.begin(ASKED)) == Answer(204, "", b"")

    def test_while_the_first_is_running_the_second_has_to_wait(self):
        idempotency.begin(ASKED)
        with pytest.raises(RequestAlreadyRunning):
            idempotency.begin(ASKED)

    @pytest.mark.parametrize("finished", [True, False])
    def test_a_key_belongs_to_one_request(self, finished):
        claim = idempotency.begin(ASKED)
        if finished:
            idempotency.keep(claim, ANSWER)
        with pytest.raises(IdempotencyKeyReused):
            idempotency.begin(another(digest="b" * 64))

    @pytest.mark.parametrize("change", [{"owner": "2.then"}, {"key": "Once"}, {"key": "twice"}])
    def test_other_callers_and_keys_are_others(self, change):
        idempotency.begin(ASKED)
        assert idempotency.begin(another(**change)).state == AnswerState.RUNNING
        assert IdempotentAnswer.objects.count() == 2

    def test_what_failed_may_be_tried_again(self):
        idempotency.release(idempotency.begin(ASKED))
        assert idempotency.begin(ASKED).state == AnswerState.RUNNING


class TestClaimsOfTheDead:
    def test_a_claim_lapses(self):
        dead = idempotency.begin(ASKED)
        with later(seconds=LEASE.total_seconds() - 1), pytest.raises(RequestAlreadyRunning):
            idempotency.begin(ASKED)
        with later(seconds=LEASE.total_seconds()):
            alive = idempotency.begin(ASKED)
            assert (alive.pk, alive.state) == (dead.pk, AnswerState.RUNNING)
            with pytest.raises(RequestAlreadyRunning):
                idempotency.begin(ASKED)

    def test_whoever_lost_the_claim_neither_answers_nor_releases_it(self):
        slow = idempotency.begin(ASKED)
        with later(seconds=LEASE.total_seconds()):
            idempotency.begin(ASKED)
            idempotency.keep(slow, ANSWER)
            idempotency.release(slow)
        assert IdempotentAnswer.objects.get().state == AnswerState.RUNNING

    def test_its_key_still_belongs_to_its_request(self):
        idempotency.begin(ASKED)
        with later(seconds=LEASE.total_seconds()), pytest.raises(IdempotencyKeyReused):
            idempotency.begin(another(digest="b" * 64))


class TestForgetting:
    def test_after_a_day_a_key_is_free_again(self):
        idempotency.keep(idempotency.begin(ASKED), ANSWER)
        with later(hours=24):
            claim = idempotency.begin(another(digest="b" * 64))
            assert (claim.state, claim.digest, claim.body) == (AnswerState.RUNNING, "b" * 64, None)
            idempotency.keep(claim, ANSWER)
            assert idempotency.first_answer(idempotency.begin(another(digest="b" * 64))) == ANSWER

    def test_a_site_may_keep_them_for_less(self, settings):
        settings.PROCTORING_SETTINGS = settings.PROCTORING_SETTINGS | {"IDEMPOTENCY_HOURS": 1}
        idempotency.keep(idempotency.begin(ASKED), ANSWER)
        with later(hours=1):
            assert idempotency.begin(ASKED).state == AnswerState.RUNNING

    def test_what_is_old_is_purged(self):
        for number in range(5):
            idempotency.keep(idempotency.begin(another(key=str(number))), ANSWER)
        with later(hours=23):
            idempotency.begin(another(key="young"))
            assert retention.purge() == 0
        with later(hours=25):
            assert retention.purge() == 5
        assert IdempotentAnswer.objects.count() == 1


class TestKeeping:
    def test_neither_the_key_nor_the_answer_can_be_read_in_the_table(self):
        idempotency.keep(idempotency.begin(ASKED), Answer(200, "application/json", b'{"email":"ada@example.org"}'))
        row = IdempotentAnswer.objects.get()
        assert b"ada" not in bytes(row.body)
        assert row.key != ASKED.key
        assert ASKED.key not in str(row)

    def test_an_answer_whose_encryption_key_is_gone_is_not_given_again_and_nothing_is_done_twice(self, settings):
        idempotency.keep(idempotency.begin(ASKED), ANSWER)
        settings.SECRET_KEY = "another" * 9
        with pytest.raises(FirstAnswerLost):
            idempotency.first_answer(idempotency.begin(ASKED))

    def test_an_answer_stays_in_its_row(self):
        claim, other = idempotency.begin(ASKED), idempotency.begin(another(key="other"))
        idempotency.keep(claim, ANSWER)
        sealed = IdempotentAnswer.objects.get(pk=claim.pk).body
        idempotency.keep(other, ANSWER)
        IdempotentAnswer.objects.filter(pk=other.pk).update(body=sealed)
        with pytest.raises(FirstAnswerLost):
            idempotency.first_answer(idempotency.begin(another(key="other")))

    def test_a_database_that_fails_afterwards_does_not_cost_the_caller_the_answer(self, monkeypatch, caplog):
        claim = idempotency.begin(ASKED)

        def fails(*args, **kwargs):
            raise DatabaseError

        monkeypatch.setattr(type(IdempotentAnswer.objects.all()), "update", fails)
        idempotency.keep(claim, ANSWER)
        assert "could not be kept" in caplog.text


@pytest.mark.skipif(connection.vendor == "sqlite", reason="needs row locks; `make test-services` runs this")
@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    def test_one_carries_it_out(self):
        outcomes = Counter(type(outcome) for outcome in together(lambda: idempotency.begin(ASKED)))
        assert outcomes == {IdempotentAnswer: 1, RequestAlreadyRunning: WORKERS - 1}

    def test_one_takes_the_place_of_the_dead(self):
        idempotency.begin(ASKED)
        IdempotentAnswer.objects.update(claimed_at=timezone.now() - LEASE)
        outcomes = Counter(type(outcome) for outcome in together(lambda: idempotency.begin(ASKED)))
        assert outcomes == {IdempotentAnswer: 1, RequestAlreadyRunning: WORKERS - 1}
