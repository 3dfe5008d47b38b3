"""Every page in both themes and three widths: nothing runs over, nothing is barred.

Leaves the pictures in artifacts/ for a person to look at.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.appliance import RunningAppliance
from tests.browser.conftest import SCREENSHOTS, log_in

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
PAGES = [
    "dashboard",
    "files",
    "layers",
    "control",
    "console",
    "mesh",
    "history",
    "health",
    "people",
    "configuration",
    "upkeep",
    "more",
]
SIZES = {320: 640, 768: 1024, 1440: 900}
LOOKED_INTO = {"light": 320, "dark": 1440}  # by axe: both layouts, both themes
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def barriers(page: Page) -> list[str]:
    """Return what axe finds, a line each."""
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, rules)", RULES)
    return [
        f"{violation['id']}: {node['target']} {node['html'][:120]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_free_of_barriers_and_fits(
    browser: Browser, appliance: RunningAppliance, theme: str
) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    context = browser.new_context(
        locale="en",
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        bypass_csp=True,  # axe is put into the page
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    problems: list[str] = []

    def look(name: str) -> None:
        for width, height in SIZES.items():
            if theme == "dark" and width == 768:
                continue
            page.set_viewport_size({"width": width, "height": height})
            over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if over > 0:
                problems.append(f"{name} is {over} px too wide for {width}")
            (SCREENSHOTS / f"{name}-{width}-{theme}.png").write_bytes(page.screenshot())
            if width == LOOKED_INTO[theme]:
                problems.extend(f"{name} at {width}: {each}" for each in barriers(page))

    page.goto(appliance.url)
    page.get_by_label("User").wait_for()
    page.evaluate(AXE.read_text())
    look("login")
    log_in(page)
    for name in PAGES:
        page.evaluate("name => { location.hash = `#/${name}` }", name)
        expect(page.locator("#main")).to_be_focused()
        expect(page.locator("#main [aria-busy]")).to_have_count(0)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        look(name)
    context.close()
    assert not problems, "\n".join(problems)
