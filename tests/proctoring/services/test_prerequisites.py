"""The requirements before an exam, sorted out (contract python.md §4.7)."""

import pytest

from proctoring.screens import Prerequisites, Requirement
from proctoring.services import prerequisites
from tests.factories import COURSE_ID
from tests.proctoring.credit_fakes import requirement

EXAM = "block-v1:Test+EXAMS+2026+type@sequential+block@exam"


def standing(*given):
    return prerequisites.standing(given, EXAM)


def test_every_status_has_its_list_and_what_is_unknown_is_pending():
    given = [requirement(i, s) for i, s in enumerate(["satisfied", "failed", "declined", "pending", "submitted", None])]
    found = standing(*given)
    assert found.satisfied == (given[0],)
    assert found.failed == (given[1],)
    assert found.declined == (given[2],)
    assert found.pending == tuple(given[3:])
    assert found.outcome is Prerequisites.DECLINED


@pytest.mark.parametrize(
    ("statuses", "outcome", "unmet"),
    [
        ([], Prerequisites.SATISFIED, []),
        (["satisfied"], Prerequisites.SATISFIED, []),
        (["satisfied", None, "strange"], Prerequisites.PENDING, ["No. 1", "No. 2"]),
        (["failed", "pending"], Prerequisites.FAILED, ["No. 0"]),
        (["failed", "pending", "declined"], Prerequisites.DECLINED, ["No. 2"]),
    ],
)
def test_the_worst_outcome_counts(statuses, outcome, unmet):
    found = standing(*(requirement(i, status) for i, status in enumerate(statuses)))
    assert found.outcome is outcome
    assert [each.name for each in found.unmet] == unmet
    assert found.as_dict(COURSE_ID)["are_prerequisites_satisifed"] is (outcome is Prerequisites.SATISFIED)


def test_only_what_comes_before_the_exam_counts_in_order():
    third, own = requirement(3, "failed"), requirement(2, None, name=EXAM)
    first, zeroth = requirement(1, "satisfied"), requirement(0, "satisfied")
    assert standing(third, first, own, zeroth).satisfied == (zeroth, first)
    assert standing(third, first, own, zeroth).outcome is Prerequisites.SATISFIED


def test_everything_counts_where_the_exam_is_no_requirement():
    assert standing(requirement(3, "failed"), requirement(1, "satisfied")).outcome is Prerequisites.FAILED


def test_grades_do_not_count():
    assert standing(requirement(1, "failed", namespace="grade")).outcome is Prerequisites.SATISFIED
    assert prerequisites.standing(None, EXAM).outcome is Prerequisites.SATISFIED


def test_only_named_parts_of_the_course_can_be_opened():
    blocks = [requirement(0, "failed", name="block-1"), requirement(1, "failed", namespace="reverification")]
    nameless = {"namespace": "proctored_exam", "name": "", "status": "failed", "order": 2}
    found = standing(*blocks, nameless)
    assert found.unmet == (
        Requirement(name="No. 0", content_id="block-1"),
        Requirement(name="No. 1"),
        Requirement(name=""),
    )
    urls = [each["jumpto_url"] for each in found.as_dict(COURSE_ID)["failed_prerequisites"]]
    assert urls == [f"/courses/{COURSE_ID}/jump_to/block-1", None, None]


def test_a_host_without_such_a_page_has_no_links(settings):
    settings.ROOT_URLCONF = "proctoring.urls"
    shown = standing(requirement(0, "failed", name="block-1")).as_dict(COURSE_ID)
    assert shown["failed_prerequisites"][0]["jumpto_url"] is None


def test_pending_ones_are_linked_only_where_none_failed_and_nothing_where_one_is_declined():
    failed, pending, declined = (requirement(i, s) for i, s in enumerate(["failed", "pending", "declined"]))
    only_pending = standing(pending).as_dict(COURSE_ID)
    assert "jumpto_url" in only_pending["pending_prerequisites"][0]
    with_failed = standing(failed, pending).as_dict(COURSE_ID)
    assert "jumpto_url" in with_failed["failed_prerequisites"][0]
    assert "jumpto_url" not in with_failed["pending_prerequisites"][0]
    with_declined = standing(failed, pending, declined).as_dict(COURSE_ID)
    for name in ("failed", "pending", "declined"):
        assert "jumpto_url" not in with_declined[f"{name}_prerequisites"][0]


def test_weakness_99_the_misspelt_key_is_the_wire_format():
    assert set(standing().as_dict(COURSE_ID)) == {
        "are_prerequisites_satisifed",
        "satisfied_prerequisites",
        "failed_prerequisites",
        "pending_prerequisites",
        "declined_prerequisites",
    }


def test_weakness_100_the_hosts_requirements_are_left_alone():
    given = [requirement(i, s, name=f"block-{i}") for i, s in enumerate(["failed", "pending", "satisfied"])]
    untouched = [dict(each) for each in given]
    shown = standing(*given).as_dict(COURSE_ID)
    shown["satisfied_prerequisites"][0]["status"] = "changed"
    assert given == untouched


def test_what_the_host_says_of_a_learner(lms):
    lms.credit.state = {"credit_requirement_status": [requirement(0, "failed")]}
    found = prerequisites.of_learner(COURSE_ID, EXAM, 1)
    assert found is not None
    assert found.outcome is Prerequisites.FAILED
    lms.credit.state = None
    assert prerequisites.of_learner(COURSE_ID, EXAM, 1) is None


def test_without_a_credit_service_nothing_is_known():
    assert prerequisites.of_learner(COURSE_ID, EXAM, 1) is None
