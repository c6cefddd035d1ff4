"""When scheduled tasks ran, and when providers and other machines last did what they were asked to."""

from django.utils.translation import gettext_lazy as _

from proctoring.common.contacts import AbstractContact
from proctoring.common.runs import AbstractScheduledRun


class ScheduledRun(AbstractScheduledRun):
    """The last run of one of the app's tasks."""

    class Meta:
        app_label = "verify_student"
        verbose_name = _("scheduled task")
        verbose_name_plural = _("scheduled tasks")
        default_permissions = ()


class Contact(AbstractContact):
    """A provider, or another destination of outgoing messages."""

    class Meta:
        app_label = "verify_student"
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        default_permissions = ()
