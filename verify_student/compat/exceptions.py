"""What this app refuses, and what only older code can have refused (contract §5.3)."""

from verify_student.exceptions import *  # noqa: F403
from verify_student.exceptions import VerificationBaseException


class WindowExpiredException(VerificationBaseException):
    """Never raised; old code catches it."""

    code = "window_expired"
