"""The XBlock runtime service ``verification`` (contract §4.6)."""

from typing import Any

from django.contrib.auth import get_user_model

from verify_student.services import location, user_status


class VerificationService:
    """What blocks may ask."""

    def get_status(self, user_id: int) -> dict[str, Any]:
        """The dictionary of ``IDVerificationService.user_status`` (W49). Raises ``User.DoesNotExist``."""
        return user_status.of_user(get_user_model()._default_manager.get(pk=user_id))

    def reverify_url(self) -> str:
        """Where learners verify themselves."""
        return location.verify_location()
