"""
The one route that a host without learners mounts, such as a studio where courses are made (contract rest.md §1.1).

A course id looks as the site's ``COURSE_ID_PATTERN`` says, so that one setting is read here, when the site's addresses
are put together.
"""

from django.urls import re_path

from proctoring.conf import config
from proctoring.rest.dashboards import ExamDashboardView

app_name = "edx_proctoring"

V1 = "edx_proctoring/v1"
COURSE = config.course_id_pattern

exam_dashboard = re_path(
    rf"^{V1}/instructor/{COURSE}/(?P<exam_id>\d+)$", ExamDashboardView.as_view(), name="instructor_dashboard_exam"
)

urlpatterns = [exam_dashboard]
