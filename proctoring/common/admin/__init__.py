"""What both apps' admins share: long lists, rows for reading, verbs with a look beforehand, inbox and outbox."""

from proctoring.common.admin.acted import StaffActionsAdmin
from proctoring.common.admin.acting import ActingAdmin
from proctoring.common.admin.audit import AuditEntriesAdmin
from proctoring.common.admin.counting import EstimatedPaginator
from proctoring.common.admin.filters import ChoiceFilter
from proctoring.common.admin.lists import LongListAdmin
from proctoring.common.admin.messages import DeliveriesAdmin, MessagesAdmin
from proctoring.common.admin.reading import GuardedAdmin, ReadOnlyAdmin
from proctoring.common.admin.single import SinglyDeletedAdmin

__all__ = [
    "ActingAdmin",
    "AuditEntriesAdmin",
    "ChoiceFilter",
    "DeliveriesAdmin",
    "EstimatedPaginator",
    "GuardedAdmin",
    "LongListAdmin",
    "MessagesAdmin",
    "ReadOnlyAdmin",
    "SinglyDeletedAdmin",
    "StaffActionsAdmin",
]
