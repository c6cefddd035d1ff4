"""Former reviews, for reading (contract vendors_admin_screens.md §4.4)."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from proctoring.admin.reviews.lists import ReviewList
from proctoring.common.admin import ReadOnlyAdmin
from proctoring.models import ProctoredExamSoftwareSecureReviewHistory


@admin.register(ProctoredExamSoftwareSecureReviewHistory)
class ReviewHistoryAdmin(ReadOnlyAdmin, ReviewList):
    """The archive."""

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("review_status", *self.shown_to(request))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.get_fields(request, obj)
