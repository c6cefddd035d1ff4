"""The app's configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VerifyStudentConfig(AppConfig):
    """Identity verification of learners."""

    name = "verify_student"
    label = "verify_student"
    verbose_name = _("Identity verification")
    default_auto_field = "django.db.models.AutoField"
    # What operators have to know of the app, see ``proctoring.common.operations``.
    operations = "verify_student.services.status.report"
    # What is worth asking of an older site's tables, see ``proctoring.common.adoption``.
    adoption = "verify_student.services.adoption.questions"
    # Its audit log, see ``proctoring.common.audit``.
    audit_log = "verify_student.services.audit.log"
    # Who does what in the admin, see ``proctoring.common.groups`` and docs/admin.rst.
    staff_groups = {
        "Identity reviewers": (
            "verify_student.view_softwaresecurephotoverification",
            "verify_student.see_photos",
            "verify_student.review_verifications",
            "verify_student.view_localopinion",
            # Decided on by the same people, away from the page with the photos.
            "verify_student.view_verificationattempt",
        ),
        "Data protection": (
            "verify_student.hold_data",
            "verify_student.view_retentionhold",
            "verify_student.view_erasurecertificate",
            "verify_student.view_vendorerasure",
            "verify_student.view_pendingerasure",
            "verify_student.view_auditentry",
        ),
        "Operators": (
            "verify_student.view_inboxdelivery",
            "verify_student.replay_inboxdelivery",
            "verify_student.view_outboxmessage",
            "verify_student.redeliver_outboxmessage",
            "verify_student.view_staffaction",
            "verify_student.view_verificationdeadline",
            "verify_student.add_verificationdeadline",
            "verify_student.change_verificationdeadline",
            "verify_student.delete_verificationdeadline",
            "verify_student.view_sspverificationretryconfig",
            "verify_student.add_sspverificationretryconfig",
        ),
    }

    def ready(self) -> None:
        # Models and settings exist only now.
        from verify_student import checks, receivers  # noqa: F401
