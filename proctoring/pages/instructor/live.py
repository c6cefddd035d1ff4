"""Who sits an exam of the course now; the board refreshes itself."""

from typing import Any

from proctoring.pages.base import CoursePage
from proctoring.services import course_attempts, live


class LivePage(CoursePage):
    """Whoever has been silent for long, or has little time left, is marked."""

    tab = "live"
    template_name = "proctoring/instructor/live.html"
    part_name = "proctoring/instructor/live_board.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        exams = course_attempts.exams_of(self.course_id)
        return super().get_context_data(board=live.board(exam.pk for exam in exams), **kwargs)
