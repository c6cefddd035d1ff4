"""Pages run no script of their own: hosts forbid it, and what strangers typed in could never be told from it."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.rules.source import PACKAGES, Violation

SCRIPT_RULE = "a script is a file, not part of a template"
HANDLER_RULE = "a template has no event handlers, scripts listen"
# What Django fills in is no markup; an argument of a tag may well be called `one=`.
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)|(?<=[\"'=])\s*javascript:", re.IGNORECASE)
HANDLER = re.compile(r"\s(?:on[a-z]+|hx-on[\w:-]+)\s*=", re.IGNORECASE)


def violations(tree_root: Path) -> list[Violation]:
    """Scripts and handlers that stand in templates, those for mail too."""
    return [
        violation
        for package in PACKAGES
        for path in sorted((tree_root / package).rglob("*.html"))
        for violation in _of_template(path.relative_to(tree_root).as_posix(), path.read_text(encoding="utf-8"))
    ]


def _of_template(path: str, text: str) -> Iterator[Violation]:
    markup = TAG.sub(lambda tag: "\n" * tag[0].count("\n"), text)
    for pattern, rule in ((SCRIPT, SCRIPT_RULE), (HANDLER, HANDLER_RULE)):
        for found in pattern.finditer(markup):
            yield Violation(path, markup.count("\n", 0, found.end()) + 1, rule)
