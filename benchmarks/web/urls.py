"""The demo's addresses, and the control's before them."""

from django.urls import path

from benchmarks.web.control import ControlView
from demo.urls import urlpatterns as demo

urlpatterns = [path("control/<int:attempt_id>", ControlView.as_view(), name="control"), *demo]
