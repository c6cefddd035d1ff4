"""
The REST routes; hosts mount them under ``api/`` (contract rest.md §2, whose numbers stand here).

Paths and names are those that clients and vendors know.
"""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path, re_path

from proctoring.pages.instructor import urls as instructor
from proctoring.pages.learner import ActView, BeginView, WaitingView
from proctoring.pages.my_data import MyDataFile, MyDataPage
from proctoring.pages.my_onboarding import MyOnboardingPage
from proctoring.rest.allowances import (
    AllowancesOfCourseView,
    AllowanceView,
    BulkAllowanceView,
    GroupedAllowancesView,
)
from proctoring.rest.attempts import AttemptCollectionView, AttemptView, ResetAttemptsView, ReviewStatusView
from proctoring.rest.dashboards import CourseDashboardView
from proctoring.rest.document import DocsView, DocumentView
from proctoring.rest.exams import ExamByContentView, ExamByIdView, ExamsOfCourseView, ExamView
from proctoring.rest.grouped import GroupedAttemptsView
from proctoring.rest.health import HealthView, MetricsView
from proctoring.rest.inbox import ReadyCallbackView, ReviewCallbackView, SoftwareSecureReviewView
from proctoring.rest.launch import LaunchView
from proctoring.rest.learning import ActiveAttemptView, ActiveExamsView, ExamAttemptsView
from proctoring.rest.onboarding import CourseOnboardingView, OnboardingStatusView
from proctoring.rest.policies import ProctoringSettingsView, ReviewPolicyView
from proctoring.rest.registration import RegistrationView
from proctoring.rest.retirement import BackendRetirementView, UserRetirementView
from proctoring.urls.studio import COURSE, V1, exam_dashboard

app_name = "edx_proctoring"

EXAM = f"{V1}/proctored_exam"
ATTEMPT = f"{EXAM}/attempt"
PAGES = "edx_proctoring/pages"

exams = [
    path(f"{EXAM}/exam", ExamView.as_view(), name="proctored_exam.exam"),  # 1
    path(f"{EXAM}/exam/exam_id/<int:exam_id>", ExamByIdView.as_view(), name="proctored_exam.exam_by_id"),  # 2
    re_path(  # 3
        rf"^{EXAM}/exam/course_id/{COURSE}/content_id/(?P<content_id>[^?]+)$",
        ExamByContentView.as_view(),
        name="proctored_exam.exam_by_content_id",
    ),
    re_path(  # 4
        rf"^{EXAM}/exam/course_id/{COURSE}$", ExamsOfCourseView.as_view(), name="proctored_exam.exams_by_course_id"
    ),
    re_path(  # 5
        rf"^{EXAM}/exam_registration/course_id/{COURSE}$",
        RegistrationView.as_view(),
        name="proctored_exam.register_exams_by_course_id",
    ),
    path(  # 20
        f"{EXAM}/settings/exam_id/<int:exam_id>/",
        ProctoringSettingsView.as_view(),
        name="proctored_exam.proctoring_settings",
    ),
    path(  # 21
        f"{EXAM}/review_policy/exam_id/<int:exam_id>/", ReviewPolicyView.as_view(), name="proctored_exam.review_policy"
    ),
]

attempts = [
    path(ATTEMPT, AttemptCollectionView.as_view(), name="proctored_exam.attempt.collection"),  # 6
    path(f"{ATTEMPT}/<int:attempt_id>", AttemptView.as_view(), name="proctored_exam.attempt"),  # 7
    path(  # 8
        f"{ATTEMPT}/<int:attempt_id>/review_status",
        ReviewStatusView.as_view(),
        name="proctored_exam.attempt.review_status",
    ),
    re_path(  # 9
        rf"^{ATTEMPT}/grouped/course_id/{COURSE}$",
        GroupedAttemptsView.as_view(),
        name="proctored_exam.attempts.grouped.course",
    ),
    re_path(  # 10
        rf"^{ATTEMPT}/grouped/course_id/{COURSE}/search/(?P<search_by>.+)$",
        GroupedAttemptsView.as_view(),
        name="proctored_exam.attempts.grouped.search",
    ),
    path(  # 11
        f"{EXAM}/exam_id/<int:exam_id>/user_id/<int:user_id>/reset_attempts",
        ResetAttemptsView.as_view(),
        name="proctored_exam.attempts.reset",
    ),
    path(  # 17
        f"{EXAM}/active_exams_for_user", ActiveExamsView.as_view(), name="proctored_exam.active_exams_for_user"
    ),
    re_path(  # 18
        rf"^{ATTEMPT}/course_id/{COURSE}$", ExamAttemptsView.as_view(), name="proctored_exam.exam_attempts"
    ),
    path(f"{EXAM}/active_attempt", ActiveAttemptView.as_view(), name="proctored_exam.active_attempt"),  # 19
]

