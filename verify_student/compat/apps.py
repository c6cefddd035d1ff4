"""The app that attaches the methods."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CompatConfig(AppConfig):
    """Has no tables of its own, and the names of the platform's app."""

    name = "verify_student.compat"
    label = "verify_student_compat"
    verbose_name = _("Identity verification: methods of old callers")

    def ready(self) -> None:
        # Models exist only now.
        from verify_student.compat import checks, methods  # noqa: F401

        methods.attach()
