"""Whether the old names are ours."""

from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register

from verify_student.compat import aliases


@register
def check_names(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The platform has its own app under the old name: it is what code imports (E016), or it is not (W017)."""
    place = aliases.real_package()
    if place is None:
        return []
    if aliases.has_taken_over:
        text = f"Imports of {aliases.root} go to verify_student, not to {place}."
        return [Warning(text, hint="Delete what nobody imports any more.", id="verify_student.W017")]
    text = f"Imports of {aliases.root} go to {place}, not to verify_student."
    return [Error(text, hint="See docs/compatibility.rst for what to do about it.", id="verify_student.E016")]
