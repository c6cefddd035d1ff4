"""People: learners with enrolment, profile and certificate, and the staff."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.db import transaction

from demo.lms.models import Certificate, Course, CourseRole, Enrollment, EnrollmentMode, UserProfile

PASSWORD = "demo"  # noqa: S105  printed by the demo itself
LEARNERS = ("amal", "bruno", "chen", "dana")
TIME_ZONES = {"chen": "Asia/Shanghai"}
SITE_STAFF = "grace"
COURSE_STAFF = "henry"


def seed_learner(username: str, course: Course, **user_fields: Any) -> Any:
    """A learner in the verified mode, with a certificate to lose. An existing account stays as it is."""
    user = _account(username, **user_fields)
    Enrollment.objects.get_or_create(user=user, course=course, defaults={"mode": EnrollmentMode.VERIFIED})
    Certificate.objects.get_or_create(user=user, course=course)
    return user


def seed_staff(course: Course) -> Any:
    """The administrator of the site, who is returned, and a member of the course's staff."""
    _account(SITE_STAFF, is_staff=True, is_superuser=True)
    CourseRole.objects.get_or_create(user=_account(COURSE_STAFF), course=course, role=CourseRole.STAFF)
    return get_user_model().objects.get(username=SITE_STAFF)


@transaction.atomic
def reset_learner(username: str, course: Course) -> Any:
    """A learner who never did anything. Raises ValueError for an account that is not a plain learner's."""
    known = get_user_model().objects.filter(username=username).first()
    if known is not None:
        if known.is_staff or known.is_superuser or CourseRole.objects.filter(user=known).exists():
            raise ValueError(f"{username} is not a learner")
        known.delete()
    return seed_learner(username, course)


def _account(username: str, *, password_hash: str = "", **fields: Any) -> Any:
    users = get_user_model().objects
    user = users.filter(username=username).first()
    if user is None:
        # Hashing is slow on purpose; whoever makes many accounts hands one hash over.
        user = users.create(
            username=username,
            email=f"{username}@demo.invalid",
            password=password_hash or make_password(PASSWORD),
            **fields,
        )
    profile = {"name": f"{username.title()} Demo", "time_zone": TIME_ZONES.get(username, "")}
    UserProfile.objects.get_or_create(user=user, defaults=profile)
    return user
