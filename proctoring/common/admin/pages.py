"""Templates of the admin's pages that both apps share."""

from pathlib import Path
from typing import Any

from django.template import TemplateDoesNotExist, engines
from django.template.loader import get_template

HERE = Path(__file__).parent / "templates"


def page(name: str) -> Any:
    """
    The template ``admin/acting/<name>`` of the host, or ours.

    Ours are read by path, because neither app can count on the other's templates.
    """
    try:
        return get_template(f"admin/acting/{name}")
    except TemplateDoesNotExist:
        return engines["django"].from_string((HERE / name).read_text(encoding="utf-8"))
