"""What staff do to vendors' callbacks, and to messages that were given up."""

from proctoring.common.acting.messages import apply_again, send_again
from proctoring.models import InboxDelivery, OutboxMessage
from proctoring.services import inbox, outbox

VERBS = (
    apply_again(InboxDelivery, "proctoring.replay_inboxdelivery", inbox.replay),
    send_again(OutboxMessage, "proctoring.redeliver_outboxmessage", outbox.redeliver),
)
