"""Courses, which are the LMS's; what is kept of them here is a row to hold."""

from django.db import models


class CourseHold(models.Model):
    """
    Held by whoever adds exams to a course, or publishes all of them: a new course has no exam that could be held.
    """

    id = models.BigAutoField(primary_key=True)
    course_id = models.CharField(max_length=255, unique=True)

    class Meta:
        db_table = "proctoring_coursehold"

    def __str__(self) -> str:
        return self.course_id
