"""Somebody with a keyboard and a screen reader: what has the focus, and what is said."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

# What a screen reader would say of itself: every text that appears in a live region.
LISTEN = """
(() => {
  window.said = [];
  const live = '[role=status], [role=alert], [role=log], [aria-live]';
  const last = new WeakMap();
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const element = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
      if (!element) continue;
      for (const region of [element.closest(live), ...element.querySelectorAll(live)]) {
        const text = region?.innerText?.trim().replace(/\\s+/g, ' ');
        if (!region || !text || last.get(region) === text) continue;
        last.set(region, text);
        window.said.push(text);
      }
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });
})();
"""
# The element that has the focus: what it is called, and whether that can be seen.
FOCUSED = """
() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const label = element.labels?.[0]?.innerText ?? '';
  const name = element.getAttribute('aria-label') ?? (label || element.innerText) ?? '';
  // A field for files is not to be seen itself; what stands around it is.
  const shown = element.type === 'file' ? element.parentElement : element;
  const radio = element.closest('.option');
  const outlined = [shown, radio].some((each) => {
    if (!each) return false;
    const style = getComputedStyle(each);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  });
  const box = shown.getBoundingClientRect();
  // Where the one before is now: what was loaded meanwhile may have moved it.
  const before = window.before?.isConnected ? window.before : null;
  window.before = shown;
  // Beside each other, one part begins above the end of the other.
  const part = (each) => each.closest('main, nav, header, dialog');
  const together = before && part(before) === part(shown);
  const above = together && box.bottom < before.getBoundingClientRect().top
    ? before.outerHTML.slice(0, 80) : null;
  return {
    name: name.trim().replace(/\\s+/g, ' '),
    tag: element.tagName.toLowerCase(),
    type: element.type ?? '',
    outlined,
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    covered: !shown.contains(document.elementFromPoint(
      Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1),
      Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1))),
    above,
    positive: element.tabIndex > 0,
  };
}
"""
# Whether there is anything for the keyboard that has that name and, if it is given, that tag.
THERE = """
([name, tag]) => [...document.querySelectorAll(
    'a[href], button, input, select, summary, textarea, [tabindex]')].some((element) => {
  const label = element.labels?.[0]?.innerText ?? '';
  const called = element.getAttribute('aria-label') ?? (label || element.innerText) ?? '';
  return element.checkVisibility() && (!tag || element.tagName.toLowerCase() === tag)
    && new RegExp(name).test(called.trim().replace(/\\s+/g, ' '));
})
"""
PAINTED = "() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))"
MOST_TABS = 60


def heard(page: Page, text: str) -> None:
    """Wait until a page that listens (LISTEN) has said so, be it only for a moment."""
    page.wait_for_function("text => window.said.some((each) => each.includes(text))", arg=text)


@dataclass(slots=True)
class Keyboard:
    """Never touches the pointer; complains of a focus that is lost, hidden or jumps."""

    page: Page
    problems: list[str]

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Write over what stands in the field."""
        self.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def to(self, name: str, tag: str = "", key: str = "Tab") -> None:
        """Press Tab until what has that name has the focus; look at each stop."""
        wanted = re.compile(name)
        # What comes later is not passed by once it is there; nobody presses as fast as this.
        self.page.wait_for_function(THERE, arg=[name, tag])
        last = self.page.evaluate("window.before = null")
        for _ in range(MOST_TABS):
            here = self.page.evaluate(FOCUSED)
            if here and wanted.search(here["name"]) and tag in ("", here["tag"]):
                return
            self.press(key)
            last = self._look(ordered=key == "Tab")
        message = f"'{name}' cannot be reached with {key}; last was {last}"
        raise AssertionError(message)

    def choose(self, name: str) -> None:
        """Go to a group of radio buttons and with the arrows to the one of that name."""
        wanted = re.compile(name)
        self.page.wait_for_function(THERE, arg=[name, "input"])
        for _ in range(MOST_TABS):
            here = self.page.evaluate(FOCUSED)
            if here and here["type"] == "radio":
                break
            self.press("Tab")
        for _ in range(20):
            here = self.page.evaluate(FOCUSED)
            if here and wanted.search(here["name"]):
                self.press("Space")
                return
            self.press("ArrowDown")
        message = f"no arrow leads to '{name}'"
        raise AssertionError(message)

    def fill(self, name: str, text: str) -> None:
        """Go to a field and write."""
        self.to(name, "input")
        self.type(text)

    def do(self, name: str, key: str = "Enter") -> None:
        """Go to a button or link and press it."""
        self.to(name)
        self.press(key)

    def hears(self, text: str) -> None:
        """Wait until a screen reader has been told so."""
        heard(self.page, text)

    def starts_at(self, title: str) -> None:
        """Wait for a step, which begins at its heading."""
        heading = self.page.get_by_role("heading", level=1)
        expect(heading).to_have_text(title)
        expect(heading).to_be_focused()

    def _look(self, *, ordered: bool) -> str | None:
        here = self.page.evaluate(FOCUSED)
        if here is None:
            self.page.evaluate("window.before = null")
            return None  # the end of the page: the next Tab begins anew
        if not here["inside"]:  # it may come with the next picture
            self.page.evaluate(PAINTED)
            here = {**here, "inside": self.page.evaluate(FOCUSED)["inside"]}
        where = f"{here['tag']} '{here['name'][:60]}'"
        for problem, there in (
            ("is not outlined", not here["outlined"]),
            ("is outside of the window", not here["inside"]),
            ("is covered by something", here["inside"] and here["covered"]),
            ("jumps the order (tabindex)", here["positive"]),
            (f"stands above {here['above']}", ordered and here["above"]),
        ):
            if there:
                self.problems.append(f"{where} {problem}")
        return where
