"""A judge that cannot fail is worthless."""

from collections import Counter
from dataclasses import replace

import pytest

from tests.faults.counting import Attempt, Seen, Verification
from tests.faults.judging import CALLS, EFFECTS, IDENTITY_MAILS, MAILS, judge
from tests.faults.plans import (
    ATTEMPT_NAME,
    TROUBLES,
    VERIFICATION_NAME,
    final_status,
    final_verification,
    full_name,
    trouble_of,
    verdict_of,
)

ATTEMPTS, VERIFICATIONS = 60, 10


def attempt(number):
    status = final_status(number)
    return Attempt(
        learner=ATTEMPT_NAME.format(number),
        status=status,
        effects=Counter(EFFECTS[status]),
        mails=Counter({f"Proctoring attempt {word}": 1 for word in MAILS[status]}),
        calls=Counter(CALLS[status]),
        reviews_taken=1,
        reviews_applied=1,
    )


def verification(number):
    status = final_verification(number)
    subjects = {
        "submitted": "Thank you for submitting your photos",
        "approved": "Your Demo LMS ID verification was approved",
        "denied": "Your Demo LMS ID verification was denied",
    }
    return Verification(
        learner=VERIFICATION_NAME.format(number),
        status=status,
        name_status=status,
        updates=Counter(["ready", "submitted", status]),
        mails=Counter(subjects[word] for word in IDENTITY_MAILS[status]),
        requests=1,
        results_taken=1,
        results_applied=1,
    )


@pytest.fixture
def seen():
    """Everything as it has to be."""
    return Seen(
        attempts=[attempt(number) for number in range(ATTEMPTS)],
        verifications=[verification(number) for number in range(VERIFICATIONS)],
    )


def problems(seen):
    return sorted(judge(seen, ATTEMPTS, VERIFICATIONS).problems)


def first(seen, status):
    return next(index for index, each in enumerate(seen.attempts) if each.status == status)


def test_what_is_right(seen):
    verdict = judge(seen, ATTEMPTS, VERIFICATIONS)
    assert (verdict.is_good, verdict.repeats.total()) == (True, 0)
    assert verdict.totals["effect: completion"] == sum(each.status != "error" for each in seen.attempts)


@pytest.mark.parametrize("status", ["verified", "rejected", "error"])
def test_an_attempt_in_another_state(seen, status):
    index = first(seen, status)
    seen.attempts[index] = replace(seen.attempts[index], status="submitted")
    assert problems(seen) == ["attempt in another state"]


@pytest.mark.parametrize("change", [-1, 1])
@pytest.mark.parametrize(
    ("status", "effect"), [(status, effect) for status, effects in EFFECTS.items() for effect in effects]
)
def test_an_effect_that_is_missing_or_came_twice(seen, status, effect, change):
    seen.attempts[first(seen, status)].effects[effect] += change
    assert problems(seen) == ["effect on the LMS not exactly once"]


def test_an_effect_that_nobody_should_have(seen):
    seen.attempts[first(seen, "verified")].effects["grade"] = 1
    assert problems(seen) == ["effect on the LMS not exactly once"]


def test_a_mail_that_is_missing(seen):
    seen.attempts[first(seen, "rejected")].mails = Counter({"Proctoring attempt submitted": 1})
    seen.verifications[0].mails.clear()
    assert problems(seen) == ["mail that never came"]


def test_a_mail_that_nobody_should_get(seen):
    seen.attempts[first(seen, "verified")].mails["Proctoring attempt rejected"] = 1
    assert problems(seen) == ["mail that nobody should get"]


def test_what_came_twice_where_that_is_allowed_is_counted(seen):
    seen.attempts[0].repeated_calls = 2
    seen.attempts[first(seen, "verified")].mails["Proctoring attempt verified"] += 3
    seen.verifications[0].requests = 5
    verdict = judge(seen, ATTEMPTS, VERIFICATIONS)
    assert (verdict.is_good, sorted(verdict.repeats.values())) == (True, [0, 0, 2, 3, 4])


@pytest.mark.parametrize("count", [0, 2])
def test_a_call_that_the_vendor_took_never_or_twice(seen, count):
    seen.attempts[first(seen, "verified")].calls["submitted"] = count
    assert problems(seen) == ["vendor call not taken exactly once"]


def test_a_callback_that_was_answered_and_lost(seen):
    seen.attempts[3].reviews_applied = 0
    seen.verifications[3].results_applied = 0
    assert problems(seen) == ["lost callback"]


def test_learners_of_whom_nothing_or_too_much_is_there(seen):
    seen.attempts[1] = replace(seen.attempts[0])
    seen.verifications.pop()
    assert problems(seen) == ["learners without attempt", "learners without verification", "more than one attempt"]


def test_a_verification_in_another_state(seen):
    seen.verifications[0].status = "must_retry"
    assert problems(seen) == ["verification in another state"]


def test_a_decision_that_the_lms_was_not_told_of(seen):
    del seen.verifications[0].updates["approved"]
    seen.verifications[1].name_status = "submitted"
    assert problems(seen) == ["decision that the LMS was not told of", "name in another state"]


def test_a_request_that_never_arrived(seen):
    seen.verifications[0].requests = 0
    assert problems(seen) == ["verification that the vendor does not know"]


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("waiting", Counter({"outbox credit": 1}), "row that still waits"),
        ("dead", Counter({"mail.status": 1}), "dead letter"),
        ("files_without_row", ["kept/1"], "photo without a row"),
        ("rows_without_file", ["kept/1"], "row without its photo"),
        ("untold_callbacks", 1, "callback that was never taken"),
    ],
)
def test_what_is_stuck_or_left_over(seen, field, value, problem):
    setattr(seen, field, value)
    assert problems(seen) == [problem]


def test_the_shortest_run_meets_every_trouble_and_every_end():
    assert {trouble_of(number).name for number in range(len(TROUBLES))} == {trouble.name for trouble in TROUBLES}
    assert {final_status(number) for number in range(20)} == set(EFFECTS)
    assert {verdict_of(number) for number in range(20)} == {"passed", "suspicious"}
    assert {final_verification(number) for number in range(5)} == set(IDENTITY_MAILS)
    assert full_name("photo-00003").endswith("Refused")
    assert full_name("exam-00003").endswith("Demo")
