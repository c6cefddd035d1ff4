"""
Addresses of the course pages. ``jump_to`` and ``progress`` are names the exam app knows (contract python.md §6.6).
"""

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path, re_path

from demo.lms import views

COURSE = rf"^courses/{settings.COURSE_ID_PATTERN}"
CONTENT = r"(?P<content_id>[^?]+)"

urlpatterns = [
    path("", views.course_list, name="course_list"),
    path("accounts/login/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("accounts/logout/", LogoutView.as_view(), name="logout"),
    path("help/", views.help_page, name="help"),
    path("healthz", views.healthz, name="healthz"),
    path("demo/effects/<str:username>/<path:content_id>", views.effects, name="effects"),
    re_path(rf"{COURSE}/$", views.course_outline, name="course_outline"),
    re_path(rf"{COURSE}/jump_to/{CONTENT}$", views.jump_to, name="jump_to"),
    re_path(rf"{COURSE}/answer/{CONTENT}$", views.answer, name="answer"),
    re_path(rf"{COURSE}/progress$", views.progress, name="progress"),
]
