"""What staff did to rows, and why."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from proctoring.common.admin import StaffActionsAdmin
from proctoring.models import StaffAction
from proctoring.services import second_reviews, staff_actions


@admin.register(StaffAction)
class StaffActionAdmin(StaffActionsAdmin):
    """The app's own."""

    staff_actions = staff_actions.actions
    names = {second_reviews.VERB: _("Decide on a review")}
