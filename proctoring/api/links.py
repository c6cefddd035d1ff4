"""Where learners find exams and courses, for the LMS's code (contract python.md §4.12)."""

from proctoring.services import links


def get_exam_url(course_id: str, content_id: str, is_learning_mfe: bool) -> str:
    """The exam's address in the learning micro-frontend, else the host's path; empty where the host has none."""
    return links.exam_url(course_id, content_id, is_learning_mfe=is_learning_mfe)


def get_course_home_url(course_id: str) -> str:
    """The address of the course's home page in the learning micro-frontend."""
    return links.course_home_url(course_id)
