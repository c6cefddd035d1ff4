"""What is kept of the learner's identity, why and for how long; and the learner's own copy of it."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect

from verify_student.pages.base import LearnerPage
from verify_student.services import export, location
from verify_student.services.retention import POLICIES

FILE = "my-identity.json"


class MyDataPage(LearnerPage):
    """The same for everybody: it says how long, not what there is."""

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {"policies": POLICIES, "download_url": reverse(location.MY_DATA_FILE)}
        return render(request, "verify_student/my_data.html", context)


@method_decorator([csrf_protect, transaction.non_atomic_requests], name="dispatch")
class MyDataFile(LearnerPage):
    """Of whoever is signed in, and nobody else. It is a form's answer: that it was made is recorded."""

    def post(self, request: HttpRequest) -> HttpResponseBase:
        return StreamingHttpResponse(
            export.export_subject_data(request.user, by=request.user),
            content_type="application/json; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{FILE}"'},
        )
