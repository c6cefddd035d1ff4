"""Where learners stand with onboarding (contract python.md §4.9, rest.md §5.16-5.17)."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from proctoring.backends import provider_named
from proctoring.exceptions import (
    BackendProviderOnboardingProfilesException,
    OnboardingProfilesNotKept,
    OnboardingStatusUnknown,
    ProctoredExamNotFoundException,
)
from proctoring.models import VERIFICATION_DAYS_VALID, ProctoredExamStudentAttempt
from proctoring.services import onboarding
from proctoring.services.onboarding import LearnerOnboarding, profiles
from proctoring.services.vendors import obscured_user_id
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import COURSE_ID, AttemptFactory, UserFactory
from tests.proctoring.onboarding_fakes import (
    BACKENDS,
    NOW,
    OTHER_COURSE,
    Enrolled,
    FakeEnrollments,
    HidesEverything,
    registered,
    rehearsal,
)

pytestmark = pytest.mark.django_db

VALID = timedelta(days=VERIFICATION_DAYS_VALID)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def _vendors(settings):
    settings.PROCTORING_BACKENDS = BACKENDS


@pytest.fixture
def user():
    return UserFactory()


@pytest.fixture
def exam():
    return rehearsal()


@pytest.fixture
def elsewhere():
    return rehearsal(course_id=OTHER_COURSE)


@pytest.fixture
def enrollments():
    with registered("enrollments", FakeEnrollments()) as fake:
        yield fake


def made(exam, user, status, ago=timedelta(0), **fields):
    """An attempt that got its status ``ago``."""
    with time_machine.travel(NOW - ago, tick=False):
        return AttemptFactory(proctored_exam=exam, user=user, status=status, **fields)


def saved_again(attempt):
    """Something that has nothing to do with the verification is saved now."""
    attempt = ProctoredExamStudentAttempt.objects.get(pk=attempt.pk)
    attempt.is_status_acknowledged = True
    attempt.save()
    return attempt


def standing(user, backend="watcher"):
    return onboarding.of_learner(COURSE_ID, user, backend)


class TestLearner:
    def test_nothing_yet(self, user):
        assert standing(user) == LearnerOnboarding(None, None)

    def test_the_last_changed_attempt_of_the_course(self, user, exam):
        made(exam, user, Status.started, timedelta(days=2))
        made(exam, user, Status.second_review_required, timedelta(days=1))
        made(exam, UserFactory(), Status.verified)
        assert standing(user) == LearnerOnboarding("second_review_required", None)

    def test_a_verified_one_of_the_course_wins(self, user, exam, elsewhere):
        made(exam, user, Status.verified, timedelta(days=10))
        made(exam, user, Status.rejected)
        made(elsewhere, user, Status.verified)
        assert standing(user) == LearnerOnboarding("verified", NOW - timedelta(days=10) + VALID)

    def test_one_of_another_course_with_the_same_vendor(self, user, exam, elsewhere):
        made(exam, user, Status.rejected)
        made(elsewhere, user, Status.verified, timedelta(days=364))
        assert standing(user) == LearnerOnboarding("other_course_approved", NOW - timedelta(days=364) + VALID)
        assert standing(user, "profiling") == LearnerOnboarding("rejected", None)

    def test_one_of_another_course_that_has_expired(self, user, exam, elsewhere):
        made(elsewhere, user, Status.verified, VALID)
        assert standing(user) == LearnerOnboarding(None, None)

    def test_an_expired_one_of_the_course_is_still_told(self, user, exam):
        made(exam, user, Status.verified, VALID + timedelta(days=1))
        found = standing(user)
        assert found == LearnerOnboarding("verified", NOW - timedelta(days=1))
        assert found.has_expired(NOW)

    def test_an_expired_one_of_the_course_gives_way_to_a_valid_one(self, user, exam, elsewhere):
        made(exam, user, Status.verified, VALID + timedelta(days=1))
        made(elsewhere, user, Status.verified)
        assert standing(user).status == "other_course_approved"

    def test_deleted_attempts_do_not_count(self, user, exam):
        made(exam, user, Status.verified).delete()
        assert standing(user).status is None


@pytest.mark.parametrize(
    ("left", "expired", "soon"),
    [
        (timedelta(0), True, False),
        (timedelta(seconds=1), False, True),
        (timedelta(days=28), False, True),
        (timedelta(days=28, seconds=1), False, False),
    ],
)
def test_an_approval_expires_soon_within_four_weeks(left, expired, soon):
    approval = LearnerOnboarding("verified", NOW + left)
    assert (approval.has_expired(NOW), approval.expires_soon(NOW)) == (expired, soon)


def test_what_is_not_approved_does_not_expire():
    assert not LearnerOnboarding("submitted").has_expired(NOW)
    assert not LearnerOnboarding("submitted").expires_soon(NOW)


class TestWeakness31:
    """An approval counts from when it was given, not from when its row was last saved."""

    def test_weakness_31_another_save_does_not_prolong(self, user, exam, elsewhere):
        for where in (exam, elsewhere):
            saved_again(made(where, user, Status.verified, timedelta(days=100)))
        assert standing(user).expiration_date == NOW - timedelta(days=100) + VALID
        found = onboarding.approvals_elsewhere([user], "watcher")[user.pk]
        assert found.modified == NOW
        assert found.verified_at == NOW - timedelta(days=100)

    def test_weakness_31_another_save_does_not_revive(self, user, elsewhere):
        saved_again(made(elsewhere, user, Status.verified, VALID))
        assert onboarding.approvals_elsewhere([user], "watcher") == {}

    def test_weakness_31_the_last_verification_counts(self, user, exam):
        attempt = made(exam, user, Status.verified, timedelta(days=30))
        for ago, status in [(20, Status.rejected), (10, Status.verified), (5, Status.verified)]:
            with time_machine.travel(NOW - timedelta(days=ago), tick=False):
                ProctoredExamStudentAttempt.objects.filter(pk=attempt.pk).update(status=status)
                saved_again(attempt)
        assert standing(user).expiration_date == NOW - timedelta(days=10) + VALID

    def test_weakness_31_a_row_without_a_history_has_nothing_better(self, user, exam):
        attempt = made(exam, user, Status.verified, timedelta(days=3))
        ProctoredExamStudentAttempt.history.filter(id=attempt.pk).delete()
        assert standing(user).expiration_date == NOW - timedelta(days=3) + VALID

    def test_weakness_31_only_what_is_verified_has_such_a_time(self, user, exam):
        made(exam, user, Status.submitted)
        assert ProctoredExamStudentAttempt.objects.with_verified_at().get().verified_at is None


def test_the_latest_approval_of_each_learner(user, exam, elsewhere):
    other = UserFactory()
    latest = made(elsewhere, user, Status.verified, timedelta(days=1))
    made(exam, user, Status.verified, timedelta(days=2))
    theirs = made(exam, other, Status.verified)
    made(exam, UserFactory(), Status.verified)
    assert onboarding.approvals_elsewhere([user, other], "watcher") == {user.pk: latest, other.pk: theirs}
    assert onboarding.approvals_elsewhere([user.pk], "watcher") == {user.pk: latest}
    assert onboarding.approvals_elsewhere([], "watcher") == {}


@pytest.mark.parametrize("count", [1, 20])
def test_approvals_and_rows_cost_the_same_however_many_learners_there_are(count, exam, enrollments, query_budget):
    users = UserFactory.create_batch(count)
    for user in users:
        made(exam, user, Status.verified)
    enrollments.enrolled = [Enrolled(user) for user in users]
    with query_budget("onboarding.approvals"):
        assert len(onboarding.approvals_elsewhere(users, "watcher")) == count
    with query_budget("onboarding.course_rows"):
        assert len(list(onboarding.rows_of_course(COURSE_ID, "watcher"))) == count


class TestCourse:
    def rows(self, **filters):
        return list(onboarding.rows_of_course(COURSE_ID, "watcher", **filters))

    def statuses(self, **filters):
        return [row.status for row in self.rows(**filters)]

    def test_nobody_is_enrolled(self, enrollments):
        assert self.rows() == []

    def test_a_row_an_enrolment_in_the_hosts_order(self, enrollments, exam):
        enrollments.enrolled = [Enrolled(UserFactory(username=name), mode) for name, mode in [("bv", "v"), ("am", "m")]]
        made(exam, enrollments.enrolled[0].user, Status.submitted)
        assert self.rows() == [
            onboarding.CourseRow("bv", "v", "submitted", NOW),
            onboarding.CourseRow("am", "m", "not_started", None),
        ]
        assert [row.username for row in self.rows(text_search="a")] == ["am"]
        assert enrollments.asked[-1] == (COURSE_ID, "a")

    @pytest.mark.parametrize(
        ("status", "shown"),
        [
            ("created", "setup_started"),
            ("download_software_clicked", "setup_started"),
            ("ready_to_start", "setup_started"),
            ("started", "onboarding_started"),
            ("ready_to_submit", "onboarding_started"),
            ("submitted", "submitted"),
            ("rejected", "rejected"),
            ("verified", "verified"),
            ("error", "error"),
            ("expired", "expired"),
            ("onboarding_reset", "onboarding_reset_past_due"),
            ("second_review_required", None),
            ("declined", None),
        ],
    )
    def test_what_an_attempt_is_shown_as(self, enrollments, exam, user, status, shown):
        enrollments.enrolled = [Enrolled(user)]
        made(exam, user, status)
        assert self.statuses() == [shown]

    def test_which_attempt_counts(self, enrollments, exam, user):
        enrollments.enrolled = [Enrolled(user)]
        first = made(exam, user, Status.onboarding_reset, timedelta(days=3))
        made(exam, user, Status.created, timedelta(days=2))
        saved_again(first)
        assert self.statuses() == ["setup_started"]
        made(exam, user, Status.rejected, timedelta(days=1))
        assert self.statuses() == ["rejected"]
        made(exam, user, Status.verified, timedelta(days=9))
        assert self.statuses() == ["verified"]

    def test_approved_elsewhere(self, enrollments, exam, elsewhere, user):
        enrollments.enrolled = [Enrolled(user)]
        approval = made(elsewhere, user, Status.verified, timedelta(days=5))
        made(exam, user, Status.rejected)
        [row] = self.rows()
        assert (row.status, row.modified) == ("other_course_approved", approval.modified)

    def test_statuses_are_filtered_last(self, enrollments, exam):
        enrollments.enrolled = [Enrolled(UserFactory()) for _ in range(3)]
        made(exam, enrollments.enrolled[0].user, Status.rejected)
        made(exam, enrollments.enrolled[1].user, Status.verified)
        assert self.statuses(statuses=["rejected", "not_started"]) == ["rejected", "not_started"]
        with pytest.raises(OnboardingStatusUnknown):
            self.rows(statuses=["rejected", "typo"])


@pytest.fixture
def vendor():
    provider = provider_named("profiling")
    provider.forget()
    yield provider
    provider.forget()
    provider.__dict__.pop("answer", None)


class TestVendorsProfileOfALearner:
    @pytest.mark.parametrize(
        ("said", "told"),
        [
            ("approved-in-course", "verified"),
            ("approved-in-different-course", "other_course_approved"),
            ("rejected", "rejected"),
            ("expired", "expired"),
            ("pending", "submitted"),
            ("no-profile", None),
            ("a new word", None),
        ],
    )
    def test_what_the_vendor_says(self, user, vendor, said, told):
        vendor.answer = {"user_id": "x", "status": said, "expiration_date": None}
        assert onboarding.profile_of_learner(COURSE_ID, user.pk, "profiling") == LearnerOnboarding(told, None)
        assert vendor.calls == [("profiles", COURSE_ID, {"user_id": obscured_user_id(user.pk, "profiling")})]

    @pytest.mark.parametrize(
        ("said", "told"),
        [
            ("2027-03-04", datetime(2027, 3, 4, tzinfo=UTC)),
            ("2027-03-04T05:06:07Z", datetime(2027, 3, 4, 5, 6, 7, tzinfo=UTC)),
            ("2027-03-04T05:06:07+05:00", datetime(2027, 3, 4, 0, 6, 7, tzinfo=UTC)),
            ("soon", None),
            ("2027-02-30", None),
            (None, None),
        ],
    )
    def test_until_when(self, user, vendor, said, told):
        vendor.answer = {"status": "approved-in-course", "expiration_date": said}
        assert onboarding.profile_of_learner(COURSE_ID, user.pk, "profiling").expiration_date == told

    def test_a_vendor_that_keeps_none_or_does_not_answer(self, user, vendor):
        with pytest.raises(OnboardingProfilesNotKept):
            onboarding.profile_of_learner(COURSE_ID, user.pk, "watcher")
        for trouble in (OSError("away"), BackendProviderOnboardingProfilesException("secret", 500)):
            vendor.fail_with = trouble
            with pytest.raises(BackendProviderOnboardingProfilesException):
                onboarding.profile_of_learner(COURSE_ID, user.pk, "profiling")
        vendor.fail_with, vendor.answer = None, ["no", "object"]
        with pytest.raises(BackendProviderOnboardingProfilesException):
            onboarding.profile_of_learner(COURSE_ID, user.pk, "profiling")


class TestVendorsProfilesOfACourse:
    def rows(self, **filters):
        return [(r.username, r.status) for r in onboarding.rows_by_vendor(COURSE_ID, "profiling", **filters)]

    def answer(self, vendor, *entries):
        vendor.answer = {
            "results": [{"user_id": obscured_user_id(user.pk, "profiling"), "status": said} for user, said in entries]
        }

    @pytest.fixture
    def people(self, enrollments):
        users = [UserFactory(username=name) for name in ("ann", "bob", "cleo")]
        enrollments.enrolled = [Enrolled(user) for user in users]
        return users

    def test_the_vendors_order_then_those_without_a_profile(self, vendor, people):
        ann, _, cleo = people
        self.answer(vendor, (cleo, "pending"), (ann, "approved-in-course"))
        assert self.rows() == [("cleo", "submitted"), ("ann", "verified"), ("bob", "not_started")]
        assert vendor.calls == [("profiles", COURSE_ID, {"status": ""})]

    def test_the_filter_is_the_vendors(self, vendor, people):
        self.answer(vendor, (people[0], "rejected"))
        assert self.rows(statuses=["rejected", "other_course_approved"]) == [("ann", "rejected")]
        assert vendor.calls == [("profiles", COURSE_ID, {"status": "rejected,approved-in-different-course"})]
        self.answer(vendor)
        assert self.rows(statuses=["not_started"]) == [
            ("ann", "not_started"),
            ("bob", "not_started"),
            ("cleo", "not_started"),
        ]
        assert vendor.calls[-1] == ("profiles", COURSE_ID, {"status": "no-profile"})

    def test_statuses_that_vendors_do_not_tell_apart_are_refused(self, vendor, people):
        for statuses in (["setup_started"], ["rejected", "typo"]):
            with pytest.raises(OnboardingStatusUnknown):
                self.rows(statuses=statuses)
        assert vendor.calls == []

    def test_weakness_d9_all_pages_are_read(self, vendor, people):
        ann, bob, cleo = people
        for person, said in ((cleo, "pending"), (ann, "rejected"), (bob, "expired")):
            self.answer(vendor, (person, said))
            vendor.pages.append(vendor.answer)
        vendor.pages[0]["next"] = "/more"
        vendor.pages[1]["num_pages"] = 3
        assert self.rows(statuses=["submitted"]) == [("cleo", "submitted"), ("ann", "rejected"), ("bob", "expired")]
        assert [query for _, _, query in vendor.calls] == [
            {"status": "pending"},
            {"status": "pending", "page": "2"},
            {"status": "pending", "page": "3"},
        ]

    def test_a_vendor_that_has_one_page_only_is_not_asked_for_ever(self, vendor, people):
        self.answer(vendor, (people[0], "pending"))
        vendor.answer["next"] = "/more"
        assert self.rows(statuses=["submitted"]) == [("ann", "submitted")]
        assert len(vendor.calls) == 2

    def test_pages_without_an_end_are_given_up(self, vendor, people, caplog):
        vendor.pages = [{"results": [{"user_id": number, "status": "pending"}], "next": "/x"} for number in range(500)]
        with pytest.raises(BackendProviderOnboardingProfilesException):
            self.rows()
        assert len(vendor.calls) == profiles.MAX_PAGES

    def test_when_an_attempt_changed_is_ours_to_say(self, vendor, people):
        exam = rehearsal(backend="profiling")
        made(exam, people[0], Status.started, timedelta(days=4))
        self.answer(vendor, (people[0], "pending"))
        rows = onboarding.rows_by_vendor(COURSE_ID, "profiling")
        assert [row.modified for row in rows] == [NOW - timedelta(days=4), None, None]

    def test_unknown_people_are_left_out_and_counted(self, vendor, people, caplog):
        strangers = UserFactory.create_batch(7)
        self.answer(vendor, (people[0], "rejected"), *((stranger, "pending") for stranger in strangers))
        with caplog.at_level(logging.WARNING):
            assert len(self.rows()) == 3
        [record] = caplog.records
        assert "count=7" in record.getMessage()
        assert obscured_user_id(strangers[4].pk, "profiling") in record.getMessage()
        assert obscured_user_id(strangers[5].pk, "profiling") not in record.getMessage()

    def test_who_is_not_searched_for_is_no_stranger(self, vendor, people, caplog):
        self.answer(vendor, *((person, "pending") for person in people))
        assert self.rows(text_search="bob") == [("bob", "submitted")]
        assert not caplog.records

    def test_a_vendor_that_keeps_none_or_does_not_answer(self, vendor, people):
        with pytest.raises(OnboardingProfilesNotKept):
            onboarding.rows_by_vendor(COURSE_ID, "watcher")
        vendor.answer = {"results": 7}
        with pytest.raises(BackendProviderOnboardingProfilesException):
            self.rows()
        vendor.fail_with = OSError("away")
        with pytest.raises(BackendProviderOnboardingProfilesException):
            self.rows()


class TestPanel:
    @pytest.fixture
    def exam(self):
        return rehearsal(backend="profiling")

    def asking(self, settings):
        settings.PROCTORING_SETTINGS = {"USE_ONBOARDING_PROFILE_API": True}

    def test_what_we_know(self, user, exam, vendor):
        made(exam, user, Status.verified, timedelta(days=1))
        panel = onboarding.panel_of(COURSE_ID, user)
        assert panel.onboarding == LearnerOnboarding("verified", NOW - timedelta(days=1) + VALID)
        assert panel.choice.exam == exam
        assert not panel.past_due
        assert panel.link(is_learning_mfe=False) == f"/courses/{COURSE_ID}/jump_to/{exam.content_id}"
        assert panel.review_requirements_url == "https://vendor.example/requirements"
        assert vendor.calls == []

    def test_past_due(self, user, exam, vendor):
        exam.due_date = NOW
        exam.save()
        panel = onboarding.panel_of(COURSE_ID, user)
        assert panel.past_due
        assert panel.link(is_learning_mfe=False) is None

    def test_the_vendors_word_replaces_ours(self, user, exam, vendor, settings, caplog):
        self.asking(settings)
        made(exam, user, Status.submitted)
        vendor.answer = {"status": "pending"}
        assert onboarding.panel_of(COURSE_ID, user).onboarding.status == "submitted"
        assert not caplog.records
        vendor.answer = {"status": "approved-in-course", "expiration_date": "2026-12-24"}
        found = onboarding.panel_of(COURSE_ID, user).onboarding
        assert found == LearnerOnboarding("verified", datetime(2026, 12, 24, tzinfo=UTC))
        assert [record.levelname for record in caplog.records] == ["ERROR"]

    def test_a_vendor_that_does_not_answer_leaves_what_we_know(self, user, exam, vendor, settings, caplog):
        self.asking(settings)
        made(exam, user, Status.submitted)
        vendor.fail_with = OSError("away")
        assert onboarding.panel_of(COURSE_ID, user).onboarding.status == "submitted"
        assert [record.levelname for record in caplog.records] == ["WARNING"]

    def test_the_vendors_date_is_passed_on_in_its_own_words(self, user, exam, vendor, settings):
        self.asking(settings)
        for said, passed_on in [("2026-12-24", "2026-12-24"), ("soon", None), (None, None), (20261224, None)]:
            vendor.answer = {"status": "approved-in-course", "expiration_date": said}
            assert onboarding.panel_of(COURSE_ID, user).onboarding.expiration_text == passed_on

    def test_weakness_d8_the_vendor_of_the_chosen_exam_is_asked(self, user, exam, vendor, settings):
        self.asking(settings)
        vendor.answer = {"status": "pending"}
        rehearsal(due_date=NOW)
        rehearsal(backend="plain")
        panel = onboarding.panel_of(COURSE_ID, user)
        assert (panel.choice.exam, panel.onboarding.status) == (exam, "submitted")
        assert panel.review_requirements_url == "https://vendor.example/requirements"
        assert vendor.calls[-1] == ("profiles", COURSE_ID, {"user_id": obscured_user_id(user.pk, "profiling")})

    def test_refusals(self, user, exam, vendor, settings):
        self.asking(settings)
        with pytest.raises(OnboardingProfilesNotKept):
            onboarding.panel_of(COURSE_ID, user)
        with pytest.raises(ProctoredExamNotFoundException):
            onboarding.panel_of(OTHER_COURSE, user)
        with (
            registered("learning_sequences", HidesEverything()),
            pytest.raises(ProctoredExamNotFoundException) as hidden,
        ):
            onboarding.panel_of(COURSE_ID, user)
        assert hidden.value.http_status == 404
