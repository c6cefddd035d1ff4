"""The REST vendor protocol (contract vendors_admin_screens.md §3)."""

from proctoring.backends.rest.provider import BaseRestProctoringProvider, VendorCallRefused, VendorsIdMissing

__all__ = ["BaseRestProctoringProvider", "VendorCallRefused", "VendorsIdMissing"]
