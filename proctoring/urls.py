"""The REST routes; hosts mount them under ``api/`` (contract rest.md §2)."""

from django.urls import path

from proctoring.rest.attempts import AttemptCollectionView, AttemptView
from proctoring.rest.inbox import ReadyCallbackView, ReviewCallbackView

app_name = "edx_proctoring"

ATTEMPT = "edx_proctoring/v1/proctored_exam/attempt"

urlpatterns = [
    path(ATTEMPT, AttemptCollectionView.as_view(), name="proctored_exam.attempt.collection"),
    path(f"{ATTEMPT}/<int:attempt_id>", AttemptView.as_view(), name="proctored_exam.attempt"),
    path(
        f"{ATTEMPT}/<slug:external_id>/ready",
        ReadyCallbackView.as_view(),
        name="proctored_exam.attempt.ready_callback",
    ),
    path(
        f"{ATTEMPT}/<slug:external_id>/reviewed", ReviewCallbackView.as_view(), name="proctored_exam.attempt.callback"
    ),
]
