"""The addresses of a course's pages for its staff, below ``edx_proctoring/pages/course/<course>/``."""

from django.urls import path

from proctoring.pages.instructor.allowance_files import ExportPage, ImportPage
from proctoring.pages.instructor.allowances import AllowancesPage, ChangePage, GrantPage, TakeBackPage
from proctoring.pages.instructor.attempts import AttemptsFile, AttemptsPage, ResetPage, ResumePage
from proctoring.pages.instructor.live import LivePage
from proctoring.pages.instructor.onboarding import OnboardingPage
from proctoring.pages.instructor.overview import FiguresPage, OverviewPage
from proctoring.pages.instructor.reviews import ReviewPage

urlpatterns = [
    path("overview/", OverviewPage.as_view(), name="pages.overview"),
    path("overview/figures/", FiguresPage.as_view(), name="pages.figures"),
    path("attempts/", AttemptsPage.as_view(), name="pages.attempts"),
    path("attempts/export/", AttemptsFile.as_view(), name="pages.attempts.export"),
    path("attempts/<int:attempt_id>/reset/", ResetPage.as_view(), name="pages.reset"),
    path("attempts/<int:attempt_id>/resume/", ResumePage.as_view(), name="pages.resume"),
    path("attempts/<int:attempt_id>/review/", ReviewPage.as_view(), name="pages.review"),
    path("live/", LivePage.as_view(), name="pages.live"),
    path("allowances/", AllowancesPage.as_view(), name="pages.allowances"),
    path("allowances/grant/", GrantPage.as_view(), name="pages.allowances.grant"),
    path("allowances/import/", ImportPage.as_view(), name="pages.allowances.import"),
    path("allowances/export/", ExportPage.as_view(), name="pages.allowances.export"),
    path("allowances/<int:allowance_id>/change/", ChangePage.as_view(), name="pages.allowances.change"),
    path("allowances/<int:allowance_id>/take-back/", TakeBackPage.as_view(), name="pages.allowances.take_back"),
    path("onboarding/", OnboardingPage.as_view(), name="pages.onboarding"),
]
