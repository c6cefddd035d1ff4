"""Who sits an exam of the course now; the board refreshes itself."""

from typing import Any

from proctoring.pages.base import CoursePage, turned_to
from proctoring.services import course_attempts, live

# Of a page's number; there are never so many sessions.
MOST_DIGITS = 4


class LivePage(CoursePage):
    """Whoever has been silent for long, or has little time left, is marked."""

    tab = "live"
    template_name = "proctoring/instructor/live.html"
    part_name = "proctoring/instructor/live_board.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = _number(self.request.GET.get("page", ""))
        board = live.board(course_attempts.exams_of(self.course_id), page)
        beside = {
            "next_url": turned_to([], "page", page + 1) if board.has_more else "",
            "previous_url": turned_to([], "page", page - 1) if page > 1 else "",
        }
        return super().get_context_data(board=board, **beside, **kwargs)


def _number(text: str) -> int:
    """The page that an address asks for; the first one where it makes no sense."""
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else 1
