"""Sphinx. Tables that the code knows are read from the code, see ``from_code``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from proctoring import __version__

project = "special-exams"
author = "The special-exams developers"
release = version = __version__
extensions = ["docs.from_code"]
exclude_patterns = ["_build", "from_code"]
html_theme = "alabaster"
html_theme_options = {"description": "Exams with rules, for learning platforms", "page_width": "1100px"}
html_show_sourcelink = False
nitpicky = True
