"""The demo LMS as the exam app sees it: through the ports, found by the demo's settings."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ObjectDoesNotExist

from demo.lms.models import (
    Answer,
    Certificate,
    Completion,
    Course,
    CreditRequirementStatus,
    Enrollment,
    EnrollmentMode,
    PersonalDueDate,
    Question,
    Sequence,
    SubsectionGrade,
    SupportNotification,
    TrackedEvent,
    UserProfile,
    VerifiedName,
)
from demo.lms.seeding.course import COURSE_ID, ESCALATION_EMAIL, content_id
from demo.lms.seeding.people import COURSE_STAFF, seed_learner
from proctoring import lms

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_site")]

SequenceNamed = Callable[[str], Sequence]
PROCTORED = content_id("proctored")
DUE = datetime(2026, 5, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 5, 8, 12, tzinfo=UTC)


def set_credit(user: Any, status: str, name: str = PROCTORED) -> None:
    lms.credit().set_credit_requirement_status(
        user_id=user.pk, course_key_or_id=COURSE_ID, req_namespace="proctored_exam", req_name=name, status=status
    )


def override_grade(user: Any, overrider: Any = None) -> None:
    lms.grades().override_subsection_grade(
        user_id=user.pk,
        course_key_or_id=COURSE_ID,
        usage_key_or_id=PROCTORED,
        earned_all=0.0,
        earned_graded=0.0,
        overrider=overrider,
        comment="rejected",
    )


def test_credit_state_of_an_enrolled_learner(learner: Any) -> None:
    set_credit(learner, "submitted")
    state = lms.credit().get_credit_state(learner.pk, COURSE_ID)
    assert state is not None
    assert state["profile_fullname"] == "Amal Demo"
    assert state["student_email"] == "amal@demo.invalid"
    assert state["enrollment_mode"] == "verified"
    assert [(item["name"], item["status"]) for item in state["credit_requirement_status"]] == [
        (PROCTORED, "submitted"),
        (content_id("proctored2"), None),
    ]
    assert "course_name" not in state


def test_credit_state_tells_about_the_course_when_asked(learner: Any, course: Course) -> None:
    Course.objects.update(end=LATER)
    state = lms.credit().get_credit_state(learner.pk, COURSE_ID, return_course_info=True)
    assert state is not None
    assert state["course_name"] == course.display_name
    assert state["course_end_date"] == LATER


def test_no_credit_state_without_an_active_enrolment(learner: Any) -> None:
    Enrollment.objects.update(is_active=False)
    assert lms.credit().get_credit_state(learner.pk, COURSE_ID) is None


def test_credit_state_of_an_account_without_profile_uses_the_account(learner: Any) -> None:
    UserProfile.objects.all().delete()
    state = lms.credit().get_credit_state(learner.pk, COURSE_ID)
    assert state is not None
    assert state["profile_fullname"] == "amal"


def test_writing_credit_twice_leaves_one_status_and_counts(learner: Any) -> None:
    set_credit(learner, "submitted")
    set_credit(learner, "satisfied")
    row = CreditRequirementStatus.objects.get(user=learner)
    assert (row.status, row.writes) == ("satisfied", 2)


def test_credit_of_an_exam_that_none_depends_on_is_not_kept(learner: Any) -> None:
    set_credit(learner, "submitted", name=content_id("timed"))
    assert not CreditRequirementStatus.objects.exists()


def test_removing_a_credit_status_can_be_repeated(learner: Any) -> None:
    set_credit(learner, "failed")
    for _ in range(2):
        lms.credit().remove_credit_requirement_status(
            user_id=learner.pk, course_key_or_id=COURSE_ID, req_namespace="proctored_exam", req_name=PROCTORED
        )
    assert not CreditRequirementStatus.objects.exists()


def test_a_grade_is_overridden_and_the_override_undone(learner: Any, staff: Any, sequence: SequenceNamed) -> None:
    SubsectionGrade.objects.create(user=learner, sequence=sequence("proctored"), earned=2, possible=2)
    override_grade(learner, staff)
    override_grade(learner, staff)
    grade = SubsectionGrade.objects.get()
    assert (grade.overridden, grade.counted, grade.earned, grade.overrider) == (True, 0.0, 2.0, staff)
    for _ in range(2):
        lms.grades().undo_override_subsection_grade(
            user_id=learner.pk, course_key_or_id=COURSE_ID, usage_key_or_id=PROCTORED
        )
    grade.refresh_from_db()
    assert (grade.overridden, grade.counted, grade.overrider, grade.comment) == (False, 2.0, None, "")


def test_a_grade_can_be_overridden_before_there_is_one(learner: Any) -> None:
    override_grade(learner)
    assert SubsectionGrade.objects.get().counted == 0.0


def test_overriding_the_grade_of_unknown_content_is_an_error(learner: Any) -> None:
    Sequence.objects.all().delete()
    with pytest.raises(ObjectDoesNotExist):
        override_grade(learner)


def test_the_course_says_whether_a_rejected_exam_costs_the_grade(course: Course) -> None:
    grades = lms.grades()
    assert grades.should_override_grade_on_rejected_exam(COURSE_ID) is True
    Course.objects.update(rejected_exam_costs_grade=False)
    assert grades.should_override_grade_on_rejected_exam(COURSE_ID) is False
    assert grades.should_override_grade_on_rejected_exam("course-v1:No+SUCH+Course") is False


def test_a_certificate_is_invalidated(learner: Any) -> None:
    for _ in range(2):
        lms.certificates().invalidate_certificate(user_id=learner.pk, course_key_or_id=COURSE_ID)
    assert Certificate.objects.get(user=learner).status == "invalidated"


def test_completion_is_recorded_once(learner: Any) -> None:
    for _ in range(2):
        lms.instructor().complete_student_attempt("amal", PROCTORED)
    assert Completion.objects.get().sequence.content_id == PROCTORED


def test_a_reset_takes_answers_points_and_completion_back(
    learner: Any, staff: Any, course: Course, sequence: SequenceNamed
) -> None:
    other = seed_learner("bruno", course)
    question = Question.objects.filter(sequence=sequence("proctored")).first()
    for user in (learner, other):
        Answer.objects.create(user=user, question=question, text="42")
        Completion.objects.create(user=user, sequence=sequence("proctored"))
        SubsectionGrade.objects.create(user=user, sequence=sequence("proctored"), earned=1, possible=2)
    lms.instructor().delete_student_attempt("amal", COURSE_ID, PROCTORED, requesting_user=staff)
    assert list(Answer.objects.values_list("user", flat=True)) == [other.pk]
    assert list(Completion.objects.values_list("user", flat=True)) == [other.pk]
    assert list(SubsectionGrade.objects.order_by("user").values_list("earned", flat=True)) == [0.0, 1.0]


def test_escalation_address(course: Course) -> None:
    assert lms.instructor().get_proctoring_escalation_email(COURSE_ID) == ESCALATION_EMAIL
    Course.objects.update(escalation_email="")
    assert lms.instructor().get_proctoring_escalation_email(COURSE_ID) is None
    with pytest.raises(ObjectDoesNotExist):
        lms.instructor().get_proctoring_escalation_email("course-v1:No+SUCH+Course")


def test_course_staff_are_those_with_the_role(learner: Any, staff: Any) -> None:
    teacher = get_user_model().objects.get(username=COURSE_STAFF)
    is_course_staff = lms.instructor().is_course_staff
    assert is_course_staff(teacher, COURSE_ID)
    assert not is_course_staff(learner, COURSE_ID)
    assert not is_course_staff(AnonymousUser(), COURSE_ID)
    assert not is_course_staff(teacher, "course-v1:No+SUCH+Course")
    teacher.is_active = False
    assert not is_course_staff(teacher, COURSE_ID)


def test_support_is_told_once(course: Course) -> None:
    for _ in range(2):
        lms.instructor().send_support_notification(
            course_id=COURSE_ID,
            exam_name="Exam",
            student_username="amal",
            review_status="Suspicious",
            review_url="/r/1",
        )
    assert str(SupportNotification.objects.get()) == "Exam: Suspicious"


def test_enrolments_that_may_take_proctored_exams(learner: Any, course: Course) -> None:
    bruno = seed_learner("bruno", course)
    Enrollment.objects.filter(user=seed_learner("chen", course)).update(mode=EnrollmentMode.AUDIT)
    Enrollment.objects.filter(user=seed_learner("dana", course)).update(is_active=False)
    find = lms.enrollments().get_enrollments_can_take_proctored_exams
    assert [(found.user, found.mode) for found in find(COURSE_ID, None)] == [(learner, "verified"), (bruno, "verified")]
    assert [found.user for found in find(COURSE_ID, "BRU")] == [bruno]
    assert len(find(COURSE_ID, "@demo.invalid")) == 2
    assert len(find("course-v1:No+SUCH+Course", "")) == 0


def test_due_dates_personal_ones_first(learner: Any, sequence: SequenceNamed) -> None:
    exam = lms.ExamRef(COURSE_ID, PROCTORED)
    assert lms.dates().get_due_date(exam, learner.pk) is None
    Sequence.objects.filter(content_id=PROCTORED).update(due=DUE)
    assert lms.dates().get_due_date(exam, learner.pk) == DUE
    PersonalDueDate.objects.create(user=learner, sequence=sequence("proctored"), due=LATER)
    assert lms.dates().get_due_date(exam, learner.pk) == LATER
    assert lms.dates().get_due_date(exam, learner.pk + 1) == DUE


def test_end_of_a_course(course: Course) -> None:
    assert lms.dates().get_course_end(COURSE_ID) is None
    Course.objects.update(end=LATER)
    assert lms.dates().get_course_end(COURSE_ID) == LATER
    assert lms.dates().get_course_end("course-v1:No+SUCH+Course") is None


def test_outline_of_an_enrolled_learner(learner: Any, sequence: SequenceNamed) -> None:
    PersonalDueDate.objects.create(user=learner, sequence=sequence("proctored"), due=LATER)
    Course.objects.update(start=DUE, end=LATER)
    outline = lms.learning_sequences().get_user_course_outline_details
    details = outline(COURSE_ID, learner, DUE)
    assert PROCTORED in details.outline.accessible_sequences
    assert details.schedule.course_end == LATER
    assert details.schedule.sequences[PROCTORED] == lms.SequenceSchedule(effective_start=DUE, due=LATER)
    assert details.schedule.sequences[content_id("timed")].due is None


def test_nothing_is_accessible_before_the_start_or_without_enrolment(learner: Any) -> None:
    outline = lms.learning_sequences().get_user_course_outline_details
    early = datetime(2025, 1, 1, tzinfo=UTC)
    assert not outline(COURSE_ID, learner, early).outline.accessible_sequences
    Enrollment.objects.all().delete()
    assert not outline(COURSE_ID, learner, DUE).outline.accessible_sequences


def test_verified_name(learner: Any) -> None:
    get = lms.name_affirmation().get_verified_name
    assert get(learner, is_verified=False, statuses_to_exclude=["denied"]) is None
    VerifiedName.objects.create(user=learner, verified_name="Amal A. Demo", status="approved")
    assert get(learner) == get(learner, is_verified=True) == lms.VerifiedName("Amal A. Demo")
    VerifiedName.objects.create(user=learner, verified_name="Amal B. Demo", status="submitted")
    VerifiedName.objects.create(user=learner, verified_name="Somebody else", status="denied")
    assert get(learner, is_verified=False, statuses_to_exclude=["denied"]) == lms.VerifiedName("Amal B. Demo")
    assert get(learner, is_verified=True) == lms.VerifiedName("Amal A. Demo")


@pytest.mark.parametrize(("kept", "told"), [("", None), ("de", "de")])
def test_preferences_are_those_of_the_profile(learner: Any, kept: str, told: str | None) -> None:
    UserProfile.objects.filter(user=learner).update(language=kept, time_zone=kept)
    assert lms.preferences().get_language(learner.pk) == told
    assert lms.preferences().get_time_zone(learner.pk) == told


def test_somebody_without_a_profile_has_no_preferences() -> None:
    assert lms.preferences().get_language(10**6) is None
    assert lms.preferences().get_time_zone(10**6) is None


def test_events_are_kept_as_they_were_told() -> None:
    lms.tracker().emit("edx.special_exam.timed.updated", {"exam_id": 1, "at": DUE}, context={"course_id": COURSE_ID})
    event = TrackedEvent.objects.get()
    assert (event.name, event.context) == ("edx.special_exam.timed.updated", {"course_id": COURSE_ID})
    assert event.data == {"exam_id": 1, "at": "2026-05-01T12:00:00Z"}
