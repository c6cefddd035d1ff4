"""What every view of this door has."""

import pytest
from rest_framework.response import Response

from proctoring.rest.base import ProctoringAPIView, empty
from tests.factories import UserFactory

COLLECTION = "/api/edx_proctoring/v1/proctored_exam/attempt"


class TestEmpty:
    @pytest.mark.parametrize("code", [200, 204, 403])
    def test_no_body_and_no_content_type(self, rf, code):
        class View(ProctoringAPIView):
            schema = None
            permission_classes = []

            def get(self, request) -> Response:
                return empty(code)

        answer = View.as_view()(rf.get("/")).render()
        assert (answer.status_code, answer.content, answer.has_header("Content-Type")) == (code, b"", False)


@pytest.mark.django_db
class TestSwitchedOff:
    def test_where_special_exams_are_switched_off_there_is_nothing(self, client_of, settings):
        settings.FEATURES = {"ENABLE_SPECIAL_EXAMS": False}
        answer = client_of(UserFactory()).get(COLLECTION)
        assert (answer.status_code, set(answer.json())) == (404, {"detail"})
