"""Sphinx. Tables that the code knows are read from the code."""

import sys
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from proctoring import __version__
from proctoring.backends import OPTIONS
from proctoring.common.settings import Setting, SettingsSection
from proctoring.conf import ProctoringConfig
from proctoring.statuses import ATTEMPT_MACHINE
from verify_student.conf import VerifyStudentConfig

project = "special-exams"
author = "The special-exams developers"
release = version = __version__
exclude_patterns = ["_build"]
html_theme = "alabaster"
html_theme_options = {"description": "Exams with rules, for learning platforms", "page_width": "1100px"}
html_show_sourcelink = False
nitpicky = True


class TransitionTable(SphinxDirective):
    """Who may move an attempt from where to where."""

    def run(self) -> list[nodes.Node]:
        return self.parse_text_to_nodes(ATTEMPT_MACHINE.as_rst())


class SettingsTable(SphinxDirective):
    """The keys of ``PROCTORING_SETTINGS``."""

    section: type[SettingsSection] = ProctoringConfig

    def run(self) -> list[nodes.Node]:
        rows = [row("Key", "Falls back to", "Default", "Meaning")]
        rows += [setting_row(setting) for setting in self.section.members().values()]
        return self.parse_text_to_nodes(list_table(rows, "25 20 20 35"))


class IdentitySettingsTable(SettingsTable):
    """The keys of ``VERIFY_STUDENT``."""

    section = VerifyStudentConfig


class BackendOptions(SphinxDirective):
    """The options of a backend that reach its plugin."""

    def run(self) -> list[nodes.Node]:
        return self.parse_text_to_nodes(", ".join(f"``{name}``" for name in sorted(OPTIONS)) + "\n")


def setting_row(setting: Setting[Any]) -> str:
    """One key; a default that is worked out when it is read is said to be so."""
    fallback = f"``{setting.fallback}``" if setting.fallback else "–"
    default = "see the meaning" if callable(setting.default) else f"``{setting.default!r}``"
    if setting.default is dict:
        default = "``{}``"
    return row(f"``{setting.key}``", fallback, default, str(setting.__doc__))


def row(first: str, *others: str) -> str:
    return "\n".join([f"   * - {first}", *(f"     - {cell}" for cell in others)])


def list_table(rows: list[str], widths: str) -> str:
    return "\n".join([".. list-table::", "   :header-rows: 1", f"   :widths: {widths}", "", *rows, ""])


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("transition-table", TransitionTable)
    app.add_directive("settings-table", SettingsTable)
    app.add_directive("identity-settings-table", IdentitySettingsTable)
    app.add_directive("backend-options", BackendOptions)
    return {"parallel_read_safe": True}
