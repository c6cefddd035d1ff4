"""
What every screen has to stand: the accessibility rules in light and dark, a phone's width, right-to-left; and pictures.

``make screenshots`` writes the pictures to a folder.
"""

from pathlib import Path
from typing import Any

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
FIND = """async (tags) => {
  const found = await axe.run(document, { runOnly: { type: "tag", values: tags } });
  return found.violations.map((rule) => `${rule.id}: ${rule.help}: ${rule.nodes.map((node) => node.html).join(" | ")}`);
}"""
TOO_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1
    || element.getBoundingClientRect().left < -1)
  .filter((element) => !element.closest("[data-scrolls]") && getComputedStyle(element).position !== "absolute")
  .map((element) => element.outerHTML.slice(0, 120))"""

# Django's admin changes the colours of links slowly, whatever readers prefer; in between nobody can say what they are.
KEEP_STILL = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { transition: none !important }");
  document.adoptedStyleSheets = [sheet];
}"""
SCROLLS_SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def read_rules(path: Path) -> str:
    """The rules' script."""
    return path.read_text()


class Inspector:
    """Called with a page that shows a screen; raises ``AssertionError`` for what is wrong with it."""

    def __init__(self, rules: str, folder: str | None) -> None:
        self._rules = rules
        self._folder = Path(folder) if folder else None

    def __call__(self, page: Any, name: str) -> None:
        """The page in both schemes, at two widths and in both directions; afterwards it is as it was."""
        page.evaluate(KEEP_STILL)
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            self._picture(page, f"{name}-{scheme}")
            self.violations(page, f"{name} ({scheme})")
        self.on_a_phone(page, name)
        self._turned_round(page, name)
        page.set_viewport_size(DESKTOP)

    def on_a_phone(self, page: Any, name: str) -> None:
        """The page as narrow as it gets; so it stays."""
        page.set_viewport_size(PHONE)
        self._picture(page, f"{name}-phone")
        self._fits(page, f"{name} at 320 px")
        self.violations(page, f"{name} at 320 px")

    def violations(self, page: Any, name: str) -> None:
        """The rules of WCAG 2.2 A and AA that can be checked by a program."""
        page.evaluate(KEEP_STILL)
        page.evaluate(self._rules)
        found = page.evaluate(FIND, WCAG)
        assert not found, f"{name}: " + "\n".join(found)

    def _turned_round(self, page: Any, name: str) -> None:
        before = page.evaluate("document.documentElement.dir")
        page.evaluate("document.documentElement.dir = 'rtl'")
        self._picture(page, f"{name}-phone-rtl")
        self._fits(page, f"{name} from right to left")
        page.evaluate("(dir) => { document.documentElement.dir = dir }", before)

    def _fits(self, page: Any, name: str) -> None:
        """Nothing but what says that it scrolls (``data-scrolls``) is wider than the window."""
        found = page.evaluate(TOO_WIDE)
        assert not found, f"{name} is too wide: " + "\n".join(found)
        assert not page.evaluate(SCROLLS_SIDEWAYS), f"{name} scrolls sideways"

    def _picture(self, page: Any, name: str) -> None:
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=self._folder / f"{name}.png", full_page=True)
