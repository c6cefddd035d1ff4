"""Sphinx. What the code knows is read from the code, see ``from_code``."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import django
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from proctoring import __version__

project = "special-exams"
author = "The special-exams developers"
release = version = __version__
extensions = ["sphinx.ext.graphviz"]
graphviz_output_format = "svg"
exclude_patterns = ["_build", "from_code"]
html_theme = "alabaster"
html_theme_options = {"description": "Exams with rules, for learning platforms", "page_width": "1100px"}
html_show_sourcelink = False
nitpicky = True


def setup(app: Sphinx) -> dict[str, bool]:
    """Models and commands are those of the demo's apps; nothing is read from its database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "demo.settings")
    os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")
    django.setup()
    # Models cannot be imported before that.
    from docs.from_code.pages import DIRECTIVES

    for name, text in DIRECTIVES.items():
        app.add_directive(name, directive(text))
    return {"parallel_read_safe": True}


def directive(text: Callable[[], str]) -> type[SphinxDirective]:
    class Generated(SphinxDirective):
        def run(self) -> list[nodes.Node]:
            # The code may have changed where the page has not.
            self.env.note_reread()
            return self.parse_text_to_nodes(text())

    return Generated
