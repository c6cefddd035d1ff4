"""What is kept of the learner's exams, why and for how long; and the learner's own copy of it."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse

from proctoring.exceptions import ProctoredExamPermissionDenied
from proctoring.pages.base import Page
from proctoring.services import export
from proctoring.services.retention import POLICIES

FILE = "my-exams.json"


class MyDataPage(Page):
    """The same for everybody: it says how long, not what there is."""

    http_method_names = ["get", "head", "options"]
    template_name = "proctoring/my_data.html"

    def authorise(self, user: Any) -> None:
        if not user.is_active:
            raise ProctoredExamPermissionDenied

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        download = reverse("edx_proctoring:pages.my_data.download")
        return super().get_context_data(policies=POLICIES, download_url=download, **kwargs)


class MyDataFile(MyDataPage):
    """Of whoever is signed in, and nobody else. It is a form's answer: that it was made is recorded."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponseBase:
        return StreamingHttpResponse(
            export.export_subject_data(request.user, by=request.user),
            content_type="application/json; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{FILE}"'},
        )
