"""Onboarding as the vendor knows it (contract vendors_admin_screens.md §3.9). Talks to vendors: not in transactions."""

import logging
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from proctoring import lms
from proctoring.backends import provider_named
from proctoring.conf import ONBOARDING_PROFILE_INSTRUCTOR_DASHBOARD_API
from proctoring.exceptions import (
    BackendProviderOnboardingProfilesException,
    OnboardingProfilesNotKept,
    OnboardingStatusUnknown,
)
from proctoring.services.onboarding.approvals import LearnerOnboarding
from proctoring.services.onboarding.course import NOTHING, CourseRow, CourseRows, eligible, local_states, with_users
from proctoring.services.vendors import obscured_user_id
from proctoring.statuses import InstructorDashboardOnboardingAttemptStatus as Shown
from proctoring.statuses import VerificientOnboardingProfileStatus as Profile

logger = logging.getLogger(__name__)

SAMPLES = 5
# A vendor whose pages have no end must not keep a request for ever.
MAX_PAGES = 400


def courses_by_vendor() -> bool:
    """Whether lists of a course's learners come from the vendor."""
    return lms.switches().is_active(ONBOARDING_PROFILE_INSTRUCTOR_DASHBOARD_API)


def profile_of_learner(course_id: str, user_id: int, backend: str) -> LearnerOnboarding:
    """
    What the vendor says of the learner.

    Raises ``BackendProviderOnboardingProfilesException`` when the vendor does not answer, and
    ``OnboardingProfilesNotKept`` when it keeps no profiles.
    """
    answer = _ask(course_id, backend, user_id=obscured_user_id(user_id, backend))
    status = Profile.get_edx_status_from_profile_status(str(answer.get("status")))
    said = answer.get("expiration_date")
    until = _instant(said)
    return LearnerOnboarding(status, until, said if until and isinstance(said, str) else None)


def rows_by_vendor(
    course_id: str, backend: str, text_search: str | None = None, statuses: Collection[str] = ()
) -> CourseRows:
    """
    Like ``rows_of_course`` with the statuses of the vendor, in the vendor's order, then those without a profile.

    Two statements of ours for the rows that are looked at. Raises as :func:`profile_of_learner`, and
    ``OnboardingStatusUnknown`` for statuses that vendors do not tell apart.
    """
    words = [_in_vendors_words(status) for status in statuses]
    enrollments = with_users(list(eligible(course_id, text_search)))
    people = {obscured_user_id(enrollment.user.pk, backend): enrollment for enrollment in enrollments}
    profiles = _profiles(course_id, backend, ",".join(words))
    _warn_of_strangers([person for person in profiles if person not in people], searched=bool(text_search))
    shown = {person: Profile.get_instructor_status_from_profile_status(said) for person, said in profiles.items()}
    if not statuses or Shown.not_started in statuses:
        shown |= {person: Shown.not_started.value for person in people if person not in shown}
    told = [(people[person], status) for person, status in shown.items() if person in people]
    return CourseRows(told, partial(_rows_with_changes, course_id, backend))


def _rows_with_changes(course_id: str, backend: str, told: list[tuple[lms.Enrollment, str | None]]) -> list[CourseRow]:
    changed = local_states(course_id, backend, [enrollment for enrollment, _ in told])
    return [
        CourseRow(
            username=enrollment.user.get_username(),
            enrollment_mode=enrollment.mode,
            status=status,
            modified=changed.get(enrollment.user.pk, NOTHING)[1],
        )
        for enrollment, status in told
    ]


def _in_vendors_words(status: str) -> str:
    said = Profile.get_profile_status_from_filter(status)
    if said is None:
        raise OnboardingStatusUnknown
    return said


def _profiles(course_id: str, backend: str, words: str) -> dict[str, str]:
    """The vendor's word for each learner it knows, by obscured id, from all of its pages."""
    known: dict[str, str] = {}
    for answer in _pages(course_id, backend, words):
        results = answer.get("results") or []
        if not isinstance(results, list):
            raise BackendProviderOnboardingProfilesException
        entries = [entry for entry in results if isinstance(entry, Mapping)]
        said = {str(entry.get("user_id")): str(entry.get("status")) for entry in entries}
        if said.keys() <= known.keys():
            # Nobody new: the vendor gives the same page whatever it is asked for.
            break
        known |= said
    return known


def _pages(course_id: str, backend: str, words: str) -> Iterator[Mapping[str, Any]]:
    answer = _ask(course_id, backend, status=words)
    yield answer
    for number in range(2, MAX_PAGES + 1):
        if not _goes_on(answer, number - 1):
            return
        answer = _ask(course_id, backend, status=words, page=str(number))
        yield answer
    logger.error("The vendor's onboarding profiles have too many pages: backend=%s", backend)
    raise BackendProviderOnboardingProfilesException


def _goes_on(answer: Mapping[str, Any], number: int) -> bool:
    pages = answer.get("num_pages")
    return bool(answer.get("next")) or (isinstance(pages, int) and pages > number)


def _ask(course_id: str, backend: str, **query: str) -> Mapping[str, Any]:
    try:
        answer = provider_named(backend).get_onboarding_profile_info(course_id, **query)
    except BackendProviderOnboardingProfilesException:
        raise
    # Plugins raise whatever their vendor's library raises.
    except Exception as error:
        raise BackendProviderOnboardingProfilesException from error
    if not answer:
        raise OnboardingProfilesNotKept
    if not isinstance(answer, Mapping):
        raise BackendProviderOnboardingProfilesException
    return answer


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
