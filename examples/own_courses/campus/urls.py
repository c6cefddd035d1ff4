"""Addresses. ``jump_to`` is the name by which the exam app finds an exam's page."""

from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path

from campus import views

urlpatterns = [
    path("", views.home, name="home"),
    path("courses/<slug:course_id>/", views.course, name="course"),
    path("courses/<slug:course_id>/<slug:content_id>", views.exam, name="jump_to"),
    path("login", LoginView.as_view(template_name="admin/login.html"), name="login"),
    path("logout", LogoutView.as_view(next_page="login"), name="logout"),
    path("admin/", admin.site.urls),
    path("api/", include("proctoring.urls")),
    path("verify_student/", include("verify_student.urls")),
    path("", include("verify_student.urls.pages")),
]
