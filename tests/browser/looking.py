"""Looks at a page as a designer, a thumb and a screen reader do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser.appliance import CHECKOUT
from tests.browser.keyboard import PAINTED

PICTURES = CHECKOUT / "artifacts"
SIZES = {320: 640, 768: 1024, 1440: 900}
THEMES = ("light", "dark")
BARRED_AT = (320, 1440)  # where axe looks, in both themes: the page has these two layouts
PHONE = 320
THUMB = 44  # px that a thumb needs
_AXE = Path(__file__).parent / "vendor" / "axe.min.js"
_ALL = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The themes differ in nothing but colours: in the second of them nothing else is looked at.
_OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
# Everything that is pressed, and how high it is for a thumb; a box is pressed by its label.
_SMALL = """least => [...document.querySelectorAll(
    "button, .button, select, summary, input:not([type=hidden])")].flatMap(each => {
  const target = each.closest("label") ?? each;
  const { width, height } = target.getBoundingClientRect();
  const hidden = each.closest(".hidden") || !each.checkVisibility() || width < 2;
  const inside = each.getRootNode() !== document;
  return hidden || inside || height > least - 0.5 ? [] : [
    `${each.tagName} ${(each.getAttribute("aria-label") || target.textContent || each.id)
      .trim().slice(0, 40)} is ${height.toFixed(0)} px high`];
})"""


class Look:
    """Takes pictures of a page in every size and theme; remembers what is wrong with it.

    The page has to be open with ``bypass_csp``: axe is put into it.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.problems: list[str] = []
        PICTURES.mkdir(exist_ok=True)

    def __call__(self, name: str, full: bool = False) -> None:
        """Look at it; the pictures are of the ``full`` page if so wished."""
        page = self.page
        for width, height in SIZES.items():
            self._resize(width, height)
            self._width(name, width)
            if width == PHONE:
                for small in page.evaluate(_SMALL, THUMB):
                    self._wrong(name, width, small)
            for theme in _themes(width):
                page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
                picture = page.screenshot(full_page=full)
                (PICTURES / f"{name}-{width}-{theme}.png").write_bytes(picture)
                if width in BARRED_AT:
                    everything = theme == _themes(width)[0]
                    for barrier in self._barriers(_ALL if everything else _OF_COLOURS):
                        self._wrong(name, width, f"{theme}: {barrier}")

    def fits(self, name: str) -> None:
        """Look only whether it fits on a phone."""
        self._resize(PHONE, SIZES[PHONE])
        self._width(name, PHONE)

    def _resize(self, width: int, height: int) -> None:
        """Make the window so large, and wait until what is drawn by a script fits, too."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.wait_for_function("width => innerWidth === width", arg=width)
        self.page.evaluate(PAINTED)

    def _width(self, name: str, width: int) -> None:
        over = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if over > 0:
            self._wrong(name, width, f"{over} px too wide")

    def assert_good(self) -> None:
        """Tell of everything that is wrong, at once."""
        assert not self.problems, "\n".join(self.problems)

    def _wrong(self, name: str, width: int, what: str) -> None:
        self.problems.append(f"{name} at {width}: {what}")

    def _barriers(self, rules: object) -> list[str]:
        """Return what axe finds, a line each."""
        page = self.page
        if not page.evaluate("'axe' in window"):
            page.evaluate(_AXE.read_text())
        options = {"runOnly": rules, "resultTypes": ["violations"]}
        found: dict[str, Any] = page.evaluate("rules => axe.run(document, rules)", options)
        return [
            f"{violation['id']}: {node['target']} {node['html'][:120]}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]


def _themes(width: int) -> tuple[str, ...]:
    """Both, where axe looks, and each is the first once; else one is enough."""
    if width not in BARRED_AT:
        return THEMES[:1]
    return THEMES if width == PHONE else THEMES[::-1]
