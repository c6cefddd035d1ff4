"""The token with which an instructor comes to a REST vendor's dashboard (§3.8)."""

import time
import uuid
from collections.abc import Mapping
from typing import Any

import jwt


def claims(
    issuer: str,
    lifetime: float,
    course_id: str,
    user: Mapping[str, Any],
    exam_id: str | None,
    of_exam: Mapping[str, Any],
) -> dict[str, Any]:
    """Who may see what, for ``lifetime`` seconds; ``of_exam`` counts where there is an exam, and only what is in it."""
    course: dict[str, Any] = {
        "course_id": course_id,
        "user": dict(user),
        "iss": issuer,
        "jti": uuid.uuid4().hex,
        "exp": time.time() + lifetime,
    }
    if not exam_id:
        return course
    return course | {"exam_id": exam_id} | {name: value for name, value in of_exam.items() if value}


def signed(content: Mapping[str, Any], secret: str) -> str:
    """The token; anybody who knows the secret can make one."""
    return jwt.encode(dict(content), secret, algorithm="HS256")
