"""The objects of a print as the file's own M486 tells them (Marlin's cancel objects).

``M486 S<n>`` begins object n, ``S-1`` ends it, ``A<name>`` names it, ``T<count>`` begins a new
set, ``P<n>`` and ``C`` leave an object out, ``U<n>`` takes that back. Firmware knows numbers
only; people know the names.
"""

from __future__ import annotations

import re
from pathlib import Path

from appliance.records import dataclass

from .marks import Mark
from .streamer import STARVED, Command, FileStreamer

_NAME = re.compile(rb"\bA\s*\"?(?P<name>[^\"]+)")
_NUMBER = re.compile(rb"([STPU])\s*(-?\d{1,6})")
_CURRENT = re.compile(rb"M486\s*C\s*$")


def objects_at(path: Path, offset: int) -> ObjectsSoFar:
    """Return what a file has said of its objects up to ``offset``; reads it, for a thread."""
    so_far = ObjectsSoFar(Labels())
    streamer = FileStreamer(path, lambda: None)
    try:
        while True:
            item = streamer.next()
            if item is STARVED:
                streamer.wait()
            elif isinstance(item, Command) and item.end > offset:
                return so_far
            elif isinstance(item, (Command, Mark)):
                so_far.follow(item)
            else:
                return so_far
    finally:
        streamer.close()


@dataclass(slots=True)
class ObjectsSoFar:
    """Where among its objects a file is."""

    labels: Labels
    current: str | None = None
    by_command: bool = False  # M486; comments are not read any more then

    def follow(self, item: Command | Mark) -> None:
        """Take note of one item of the file."""
        if isinstance(item, Mark):
            if not self.by_command and (item.object_name or item.object_end):
                self.current = item.object_name
            return
        if not item.text.startswith(b"M486"):
            return
        self.by_command = True
        label = self.labels.read(item.text)
        if label.begins is not None or label.ends:
            self.current = label.begins
        elif label.renamed is not None:
            self.current = label.renamed[1]


@dataclass(frozen=True, slots=True)
class Label:
    """What one M486 says; only what it tells is set."""

    begins: str | None = None
    ends: bool = False
    renamed: tuple[str, str] | None = None  # from a number's name to the real one
    left_out: str | None = None
    kept: str | None = None


class Labels:
    """Names of the objects of one file."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}
        self._current: int | None = None

    def read(self, text: bytes) -> Label:
        """Take note of one M486 of the file."""
        match = _NAME.search(text, 4)
        name = match["name"].decode("utf-8", "replace").strip()[:200] if match else None
        told = dict(_NUMBER.findall(text[: match.start()] if match else text, 4))
        if b"T" in told:
            self._names.clear()
        number = int(told[b"S"]) if b"S" in told else None
        if number is not None:
            self._current = number if number >= 0 else None
        renamed = self._rename(name) if name else None
        current = self._name(self._current)
        return Label(
            begins=current if number is not None else None,
            ends=number is not None and current is None,
            renamed=renamed,
            left_out=current if _CURRENT.match(text) else self._told(told, b"P"),
            kept=self._told(told, b"U"),
        )

    def _rename(self, name: str) -> tuple[str, str] | None:
        if self._current is None:
            return None
        former, self._names[self._current] = self._name(self._current), name
        return None if former is None or former == name else (former, name)

    def _told(self, told: dict[bytes, bytes], letter: bytes) -> str | None:
        return self._name(int(told[letter])) if letter in told else None

    def _name(self, number: int | None) -> str | None:
        return None if number is None else self._names.get(number, f"object {number}")
