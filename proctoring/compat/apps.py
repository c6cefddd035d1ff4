"""The configuration of the opt-in app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProctoringCompatConfig(AppConfig):
    """Attaches the names when every model is loaded."""

    name = "proctoring.compat"
    label = "proctoring_compat"
    verbose_name = _("Proctored exams: names of older sites")

    def ready(self) -> None:
        # Models and services exist only now.
        from proctoring.compat import models

        models.attach()
