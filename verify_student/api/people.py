"""What the host does with its learners: sign them in, vouch for them, retire them (contract §1.3, §1.4, §1.10)."""

from collections.abc import Iterator
from typing import Any

from verify_student.models import ManualVerification, SSOVerification
from verify_student.services import export, manual, retirement, sso


def export_subject_data(user: Any, requested_by: Any = None) -> Iterator[str]:
    """
    What is kept of the learner's identity as a JSON document (docs/privacy.rst), in pieces to be sent one after the
    other; ``requested_by`` is the account that asks, None for the host itself.
    """
    return export.export_subject_data(user, by=requested_by)


def record_sso_login(user: Any, provider_type: str, slug: str) -> SSOVerification:
    """To be called when somebody signed in through a provider that has ``enable_sso_id_verification``."""
    return sso.record_login(user, provider_type, slug)


def vouch_for(user: Any, reason: str = "") -> ManualVerification:
    """Staff vouch for the learner."""
    return manual.vouch(user, reason=reason)


def retire_learner(user: Any) -> bool:
    """
    All that goes when a learner is retired, whose row or id is given; may be called again. Whether there was any.

    Raises ``LearnerHeld`` where a hold keeps it; it is remembered, and goes when the hold is lifted.
    """
    return retirement.everything(getattr(user, "pk", user))
