"""What the screens' tests need of a vendor and of a host: set-up steps, a browser that may be blocked, a permission."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from tests.fakes import WatchingBackend

PERMISSION = "edx_proctoring.can_take_proctored_exam"
SETTING = {"class": "tests.proctoring.screen_fakes.GuidedBackend", "verbose_name": "Guided"}
ONBOARDS = SETTING | {"supports_onboarding": True}
EVERYBODY = "tests.proctoring.screen_fakes.EverybodyMay"
NOBODY = "tests.proctoring.screen_fakes.NobodyMay"
HOST = "tests.proctoring.screen_fakes"


def page(request: HttpRequest, **parts: Any) -> HttpResponse:
    """Any page of the host."""
    return HttpResponse()


PAGES = "edx_proctoring/pages"
api_urls = (
    [
        path("edx_proctoring/v1/proctored_exam/attempt/<int:attempt_id>", page, name="proctored_exam.attempt"),
        path(f"{PAGES}/exam/<int:exam_id>/attempt", page, name="pages.begin"),
        path(f"{PAGES}/attempt/<int:attempt_id>/waiting", page, name="pages.waiting"),
        path(f"{PAGES}/attempt/<int:attempt_id>/<slug:verb>", page, name="pages.act"),
    ],
    "edx_proctoring",
)
urlpatterns = [
    path("api/", include(api_urls)),
    path("courses/<str:course_id>/jump_to/<str:content_id>", page, name="jump_to"),
    path("courses/<str:course_id>/progress", page, name="progress"),
]


class GuidedBackend(WatchingBackend):
    """A vendor that explains its set-up, and can keep a browser from showing the exam."""

    supports_onboarding = False
    integration_specific_email = "onboarding@vendor.example"
    tech_support_email = "support@vendor.example"
    tech_support_phone = "+1 555 0100"
    learner_notification_from_email = "results@vendor.example"
    answer: dict[str, Any] = {
        "instructions": ["Install it.", "Show your ID."],
        "download_url": "https://vendor.example/get",
    }
    blocks = False

    def get_attempt(self, attempt: Any) -> Any:
        self._called("get_attempt", attempt["external_id"])
        return self.answer

    def should_block_access_to_exam_material(self) -> bool:
        return self.blocks


class EverybodyMay:
    """A host whose every learner may take proctored exams."""

    def has_perm(self, user: Any, perm: str, obj: Any = None) -> bool:
        return perm == PERMISSION and bool(obj["is_proctored"])


class NobodyMay:
    """A host whose learners may not."""

    def has_perm(self, user: Any, perm: str, obj: Any = None) -> bool:
        return False
