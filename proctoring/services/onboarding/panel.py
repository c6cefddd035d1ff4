"""The learner's onboarding panel on the course's home page (contract rest.md §5.16)."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from proctoring.backends import provider_named
from proctoring.conf import config
from proctoring.exceptions import BackendProviderOnboardingProfilesException, ProctoredExamNotFoundException
from proctoring.services import links
from proctoring.services.onboarding.approvals import LearnerOnboarding, of_learner
from proctoring.services.onboarding.exams import Choice, Opening, choose, exams_of, offered_by
from proctoring.services.onboarding.profiles import profile_of_learner

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

    Raises ``ProctoredExamNotFoundException`` (404) without onboarding in the course, without an exam the learner can
    open now, later or earlier, and when the vendor is to be asked but keeps no profiles.
    """
    now = now or timezone.now()
    backend = offered_by(course_id)
    choice = choose(course_id, exams_of(course_id), user, now)
    if choice is None:
        raise ProctoredExamNotFoundException(_("You have no access to an onboarding exam."), http_status=404)
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
    if profile is None:
        raise ProctoredExamNotFoundException(_("This proctoring service keeps no profiles."), http_status=404)
    if profile.status != local.status:
        logger.error("Vendor and records disagree about onboarding: user=%s backend=%s", user.pk, backend)
    return profile
