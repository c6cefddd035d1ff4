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

    def ready(self) -> None:
        # Models and settings exist only now.
        from verify_student import checks, receivers  # noqa: F401
