"""The simulator as a Django app."""

from django.apps import AppConfig


class SimulatorConfig(AppConfig):
    name = "demo.simulator"
    label = "simulator"
    verbose_name = "Vendor simulator"
    default_auto_field = "django.db.models.BigAutoField"
