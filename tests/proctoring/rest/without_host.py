"""Addresses of a process that has none of a host's pages."""

from django.urls import include, path

urlpatterns = [path("api/", include("proctoring.urls"))]
