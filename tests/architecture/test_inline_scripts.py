"""The rule about scripts in templates can fail, and knows what only looks like one."""

import pytest

from tests.architecture.conftest import Tree
from tests.architecture.rules.inline_scripts import HANDLER_RULE, SCRIPT_RULE, violations
from tests.architecture.rules.source import report


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("<script>act()</script>", SCRIPT_RULE),
        ('<SCRIPT type="module">act()</SCRIPT>', SCRIPT_RULE),
        ('<script data-src="x">act()</script>', SCRIPT_RULE),
        ('<a href="javascript:act()">x</a>', SCRIPT_RULE),
        ("<button onclick='act()'>x</button>", HANDLER_RULE),
        ('<p {% if one %}class="x"{% endif %} onLoad = "act()">x</p>', HANDLER_RULE),
        ('<form hx-on:click="act()">x</form>', HANDLER_RULE),
        ('<form hx-on--after-request="act()">x</form>', HANDLER_RULE),
    ],
)
def test_pages_run_nothing_of_their_own(tree: Tree, line: str, rule: str) -> None:
    root = tree({"proctoring/templates/page.html": f"<p\n  class='x'>\n</p>\n{{#\n#}}\n{line}\n"})

    assert report(violations(root)) == f"proctoring/templates/page.html:6: {rule}"


@pytest.mark.parametrize(
    "line",
    [
        '<script type="module" src="{% static "x.js" %}"></script>',
        '{% include "x" with one="x" only %}',
        '<p data-on="x" data-proctoring-opened="y" aria-controls="z">She goes on = slowly</p>',
        "{% comment %} no <b> here {% endcomment %}",
    ],
)
def test_what_only_looks_like_it_is_free(tree: Tree, line: str) -> None:
    assert not violations(tree({"verify_student/templates/page.html": line}))


def test_other_folders_are_not_looked_at(tree: Tree) -> None:
    assert not violations(tree({"tests/page.html": "<script>act()</script>"}))
