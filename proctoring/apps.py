"""The app's configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


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

    def ready(self) -> None:
        # Models and settings exist only now.
        from proctoring import checks, receivers  # noqa: F401
