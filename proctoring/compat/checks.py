"""Whether the old names are ours."""

from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register

from proctoring.compat import aliases


@register
def check_names(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A real package of the old name is installed: it is what code imports (E017), or it is not (W018)."""
    place = aliases.real_package()
    if place is None:
        return []
    if aliases.has_taken_over:
        text = f"Imports of {aliases.root} go to proctoring, not to {place}."
        return [Warning(text, hint="Uninstall what nobody imports any more.", id="proctoring.W018")]
    text = f"Imports of {aliases.root} go to {place}, not to proctoring."
    return [Error(text, hint="Uninstall it, or see docs/compatibility.rst.", id="proctoring.E017")]
