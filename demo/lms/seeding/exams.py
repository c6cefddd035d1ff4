"""The course's exams, handed to the exam app as publishing a course does."""

from demo.lms.models import Course, Sequence
from proctoring.models import ProctoredExam
from proctoring.services import exams


def seed_exams(course: Course) -> int:
    """An active exam for each sequence that is one; the number made now. Existing exams stay as they are."""
    known = set(ProctoredExam.get_all_exams_for_course(course.course_id).values_list("content_id", flat=True))
    missing = [part for part in course.sequences.all() if part.is_exam and part.content_id not in known]
    for sequence in missing:
        _create(course, sequence)
    return len(missing)


def _create(course: Course, sequence: Sequence) -> ProctoredExam:
    return exams.create(
        course_id=course.course_id,
        content_id=sequence.content_id,
        exam_name=sequence.display_name,
        time_limit_mins=sequence.time_limit_mins,
        due_date=sequence.due,
        is_proctored=sequence.is_proctored,
        is_practice_exam=sequence.is_practice_exam,
        is_active=True,
        hide_after_due=sequence.hide_after_due,
        backend=sequence.backend,
    )
