"""
The API's document, made from its views. ``make openapi`` writes it down; a test compares.

What the generator is told stands here, not in the settings: the document is the same whatever a site has set.
"""

import json
from typing import Any

import yaml
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import patched_settings
from rest_framework.utils.encoders import JSONEncoder

from proctoring import __version__, urls
from proctoring.rest.document import PATH
from proctoring.rest.schema import SECURITY_SCHEMES

GENERATOR: dict[str, Any] = {
    "TITLE": "Special exams",
    "DESCRIPTION": (
        "Timed, practice, onboarding and proctored exams, allowances, attempts, and what vendors report about them."
    ),
    "VERSION": __version__,
    "OAS_VERSION": "3.1.0",
    "LICENSE": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
    "SERVERS": [{"url": "/api"}],
    "SCHEMA_PATH_PREFIX": "/edx_proctoring(/v1)?",
    "PREPROCESSING_HOOKS": [],
    "POSTPROCESSING_HOOKS": [],
    "RENDERER_WHITELIST": ["rest_framework.renderers.JSONRenderer"],
    "PATH_CONVERTER_OVERRIDES": {"int": {"type": "integer", "minimum": 0}},
    "APPEND_COMPONENTS": {"securitySchemes": SECURITY_SCHEMES},
}


def generated() -> dict[str, Any]:
    """The document of the views as they are. What the generator is not sure about, it prints."""
    with patched_settings(GENERATOR):
        document: dict[str, Any] = SchemaGenerator(patterns=urls.urlpatterns).get_schema(request=None, public=True)
    # Plain values only, as they are read back.
    plain: dict[str, Any] = json.loads(json.dumps(document, cls=JSONEncoder))
    return plain


def committed() -> dict[str, Any]:
    """The document as it was written down."""
    document: dict[str, Any] = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    return document


def write() -> None:
    """Bring the committed document up to date."""
    PATH.write_text(yaml.safe_dump(generated(), sort_keys=False, allow_unicode=True, width=120), encoding="utf-8")
