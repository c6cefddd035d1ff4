"""What staff did to rows, and why."""

from django.contrib import admin

from proctoring.common.admin import StaffActionsAdmin
from verify_student.models import StaffAction
from verify_student.services import staff_actions


@admin.register(StaffAction)
class StaffActionAdmin(StaffActionsAdmin):
    """The app's own."""

    staff_actions = staff_actions.actions
