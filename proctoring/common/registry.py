"""Plugins by name: entry points of installed packages, or a dotted path that the site's settings give."""

from collections.abc import Iterable
from functools import cached_property
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Generic, TypeVar

from django.utils.module_loading import import_string

Base = TypeVar("Base")


class PluginNotFound(LookupError):
    """No installed package offers a plugin of this name. Carries ``name`` and the ``known`` names."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.known = tuple(known)
        super().__init__(self.name, self.known)

    def __str__(self) -> str:
        return f"There is no plugin {self.name!r}. Installed: {', '.join(self.known) or 'none'}."


class PluginBroken(LookupError):
    """A plugin is there and cannot be used. Carries ``name`` and the ``cause``, which is also chained."""

    def __init__(self, name: str, cause: Exception) -> None:
        super().__init__(name, cause)
        self.name = name
        self.cause = cause

    def __str__(self) -> str:
        return f"The plugin {self.name!r} cannot be used: {type(self.cause).__name__}: {self.cause}"


class Registry(Generic[Base]):
    """The subclasses of ``base`` that entry points of ``group`` name. Each is imported only when it is asked for."""

    def __init__(self, group: str, base: type[Base]) -> None:
        self.group = group
        self.base = base

    @cached_property
    def _entry_points(self) -> dict[str, EntryPoint]:
        found: dict[str, EntryPoint] = {}
        for entry_point in entry_points(group=self.group):
            # Packages are listed in the order of the import path: as for modules, the first one wins.
            found.setdefault(entry_point.name, entry_point)
        return found

    def names(self) -> list[str]:
        """Names of the installed plugins, sorted; whether each can be imported is not asked."""
        return sorted(self._entry_points)

    def load(self, name: str, dotted: str | None = None) -> type[Base]:
        """
        The class of plugin ``name``: the one at the path ``dotted`` where given, else the entry point's.

        ``PluginNotFound`` where there is no such entry point, ``PluginBroken`` where what is named cannot be imported
        or is not a subclass of ``base``.
        """
        if not dotted and name not in self._entry_points:
            raise PluginNotFound(name, self.names())
        try:
            plugin = import_string(dotted) if dotted else self._entry_points[name].load()
            return self._checked(plugin)
        # A plugin is a stranger's module: importing it may raise anything.
        except Exception as cause:
            raise PluginBroken(name, cause) from cause

    def _checked(self, plugin: Any) -> type[Base]:
        if not (isinstance(plugin, type) and issubclass(plugin, self.base)):
            raise TypeError(f"not a subclass of {self.base.__module__}.{self.base.__qualname__}")
        return plugin
