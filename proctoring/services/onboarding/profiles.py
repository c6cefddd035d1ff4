"""Onboarding as the vendor knows it (contract vendors_admin_screens.md §3.9). Talks to vendors: not in transactions."""

import logging
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from proctoring import lms
from proctoring.backends import provider_named
from proctoring.exceptions import BackendProviderOnboardingProfilesException
from proctoring.services.onboarding.approvals import LearnerOnboarding
from proctoring.services.onboarding.course import NOTHING, CourseRow, local_states
from proctoring.services.vendors import obscured_user_id
from proctoring.statuses import InstructorDashboardOnboardingAttemptStatus as Shown
from proctoring.statuses import VerificientOnboardingProfileStatus as Profile

logger = logging.getLogger(__name__)

SAMPLES = 5


def profile_of_learner(course_id: str, user_id: int, backend: str) -> LearnerOnboarding | None:
    """
    What the vendor says of the learner; None from a vendor that keeps no profiles.

    Raises ``BackendProviderOnboardingProfilesException`` when the vendor does not answer.
    """
    answer = _ask(course_id, backend, user_id=obscured_user_id(user_id, backend))
    if not answer:
        return None
    status = Profile.get_edx_status_from_profile_status(answer.get("status"))
    return LearnerOnboarding(status, _instant(answer.get("expiration_date")))


def rows_by_vendor(
    course_id: str, backend: str, text_search: str | None = None, statuses: Collection[str] = ()
) -> list[CourseRow]:
    """
    Like ``rows_of_course`` with the statuses of the vendor, in the vendor's order, then those without a profile.

    Asked once, two statements of ours. Statuses that vendors do not tell apart match nobody. Raises
    ``BackendProviderOnboardingProfilesException`` when the vendor does not answer or keeps no profiles.
    """
    enrollments = lms.enrollments().get_enrollments_can_take_proctored_exams(course_id, text_search)
    people = {obscured_user_id(enrollment.user.pk, backend): enrollment for enrollment in enrollments}
    profiles = _profiles(course_id, backend, statuses)
    _warn_of_strangers([person for person in profiles if person not in people], searched=bool(text_search))
    shown = {person: Profile.get_instructor_status_from_profile_status(said) for person, said in profiles.items()}
    if not statuses or Shown.not_started in statuses:
        shown |= {person: Shown.not_started.value for person in people if person not in shown}
    changed = local_states(course_id, backend, enrollments)
    return [
        CourseRow(
            username=people[person].user.get_username(),
            enrollment_mode=people[person].mode,
            status=status,
            modified=changed.get(people[person].user.pk, NOTHING)[1],
        )
        for person, status in shown.items()
        if person in people
    ]


def _profiles(course_id: str, backend: str, statuses: Collection[str]) -> dict[str, str]:
    """The vendor's word for each learner it knows, by obscured id."""
    wanted = [profile for shown in statuses if (profile := Profile.get_profile_status_from_filter(shown))]
    if statuses and not wanted:
        return {}
    answer = _ask(course_id, backend, status=",".join(wanted))
    if answer is None:
        raise BackendProviderOnboardingProfilesException
    results = [entry for entry in answer.get("results") or () if isinstance(entry, Mapping)]
    return {str(entry.get("user_id")): str(entry.get("status")) for entry in results}


def _ask(course_id: str, backend: str, **query: str) -> Mapping[str, Any] | None:
    try:
        return provider_named(backend).get_onboarding_profile_info(course_id, **query)
    except BackendProviderOnboardingProfilesException:
        raise
    # Plugins raise whatever their vendor's library raises.
    except Exception as error:
        raise BackendProviderOnboardingProfilesException from error


def _warn_of_strangers(obscured_ids: list[str], *, searched: bool) -> None:
    """Who is not among those searched for need not be a stranger."""
    if obscured_ids and not searched:
        sample = ", ".join(obscured_ids[:SAMPLES])
        logger.warning("The vendor has profiles of unknown learners: count=%d sample=%s", len(obscured_ids), sample)


def _instant(text: object) -> datetime | None:
    """A vendor's day, which counts from its beginning, or instant; in UTC unless it says otherwise."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
