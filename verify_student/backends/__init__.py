"""Providers by name: those of this app, entry points of ``openedx.identity_verification``, the site's dotted paths."""

from typing import Any

from proctoring.common.registry import PluginBroken, PluginNotFound, Registry
from verify_student.backends.base import IdentityProvider
from verify_student.conf import LOCAL, SOFTWARE_SECURE, config
from verify_student.exceptions import ProviderUnavailable

ENTRY_POINT_GROUP = "openedx.identity_verification"
BUNDLED = {
    LOCAL: "verify_student.backends.local.LocalProvider",
    SOFTWARE_SECURE: "verify_student.backends.software_secure.SoftwareSecureProvider",
}

registry: Registry[Any] = Registry(ENTRY_POINT_GROUP, IdentityProvider)


def known_names() -> list[str]:
    """Providers that come with the app, those in the settings, and the current one."""
    return sorted({*BUNDLED, *config.providers, config.provider})


def provider_named(name: str) -> IdentityProvider:
    """The provider of that name. Raises ``ProviderUnavailable`` where there is none that works."""
    try:
        provider: IdentityProvider = registry.load(name, dotted=config.providers.get(name) or BUNDLED.get(name))()
    except (PluginNotFound, PluginBroken) as error:
        raise ProviderUnavailable from error
    return provider


def current_provider() -> IdentityProvider:
    """The provider that new verifications go to. Raises as :func:`provider_named`."""
    return provider_named(config.provider)
