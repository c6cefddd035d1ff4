"""Handing a mail over to edx-ace."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import translation
from edx_ace import policy, presentation
from edx_ace.channel import ChannelType, get_channel_for_message
from edx_ace.message import Message
from edx_ace.recipient import Recipient
from edx_ace.utils.signals import send_ace_message_sent_signal

from verify_student.conf import config
from verify_student.services import preferences
from verify_student.services.mail.kinds import LearnerMail

logger = logging.getLogger(__name__)


@contextmanager
def in_language_of(user: Any) -> Iterator[None]:
    """The learner's language for what is written inside; the platform's where the host knows none that we have."""
    with translation.override(preferences.language_of(user) or config.language_code):
        yield


def send(kind: LearnerMail, user: Any) -> bool:
    """
    Send mail of this kind in the language of the moment; false where the learner has no address, or a policy of the
    platform's is against it.

    ``ace.send`` would swallow most of what goes wrong. Here it is raised, so that the outbox tries again.
    """
    if not user.email:
        return False
    recipient = Recipient(lms_user_id=user.pk, email_address=user.email)
    message = kind.personalize(recipient, translation.get_language(), {})
    message.report_basics()
    if ChannelType.EMAIL not in policy.channels_for(message):
        return False
    carrier = get_channel_for_message(ChannelType.EMAIL, message)
    carrier.deliver(message, presentation.render(carrier, message))
    _announce(carrier, message)
    return True


def _announce(carrier: Any, message: Message) -> None:
    try:
        send_ace_message_sent_signal(carrier, message)
    except Exception as error:  # the mail has left: a listener that fails must not have it sent again
        logger.warning("A listener to sent mail failed: mail=%s error=%s", message.name, type(error).__name__)
