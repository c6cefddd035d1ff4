"""What staff do to providers' results, and to messages that were given up."""

from proctoring.common.acting.messages import apply_again, send_again
from verify_student.models import InboxDelivery, OutboxMessage
from verify_student.services import inbox, outbox

VERBS = (
    apply_again(InboxDelivery, "verify_student.replay_inboxdelivery", inbox.replay),
    send_again(OutboxMessage, "verify_student.redeliver_outboxmessage", outbox.redeliver),
)
