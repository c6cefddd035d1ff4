"""Addresses of the simulator: the vendor's, its own for programs under ``/simulator/``, and pages for people."""

from django.urls import path

from demo.simulator import control, dashboard, oauth, onboarding, pages, protocol, rpnow
from demo.simulator.gateway import resource

urlpatterns = [
    path("oauth2/access_token", oauth.access_token),
    path("api/v1/config/", resource("config", GET=protocol.show_config)),
    path("api/v1/exam/", resource("exam", POST=protocol.create_exam)),
    path("api/v1/exam/<str:exam_id>/", resource("exam", POST=protocol.update_exam, GET=protocol.show_exam)),
    path("api/v1/exam/<str:exam_id>/attempt/", resource("register", POST=protocol.register_attempt)),
    path(
        "api/v1/exam/<str:exam_id>/attempt/<str:attempt_id>/",
        resource("attempt", GET=protocol.show_attempt, PATCH=protocol.report_status, DELETE=protocol.delete_attempt),
    ),
    path("api/v1/user/<str:user_id>/", resource("user", DELETE=protocol.delete_user)),
    path("api/v1/courses/<path:course_id>/onboarding_statuses", resource("onboarding", GET=onboarding.statuses)),
    path("api/v1/instructor/<str:client_id>/", dashboard.show),
    path("rpnow/exams/", resource("register", guard=rpnow.needs_signature, POST=rpnow.register)),
    path("download/", pages.download, name="download"),
    path("recordings/<str:attempt_id>/<str:player>", pages.recording),
    path("", pages.index, name="index"),
    path("attempts/<str:attempt_id>/", pages.attempt, name="attempt"),
    path("attempts/<str:attempt_id>/faults/", pages.set_faults, name="faults"),
    path("attempts/<str:attempt_id>/review/", pages.send_review, name="review"),
    path("simulator/health", control.health),
    path("simulator/journal", control.show_journal, name="journal"),
    path("simulator/attempts", control.show_attempts, name="attempts"),
    path("simulator/plan", control.set_plan),
    path("simulator/reviews", control.send_review),
]
