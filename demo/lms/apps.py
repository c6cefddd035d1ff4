"""The demo LMS as a Django app."""

from django.apps import AppConfig

from demo import celery  # noqa: F401  the app must exist before any shared task is called


class DemoLmsConfig(AppConfig):
    name = "demo.lms"
    label = "demo_lms"
    verbose_name = "Demo LMS"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models exist only now.
        from demo.lms import receivers  # noqa: F401
