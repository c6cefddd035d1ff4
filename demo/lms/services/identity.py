"""What identity verification asks the demo LMS for: names, courses, pages, and who has left."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from demo.lms.models import Course, Enrollment, EnrollmentMode, UserProfile


class ProfilesService:
    """Port ``profiles``."""

    def get_full_name(self, user: Any) -> str:
        name = UserProfile.objects.filter(user=user).values_list("name", flat=True).first()
        # Accounts made in the admin have no profile.
        return name if name is not None else user.get_full_name()

    def get_full_names(self, users: Collection[Any]) -> Mapping[int, str]:
        profiles = UserProfile.objects.filter(user_id__in=[user.pk for user in users])
        known = dict(profiles.values_list("user_id", "name"))
        return {user.pk: known.get(user.pk, user.get_full_name()) for user in users}

    def get_pending_name(self, user: Any) -> str | None:
        return UserProfile.objects.filter(user=user).values_list("pending_name", flat=True).first() or None


class CoursesService:
    """Port ``courses``."""

    def get_course_end(self, course_id: str) -> datetime | None:
        return Course.objects.filter(course_id=str(course_id)).values_list("end", flat=True).first()

    def has_live_verified_enrollment(self, user: Any) -> bool:
        return _live_and_verified().filter(user=user).exists()

    def learners_with_live_verified_enrollment(self, user_ids: Collection[int]) -> set[int]:
        return set(_live_and_verified().filter(user_id__in=user_ids).values_list("user_id", flat=True))

    def get_course_name(self, course_id: str) -> str | None:
        return Course.objects.filter(course_id=str(course_id)).values_list("display_name", flat=True).first()


class PagesService:
    """Port ``pages``: the demo sends nobody elsewhere."""

    def get_verify_location(self, url: str) -> str:
        return url

    def get_dashboard_url(self) -> str:
        return f"{settings.LMS_ROOT_URL}{reverse('course_list')}"

    def get_course_url(self, course_id: str) -> str:
        known = Course.objects.filter(course_id=course_id).exists()
        return f"{settings.LMS_ROOT_URL}{reverse('course_outline', args=[course_id])}" if known else ""


class PeopleService:
    """Port ``people``."""

    def retired_user_ids(self, user_ids: Iterable[int]) -> set[int]:
        retired = UserProfile.objects.filter(user_id__in=list(user_ids), retired_at__isnull=False)
        return set(retired.values_list("user_id", flat=True))


def _live_and_verified() -> QuerySet[Enrollment]:
    live = Q(course__end__isnull=True) | Q(course__end__gt=timezone.now())
    return Enrollment.objects.filter(live, mode=EnrollmentMode.VERIFIED, is_active=True)
