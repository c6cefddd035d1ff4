"""Templates of the admin's pages that both apps share."""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.template import TemplateDoesNotExist, engines
from django.template.backends.django import DjangoTemplates
from django.template.loader import get_template, select_template
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString

HERE = Path(__file__).parent / "templates"


def page(name: str) -> Any:
    """
    The template ``admin/acting/<name>`` of the host, or ours.

    Ours are read by path, because neither app can count on the other's templates.
    """
    try:
        return get_template(f"admin/acting/{name}")
    except TemplateDoesNotExist:
        # A host may have several engines, under names of its own.
        engine = next(one for one in engines.all() if isinstance(one, DjangoTemplates))
        return engine.from_string((HERE / name).read_text(encoding="utf-8"))


def extending(response: TemplateResponse, name: str, **context: Any) -> None:
    """Have ``response`` rendered by the page ``name``, which finds as ``extended`` the template it had so far."""
    chosen = response.template_name
    names = [chosen] if isinstance(chosen, str) else chosen
    response.context_data = {
        **(response.context_data or {}),
        "extended": select_template(names) if isinstance(names, list | tuple) else names,
        **context,
    }
    response.template_name = page(name)


def looking_again() -> SafeString | str:
    """The script that has a page look again by itself; empty for a host without django_htmx, whose people do."""
    if not apps.is_installed("django_htmx"):
        return ""
    # A host that does not use it may not have it either.
    from django_htmx.jinja import htmx_script

    return htmx_script()
