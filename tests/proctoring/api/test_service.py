"""The service that course components get, and what is published at the door."""

from inspect import isclass

import pytest

from proctoring import api
from proctoring.api.service import ProctoringService
from tests.factories import ExamFactory

# Contract python.md §4.2-4.11: the public functions, and since_6_1.md.
PUBLISHED = """
create_exam update_exam get_exam_by_id get_exam_by_content_id get_all_exams_for_course is_exam_passed_due
get_total_allowed_time_for_exam get_proctoring_settings_by_exam_id
create_exam_review_policy update_review_policy remove_review_policy get_review_policy_by_exam_id
add_allowance_for_user get_allowances_for_course remove_allowance_for_user add_bulk_allowances
get_current_exam_attempt get_exam_attempt_by_id get_exam_attempt_by_external_id get_exam_attempt_by_code
get_all_exam_attempts get_filtered_exam_attempts get_user_attempts_by_exam_id get_active_exams_for_user
get_exam_attempt_data get_last_exam_completion_date
create_exam_attempt start_exam_attempt start_exam_attempt_by_code stop_exam_attempt mark_exam_attempt_timeout
mark_exam_attempt_as_ready mark_exam_attempt_as_ready_to_resume mark_exam_attempt_as_resumed
is_attempt_ready_to_resume is_attempt_in_resume_process is_state_transition_legal can_update_credit_grades_and_email
update_attempt_status update_exam_attempt reset_practice_exam remove_exam_attempt
check_prerequisites get_attempt_status_summary
get_onboarding_exam_link get_last_verified_onboarding_attempts_per_user get_onboarding_attempt_data_for_learner
does_backend_support_onboarding get_enrollments_can_take_proctored_exams
get_student_view create_proctoring_attempt_status_email
get_exam_violation_report is_backend_dashboard_available get_exam_configuration_dashboard_url
get_integration_specific_email
""".split()

# Contract python.md §4.12-4.13: what other code depends on besides.
BESIDES = """
get_backend_provider get_runtime_service emit_event obscured_user_id humanized_time has_due_date_passed
get_exam_due_date get_course_end_date get_exam_type get_exam_url get_course_home_url get_visibility_check_date
categorize_inaccessible_exams_by_date verify_and_add_wait_deadline is_reattempting_exam
locate_attempt_by_attempt_code encrypt_and_encode decode_and_decrypt
""".split()


@pytest.mark.parametrize("name", PUBLISHED + BESIDES)
def test_every_published_function_is_at_the_door_and_in_the_service(name):
    assert name in api.__all__
    assert getattr(ProctoringService(), name) is getattr(api, name)


def test_there_is_one_service_a_process():
    assert ProctoringService() is ProctoringService()


@pytest.mark.django_db
def test_the_service_does_what_the_door_does():
    exam = ExamFactory()
    assert ProctoringService().get_exam_by_id(exam.pk) == api.get_exam_by_id(exam.pk)


def test_weakness_94_what_a_module_imports_is_no_service():
    service = ProctoringService()
    offered = {name for name in vars(service) if not name.startswith("_")}
    assert offered <= set(api.__all__)
    assert not any(isclass(getattr(service, name)) for name in offered)
    assert not {"reverse", "timezone", "attempts", "Any"} & offered
    with pytest.raises(AttributeError, match="reverse"):
        _ = service.reverse
