"""
Typed, lazy settings: one class per settings dictionary, one documented member per key.

Nothing is read before it is asked for. What is read is looked up every time, so a changed setting is seen by the next
read; only the work of parsing is remembered.
"""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, ClassVar, Generic, TypeVar, cast, overload

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed

T = TypeVar("T")
_ABSENT = object()


class Setting(Generic[T]):
    """
    A member of a section: the value of ``key`` in the section's dictionary, else of the top-level setting ``fallback``,
    else ``default``.

    ``parse`` turns a configured value into a ``T`` and may raise anything; a default is a ``T`` already. A callable
    ``default`` is called at each read that needs it.
    """

    def __init__(
        self,
        key: str,
        *,
        default: T | Callable[[], T],
        fallback: str | None = None,
        parse: Callable[[Any], T] | None = None,
        doc: str = "",
    ) -> None:
        self.key = key
        self.default = default
        self.fallback = fallback
        self.parse = parse
        self.__doc__ = doc

    @overload
    def __get__(self, section: None, owner: type) -> "Setting[T]": ...

    @overload
    def __get__(self, section: "SettingsSection", owner: type) -> T: ...

    def __get__(self, section: "SettingsSection | None", owner: type) -> "Setting[T] | T":
        return self if section is None else section.read(self)

    def default_value(self) -> T:
        """The value where nothing is configured."""
        return self.default() if callable(self.default) else self.default


class SettingsSection:
    """The dictionary ``settings.<setting_name>``, as an object whose members are ``Setting`` descriptors."""

    setting_name: ClassVar[str]

    def __init__(self) -> None:
        self._parsed: dict[str, tuple[Any, Any]] = {}
        setting_changed.connect(self._forget)

    @classmethod
    def members(cls) -> dict[str, Setting[Any]]:
        """The settings by the name of their member, in order of definition; inherited ones first."""
        found: dict[str, Any] = {}
        for klass in reversed(cls.__mro__):
            found.update(vars(klass))
        return {name: value for name, value in found.items() if isinstance(value, Setting)}

    def keys(self) -> frozenset[str]:
        """The keys that the dictionary may have."""
        return frozenset(member.key for member in self.members().values())

    def unknown_keys(self) -> list[tuple[str, str | None]]:
        """Keys of the dictionary that nothing reads, sorted, each with the known key that was probably meant."""
        known = {key.casefold(): key for key in self.keys()}
        unknown = sorted(str(key) for key in self._configured() if key not in self.keys())
        return [(key, _closest(key, known)) for key in unknown]

    def read(self, member: Setting[T]) -> T:
        """
        The value of ``member`` as of now.

        ``ImproperlyConfigured`` names the key of a value that cannot be parsed, and never shows the value.
        """
        configured = self._configured()
        if member.key in configured:
            return self._parse(member, configured[member.key], f'{self.setting_name}["{member.key}"]')
        raw = getattr(settings, member.fallback, _ABSENT) if member.fallback else _ABSENT
        if raw is _ABSENT:
            return member.default_value()
        return self._parse(member, raw, f"{member.fallback} ({member.key})")

    @property
    def beat_table(self) -> Mapping[str, Any]:
        """The site's periodic tasks, under either of the names that Celery knows the setting by."""
        tables = [getattr(settings, name, None) for name in ("CELERY_BEAT_SCHEDULE", "CELERYBEAT_SCHEDULE")]
        return next((table for table in tables if isinstance(table, Mapping)), {})

    def _configured(self) -> Mapping[str, Any]:
        configured = getattr(settings, self.setting_name, None)
        if configured is None:
            return {}
        if not isinstance(configured, Mapping):
            raise ImproperlyConfigured(f"{self.setting_name} must be a dictionary.")
        return configured

    def _parse(self, member: Setting[T], raw: Any, place: str) -> T:
        if member.parse is None:
            return cast(T, raw)
        known = self._parsed.get(member.key)
        if known is not None and known[0] is raw:
            return cast(T, known[1])
        try:
            value = member.parse(raw)
        except Exception as error:
            # Not chained: the text of the parser's own error shows the value.
            raise ImproperlyConfigured(f"{place} cannot be read ({type(error).__name__}).") from None
        self._parsed[member.key] = (raw, value)
        return value

    def _forget(self, *, setting: str, **kwargs: Any) -> None:
        if setting == self.setting_name or setting in {member.fallback for member in self.members().values()}:
            self._parsed.clear()


def as_bytes(secrets: Iterable[str | bytes]) -> list[bytes]:
    """Those of the secrets that are not empty."""
    return [secret if isinstance(secret, bytes) else secret.encode() for secret in secrets if secret]


def _closest(key: str, known: Mapping[str, str]) -> str | None:
    matches = get_close_matches(key.casefold(), known, n=1)
    return known[matches[0]] if matches else None
