"""The onboarding of the course's learners."""

from typing import Any

from django.core.paginator import Paginator

from proctoring.common.errors import DomainError
from proctoring.pages.base import CoursePage, beside, searched_for
from proctoring.services import onboarding
from proctoring.services.wording import ONBOARDING_BY_VENDOR, ONBOARDING_LOCAL

PAGE_SIZE = 25


class OnboardingPage(CoursePage):
    """A page of the learners; the vendor's word for where each stands, where the site asks vendors for it."""

    tab = "onboarding"
    template_name = "proctoring/instructor/onboarding.html"
    part_name = "proctoring/instructor/onboarding_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        by_vendor = onboarding.courses_by_vendor()
        offered = ONBOARDING_BY_VENDOR if by_vendor else ONBOARDING_LOCAL
        search = searched_for(self.request.GET)
        chosen = [status for status in self.request.GET.getlist("status") if status in offered]
        context = super().get_context_data(search=search, chosen=chosen, statuses=offered.items(), **kwargs)
        rows_of = onboarding.rows_by_vendor if by_vendor else onboarding.rows_of_course
        try:
            rows: Any = rows_of(self.course_id, onboarding.offered_by(self.course_id), search or None, chosen)
            page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
            shown = list(page)
        except DomainError as refusal:
            # A course without onboarding, or a vendor that cannot be asked: said in its own words.
            return context | {"refusal": refusal.detail}
        kept = [("q", search), *(("status", status) for status in chosen)]
        return context | {"page": page, "rows": shown} | beside(page, kept)
