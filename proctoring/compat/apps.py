"""The configuration of the opt-in app, by which old code finds the models and the vendors."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _

from proctoring import backends


class ProctoringCompatConfig(AppConfig):
    """
    What ``apps.get_app_config("edx_proctoring")`` gives (contract python.md §0, vendors_admin_screens.md §1.1).

    It has no tables: ``get_model`` gives those of ``proctoring``, ``get_models`` none, since each would be there twice.
    """

    name = "proctoring.compat"
    label = "edx_proctoring"
    verbose_name = _("Proctored exams: names of older sites")
    # Where apps are found by entry point, this one is too; there is nothing more to declare.
    plugin_app: Mapping[str, Any] = {}

    def ready(self) -> None:
        # Models and services exist only now.
        from proctoring.compat import checks, models, rules  # noqa: F401

        models.attach()

    def get_model(self, model_name: str, require_ready: bool = True) -> Any:
        """A model of ``proctoring``. Raises ``LookupError``."""
        return apps.get_app_config("proctoring").get_model(model_name, require_ready)

    @property
    def backends(self) -> dict[str, Any]:
        """Name -> plugin of every vendor that works."""
        return {name: self.get_backend(name) for name, _label in self.get_backend_choices()}

    def get_backend(self, name: str | None = None) -> Any:
        """
        The plugin of that name, or the default one.

        Raises ``NotImplementedError`` for a name that is not available, ``ImproperlyConfigured`` without any name.
        """
        return backends.provider_named(name)

    def get_backend_choices(self) -> Iterator[tuple[str, str]]:
        """Pairs of name and label of every vendor that works."""
        return backends.get_backend_choices()
