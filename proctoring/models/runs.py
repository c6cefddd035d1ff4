"""When scheduled tasks ran, and when vendors and other machines last did what they were asked to."""

from django.utils.translation import gettext_lazy as _

from proctoring.common.contacts import AbstractContact
from proctoring.common.runs import AbstractScheduledRun


class ScheduledRun(AbstractScheduledRun):
    """The last run of one of the app's tasks. Its place in the admin is the page for operators."""

    class Meta:
        db_table = "proctoring_scheduledrun"
        verbose_name = _("scheduled task")
        # What the admin's index calls the page.
        verbose_name_plural = _("operations")
        default_permissions = ()
        permissions = [("view_operations", _("Can see how operations stand"))]


class Contact(AbstractContact):
    """A vendor, by its backend's name, or another destination of outgoing messages."""

    class Meta:
        db_table = "proctoring_contact"
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        default_permissions = ()
