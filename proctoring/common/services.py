"""
What a host provides to an app: the object it registered, else the one its settings name, else a default that does
nothing.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string


class HostServices:
    """
    The services of one app by name. ``defaults`` make what stands in for one that is missing altogether; ``paths``
    gives the settings' dotted paths, ``place`` says where those stand.
    """

    def __init__(
        self, defaults: Mapping[str, Callable[[], Any]], paths: Callable[[], Mapping[str, str]], place: str
    ) -> None:
        self._defaults = dict(defaults)
        self._paths = paths
        self._place = place
        self._registered: dict[str, Any] = {}
        self._configured: dict[str, tuple[str, Any]] = {}

    @property
    def names(self) -> frozenset[str]:
        """The names that a service may have."""
        return frozenset(self._defaults)

    def register(self, name: str, service: Any) -> None:
        """Register ``service`` for the whole process; None takes it back."""
        self._registered[name] = service

    def find(self, name: str) -> Any | None:
        """The host's service: registered, else configured, else None. Raises ``ImproperlyConfigured``."""
        registered = self._registered.get(name)
        return registered if registered is not None else self._from_settings(name)

    def get(self, name: str) -> Any:
        """As :meth:`find`, with the do-nothing default instead of None. ``KeyError`` for a name that is no service."""
        found = self.find(name)
        return found if found is not None else self._defaults[name]()

    def _from_settings(self, name: str) -> Any | None:
        path = self._paths().get(name)
        if not path:
            return None
        known_path, instance = self._configured.get(name, ("", None))
        if known_path != path:
            instance = self._load(name, path)
            self._configured[name] = (path, instance)
        return instance

    def _load(self, name: str, path: str) -> Any:
        try:
            factory = import_string(path)
        except ImportError as error:
            raise ImproperlyConfigured(f'{self._place}["{name}"]: cannot import "{path}".') from error
        return factory()
