"""Where learners verify themselves (contract §5.4)."""

from typing import Any
from urllib.parse import quote

from verify_student import lms
from verify_student.conf import config


def verify_location(course_id: Any = None) -> str:
    """The account micro-frontend's page, or whatever the host puts in its place; a course is where it leads back to."""
    url = f"{config.account_mfe_url}/id-verification"
    if course_id:
        url += f"?course_id={quote(str(course_id))}"
    return lms.pages().get_verify_location(url)
