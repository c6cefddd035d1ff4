"""Who may do what in general; who may what on which route is asked by the matrix over all of them."""

import pytest

from proctoring.exceptions import ProctoredExamPermissionDenied
from proctoring.services import access
from tests.factories import AttemptFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db


def passes(gate, *args):
    try:
        gate(*args)
    except ProctoredExamPermissionDenied:
        return False
    return True


@pytest.fixture
def staff_of(lms):
    def appoint(course_id):
        user = UserFactory()
        lms.instructor.staff.add((user.pk, course_id))
        return user

    return appoint


def test_staff_of_the_site():
    assert passes(access.require_site_staff, UserFactory(staff=True))
    assert passes(access.require_site_staff, UserFactory(is_superuser=True))
    assert not passes(access.require_site_staff, UserFactory())


def test_weakness_s1_staff_of_the_objects_own_course(staff_of):
    exam = ExamFactory()
    assert passes(access.require_staff_of_exam, staff_of(exam.course_id), exam)
    assert passes(access.require_course_staff, staff_of(exam.course_id), exam.course_id)
    assert not passes(access.require_staff_of_exam, staff_of("other/course/run"), exam)
    assert not passes(access.require_staff_of_exam, UserFactory(), exam)


def test_an_attempt_belongs_to_its_learner_alone():
    attempt = AttemptFactory()
    assert passes(access.require_owner, attempt.user, attempt)
    assert not passes(access.require_owner, UserFactory(staff=True), attempt)


def test_the_retirement_service_has_the_hosts_permission():
    assert not passes(access.require_retirement_service, UserFactory(staff=True))
    assert passes(access.require_retirement_service, UserFactory(is_superuser=True))


class TestReaders:
    def test_learners_read_active_timed_exams(self, lms):
        assert passes(access.require_reader_of_exam, UserFactory(), ExamFactory(timed=True))
        assert not passes(access.require_reader_of_exam, UserFactory(), ExamFactory(timed=True, is_active=False))

    def test_weakness_s13_proctored_ones_only_where_they_may_take_them(self, lms, settings):
        exam, learner = ExamFactory(), UserFactory()
        assert not passes(access.require_reader_of_exam, learner, exam)
        settings.AUTHENTICATION_BACKENDS = ["tests.proctoring.screen_fakes.EverybodyMay"]
        assert passes(access.require_reader_of_exam, learner, exam)

    def test_staff_read_everything(self, lms):
        assert passes(access.require_reader_of_exam, UserFactory(staff=True), ExamFactory(is_active=False))
