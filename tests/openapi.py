"""
The documents of both apps' APIs, made from their views. ``make openapi`` writes them down; tests compare.

What the generator is told stands here, not in the settings: a document is the same whatever a site has set.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.urls import include, path
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import patched_settings
from rest_framework.utils.encoders import JSONEncoder

from proctoring import __version__, urls
from proctoring.rest.document import PATH
from proctoring.rest.schema import SECURITY_SCHEMES
from verify_student.rest import document as identity
from verify_student.rest import schema as identity_schema

GENERATOR: dict[str, Any] = {
    "VERSION": __version__,
    "OAS_VERSION": "3.1.0",
    "LICENSE": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
    "PREPROCESSING_HOOKS": [],
    "POSTPROCESSING_HOOKS": [],
    "RENDERER_WHITELIST": ["rest_framework.renderers.JSONRenderer"],
    "PATH_CONVERTER_OVERRIDES": {"int": {"type": "integer", "minimum": 0}},
}


@dataclass(frozen=True)
class Source:
    """What a document is made of, and where it is written down."""

    path: Path
    patterns: Sequence[Any]
    said: dict[str, Any]


EXAMS = Source(
    PATH,
    urls.urlpatterns,
    {
        "TITLE": "Special exams",
        "DESCRIPTION": (
            "Timed, practice, onboarding and proctored exams, allowances, attempts, and what vendors report about them."
        ),
        "SERVERS": [{"url": "/api"}],
        "SCHEMA_PATH_PREFIX": "/edx_proctoring(/v1)?",
        "APPEND_COMPONENTS": {"securitySchemes": SECURITY_SCHEMES},
    },
)
IDENTITY = Source(
    identity.PATH,
    [
        path("verify_student/", include("verify_student.urls")),
        path("api/user/v1/accounts/", include("verify_student.urls.accounts")),
    ],
    {
        "TITLE": "Identity verification",
        "DESCRIPTION": "Handing in photos, what the vendor finds on them, where learners stand, what staff look at.",
        "SERVERS": [{"url": "/"}],
        "APPEND_COMPONENTS": {"securitySchemes": identity_schema.SECURITY_SCHEMES},
    },
)


def generated(source: Source = EXAMS) -> dict[str, Any]:
    """The document of the views as they are. What the generator is not sure about, it prints."""
    with patched_settings(GENERATOR | source.said):
        document: dict[str, Any] = SchemaGenerator(patterns=source.patterns).get_schema(request=None, public=True)
    # Plain values only, as they are read back.
    plain: dict[str, Any] = json.loads(json.dumps(document, cls=JSONEncoder))
    return plain


def committed(source: Source = EXAMS) -> dict[str, Any]:
    """The document as it was written down."""
    document: dict[str, Any] = yaml.safe_load(source.path.read_text(encoding="utf-8"))
    return document


def write() -> None:
    """Bring the committed documents up to date."""
    for source in (EXAMS, IDENTITY):
        text = yaml.safe_dump(generated(source), sort_keys=False, allow_unicode=True, width=120)
        source.path.write_text(text, encoding="utf-8")
