"""The learner's onboarding panel on the course's home page (contract rest.md §5.16)."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext as _

from proctoring.backends import provider_named
from proctoring.conf import config
from proctoring.exceptions import (
    BackendProviderOnboardingProfilesException,
    ProctoredExamNotFoundException,
    UserNotFoundException,
)
from proctoring.services import links
from proctoring.services.onboarding.approvals import LearnerOnboarding, of_learner
from proctoring.services.onboarding.exams import Choice, Opening, choose, offered_in
from proctoring.services.onboarding.profiles import profile_of_learner
from proctoring.services.vendors import backend_name

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Panel:
    """Where a learner stands, the exam to be sent to, and where the vendor's requirements are explained."""

    onboarding: LearnerOnboarding
    choice: Choice
    review_requirements_url: str

    @property
    def past_due(self) -> bool:
        return self.choice.opening is Opening.PAST_DUE

    def link(self, *, is_learning_mfe: bool) -> str | None:
        """The exam's address while it is open, else None."""
        if not self.choice.is_open:
            return None
        exam = self.choice.exam
        return links.exam_url(exam.course_id, exam.content_id, is_learning_mfe=is_learning_mfe)


def panel_of(course_id: str, user: Any, now: datetime | None = None) -> Panel:
    """
    The panel of a learner. Asks the vendor, where the settings say so: not within a transaction.

    Whatever is asked is asked of the chosen exam's vendor (contract rest.md §9.6 D8). Raises
    ``ProctoredExamNotFoundException`` (404) without onboarding in the course, and without an exam the learner can open
    now, later or earlier; ``OnboardingProfilesNotKept`` when the vendor is to be asked but keeps no profiles.
    """
    now = now or timezone.now()
    choice = choose(course_id, offered_in(course_id), user, now)
    if choice is None:
        raise ProctoredExamNotFoundException(_("You have no access to an onboarding exam."), http_status=404)
    backend = backend_name(choice.exam)
    standing = of_learner(course_id, user, backend, now)
    if config.use_onboarding_profile_api:
        standing = _confirmed(standing, course_id, user, backend)
    return Panel(standing, choice, provider_named(backend).help_center_article_url)


def _confirmed(local: LearnerOnboarding, course_id: str, user: Any, backend: str) -> LearnerOnboarding:
    """The vendor's word instead of ours; ours while the vendor cannot be reached."""
    try:
        profile = profile_of_learner(course_id, user.pk, backend)
    except BackendProviderOnboardingProfilesException:
        logger.warning("The vendor gave no onboarding profile: user=%s backend=%s", user.pk, backend)
        return local
    if profile.status != local.status:
        logger.error("Vendor and records disagree about onboarding: user=%s backend=%s", user.pk, backend)
    return profile


def learner_named(username: str) -> Any:
    """Whose panel somebody asks for. Raises ``UserNotFoundException``."""
    users = get_user_model()
    found = users._default_manager.filter(**{users.USERNAME_FIELD: username}).first()
    if found is None:
        raise UserNotFoundException
    return found