allowances = [
    path(f"{EXAM}/allowance", AllowanceView.as_view(), name="proctored_exam.allowance"),  # 12
    re_path(  # 13
        rf"^{EXAM}/{COURSE}/allowance$", AllowancesOfCourseView.as_view(), name="proctored_exam.allowance"
    ),
    path(f"{EXAM}/bulk_allowance", BulkAllowanceView.as_view(), name="proctored_exam.bulk_allowance"),  # 14
    re_path(  # 15
        rf"^{EXAM}/{COURSE}/bulk_allowance$", BulkAllowanceView.as_view(), name="proctored_exam.bulk_allowance"
    ),
    re_path(  # 16
        rf"^{EXAM}/{COURSE}/grouped/allowance$",
        GroupedAllowancesView.as_view(),
        name="proctored_exam.allowance.grouped.course",
    ),
]

onboarding = [
    path(f"{V1}/user_onboarding/status", OnboardingStatusView.as_view(), name="user_onboarding.status"),  # 22
    re_path(  # 23
        rf"^{V1}/user_onboarding/status/course_id/{COURSE}$",
        CourseOnboardingView.as_view(),
        name="user_onboarding.status.course",
    ),
]

vendors = [
    path(  # 24
        f"{ATTEMPT}/<slug:external_id>/ready",
        ReadyCallbackView.as_view(),
        name="proctored_exam.attempt.ready_callback",
    ),
    path(  # 25
        f"{ATTEMPT}/<slug:external_id>/reviewed", ReviewCallbackView.as_view(), name="proctored_exam.attempt.callback"
    ),
    path(  # 26
        "edx_proctoring/proctoring_review_callback/",
        SoftwareSecureReviewView.as_view(),
        name="anonymous.proctoring_review_callback",
    ),
    path(  # 27
        "edx_proctoring/proctoring_launch_callback/start_exam/<slug:attempt_code>",
        LaunchView.as_view(),
        name="anonymous.proctoring_launch_callback.start_exam",
    ),
]

dashboards = [
    re_path(rf"^{V1}/instructor/{COURSE}$", CourseDashboardView.as_view(), name="instructor_dashboard_course"),  # 28
    exam_dashboard,  # 29
]

retirement = [
    path(  # 30
        f"{V1}/retire_backend_user/<int:user_id>/", BackendRetirementView.as_view(), name="backend_user_deletion_api"
    ),
    path(f"{V1}/retire_user/<int:user_id>/", UserRetirementView.as_view(), name="user_retirement_api"),  # 31
]

# Of our own: what learners' buttons send to, and the onboarding panel of a course's home page.
learner_pages = [
    path(f"{PAGES}/exam/<int:exam_id>/attempt", BeginView.as_view(), name="pages.begin"),
    path(f"{PAGES}/attempt/<int:attempt_id>/waiting", WaitingView.as_view(), name="pages.waiting"),
    path(f"{PAGES}/attempt/<int:attempt_id>/<slug:verb>", ActView.as_view(), name="pages.act"),
    path(f"{PAGES}/my_data", MyDataPage.as_view(), name="pages.my_data"),
    path(f"{PAGES}/my_data/download", MyDataFile.as_view(), name="pages.my_data.download"),
    re_path(rf"^{PAGES}/my_onboarding/{COURSE}$", MyOnboardingPage.as_view(), name="pages.my_onboarding"),
]

# Of our own: pages for the staff of a course.
instructor_pages = [re_path(rf"^edx_proctoring/pages/course/{COURSE}/", include(instructor.urlpatterns))]

# Of our own: what this door is, and how things stand behind it.
about = [
    path(f"{V1}/health", HealthView.as_view(), name="health"),
    path(f"{V1}/metrics", MetricsView.as_view(), name="metrics"),
    path(f"{V1}/openapi", DocumentView.as_view(), name="openapi"),
    path(f"{V1}/docs", DocsView.as_view(), name="openapi.docs"),
]

# 32: the names that the framework's pages for people use, which only work where they have no other namespace around.
sign_in = [
    path("login/", LoginView.as_view(template_name="proctoring/sign_in.html"), name="login"),
    path("logout/", LogoutView.as_view(template_name="proctoring/signed_out.html"), name="logout"),
]

urlpatterns = [
    *exams,
    *attempts,
    *allowances,
    *onboarding,
    *vendors,
    *dashboards,
    *retirement,
    *learner_pages,
    *instructor_pages,
    *about,
    path("", include((sign_in, "rest_framework"))),
]
