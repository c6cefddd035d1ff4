"""Who decided what, and who looked at evidence."""

from django.contrib import admin

from proctoring.common.admin import AuditEntriesAdmin
from verify_student.models import AuditEntry
from verify_student.services import audit


@admin.register(AuditEntry)
class AuditEntryAdmin(AuditEntriesAdmin):
    """The app's own."""

    events = audit.EVENTS
