"""The app's configuration."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# Words of the platforms that find apps by entry point (contract vendors_admin_screens.md §7.2).
LMS, STUDIO = "lms.djangoapp", "cms.djangoapp"
MOUNT = {"namespace": "edx_proctoring", "regex": "^api/"}


class ProctoringConfig(AppConfig):
    """Timed, practice, onboarding and proctored exams."""

    name = "proctoring"
    label = "proctoring"
    verbose_name = _("Proctored exams")
    default_auto_field = "django.db.models.AutoField"
    # What operators have to know of the app, see ``proctoring.common.operations``.
    operations = "proctoring.services.status.report"
    # What is worth asking of an older site's tables, see ``proctoring.common.adoption``.
    adoption = "proctoring.services.adoption.questions"
    # Its audit log, see ``proctoring.common.audit``.
    audit_log = "proctoring.services.audit.log"
    # Where its addresses and settings are, below this package. Platforms write into these dictionaries.
    plugin_app: dict[str, Any] = {
        "url_config": {LMS: {**MOUNT, "relative_path": "urls"}, STUDIO: {**MOUNT, "relative_path": "urls.studio"}},
        "settings_config": {
            LMS: {
                "common": {"relative_path": "settings.common"},
                "production": {"relative_path": "settings.production"},
            },
            STUDIO: {
                "common": {"relative_path": "settings.studio"},
                "production": {"relative_path": "settings.production"},
            },
        },
    }
    # Who does what in the admin, see ``proctoring.common.groups`` and docs/admin.rst.
    staff_groups = {
        "Course reviewers": (
            "proctoring.view_proctoredexam",
            "proctoring.view_proctoredexamreviewpolicy",
            "proctoring.view_proctoredexamstudentattempt",
            "proctoring.view_historicalproctoredexamstudentattempt",
            "proctoring.view_proctoredexamsoftwaresecurereview",
            "proctoring.view_proctoredexamsoftwaresecurereviewhistory",
            "proctoring.view_proctoredexamsoftwaresecurecomment",
            "proctoring.review_attempts",
        ),
        "Data protection": (
            "proctoring.hold_data",
            "proctoring.view_retentionhold",
            "proctoring.view_erasurecertificate",
            "proctoring.view_vendorerasure",
            "proctoring.view_pendingerasure",
            "proctoring.view_auditentry",
        ),
        "Operators": (
            "proctoring.view_operations",
            "proctoring.view_inboxdelivery",
            "proctoring.replay_inboxdelivery",
            "proctoring.view_outboxmessage",
            "proctoring.redeliver_outboxmessage",
            "proctoring.view_staffaction",
            "proctoring.view_proctoredexam",
            "proctoring.view_proctoredexamstudentattempt",
            "proctoring.change_proctoredexamstudentattempt",
        ),
    }

    def ready(self) -> None:
        # Models and settings exist only now.
        from proctoring import checks, receivers  # noqa: F401
