"""
Directives for Sphinx that read the code: what is there appears in these pages by itself.

Each directive is a function without arguments that answers with reStructuredText.
"""

import os
from collections.abc import Callable

import django
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


def setup(app: Sphinx) -> dict[str, bool]:
    """Models and commands are found by the apps of the demo; nothing is read from its database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "demo.settings")
    os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")
    django.setup()
    # Models cannot be imported before that.
    from docs.from_code.pages import DIRECTIVES

    for name, text in DIRECTIVES.items():
        app.add_directive(name, _directive(text))
    return {"parallel_read_safe": True}


def _directive(text: Callable[[], str]) -> type[SphinxDirective]:
    class Generated(SphinxDirective):
        def run(self) -> list[nodes.Node]:
            return self.parse_text_to_nodes(text(), allow_section_headings=False)

    return Generated
