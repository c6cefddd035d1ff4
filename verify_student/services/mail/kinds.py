"""
The kinds of mail, as edx-ace knows them. Templates: ``verify_student/edx_ace/<name in lower case>/email/``.
"""

from typing import Any

from edx_ace.message import MessageType

from verify_student.conf import config

DJANGO_CHANNEL = "django_email"


class LearnerMail(MessageType):  # type: ignore[misc]
    """About one learner's own verification: nobody can unsubscribe from it."""

    APP_LABEL = "verify_student"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options["transactional"] = True
        self.options["from_address"] = config.from_address


class VerificationSubmitted(LearnerMail):
    """The photos have arrived."""


class VerificationApproved(LearnerMail):
    """The learner is verified; ``USE_DJANGO_MAIL`` asks for Django's channel, whichever the platform's is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if config.use_django_mail:
            self.options["override_default_channel"] = DJANGO_CHANNEL


class VerificationDenied(LearnerMail):
    """The learner is not verified, and told why."""


class VerificationExpiry(LearnerMail):
    """The learner's approval counts no longer."""


class VerificationExpiring(LearnerMail):
    """The learner's approval soon counts no longer."""
