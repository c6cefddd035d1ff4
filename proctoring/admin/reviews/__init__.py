"""Reviews, the second review by a person, and former reviews (contract vendors_admin_screens.md §4.3-4.4)."""

from proctoring.admin.reviews.deciding import ReviewAdmin
from proctoring.admin.reviews.former import ReviewHistoryAdmin
from proctoring.admin.reviews.redaction import redacted

__all__ = ["ReviewAdmin", "ReviewHistoryAdmin", "redacted"]
