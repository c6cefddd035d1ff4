"""A course as one learner sees it."""

from datetime import datetime
from typing import Any

from demo.lms.models import Course, Enrollment, PersonalDueDate
from proctoring.lms import CourseOutline, CourseOutlineDetails, CourseSchedule, SequenceSchedule


class LearningSequencesService:
    """Port ``learning_sequences``."""

    def get_user_course_outline_details(self, course_key: Any, user: Any, at_time: datetime, /) -> CourseOutlineDetails:
        course = Course.objects.get(course_id=str(course_key))
        sequences = list(course.sequences.all())
        own = dict(PersonalDueDate.objects.filter(user=user, sequence__in=sequences).values_list("sequence_id", "due"))
        open_now = course.start is None or course.start <= at_time
        enrolled = Enrollment.objects.filter(user=user, course=course, is_active=True).exists()
        keys = [sequence.content_id for sequence in sequences]
        return CourseOutlineDetails(
            outline=CourseOutline(accessible_sequences=frozenset(keys if open_now and enrolled else ())),
            schedule=CourseSchedule(
                sequences={
                    sequence.content_id: SequenceSchedule(
                        effective_start=course.start, due=own.get(sequence.pk, sequence.due)
                    )
                    for sequence in sequences
                },
                course_end=course.end,
            ),
        )
