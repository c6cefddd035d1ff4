"""The protocol of RPNow, the oldest vendor (contract vendors_admin_screens.md §2)."""

from proctoring.backends.software_secure.provider import SoftwareSecureBackendProvider
from proctoring.backends.software_secure.reviews import exam_code

__all__ = ["SoftwareSecureBackendProvider", "exam_code"]
