"""Mail to learners about their verification, by edx-ace, in the learner's language (contract §8.1)."""

from verify_student.services.mail.letters import (
    HANDLERS,
    send_approval,
    send_denial,
    send_expiring,
    send_expiry,
    send_submission,
)

__all__ = ["HANDLERS", "send_approval", "send_denial", "send_expiring", "send_expiry", "send_submission"]
