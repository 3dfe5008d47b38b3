"""Leaving an object out of a running print, by the host alone. Sans-I/O.

While an object is skipped its commands only move a shadow of the machine: what must hold
afterwards (temperatures, fan, tool, modes) is passed on, motion is not. At its end the
real machine is told the extruder's count and taken where the file believes it to be.
"""

from __future__ import annotations

from collections.abc import Iterable

from appliance.domain.actions import number

from .tracker import Tracker, code_of, words

# Commands with an effect beyond the object: sent all the same.
_KEPT_G = (20, 21, 28, 90, 91)
TRAVEL_FEEDRATE = 6000.0


class Exclusion:
    """Filters the lines of an object that is left out."""

    def __init__(self) -> None:
        self.active = False
        self._shadow = Tracker()

    def begin(self, tracker: Tracker, on_the_way: Iterable[bytes]) -> None:
        """Skip from here on; ``tracker`` is the machine before what is on the way."""
        if not self.active:
            self.active = True
            self._shadow = tracker.ahead(on_the_way)

    def filter(self, text: bytes) -> list[bytes]:
        """Return what of ``text`` must reach the printer all the same."""
        code = code_of(text)
        if code == ("G", 92) and words(text).keys() & set("XYZ"):
            # It counts from where the head stands: so it must stand there.
            lines = [*self._catch_up(), text]
        elif code is None or (code[0] == "G" and code[1] not in _KEPT_G):
            lines = []
        else:
            lines = [text]
        self._shadow.executed(text)
        return lines

    def end(self) -> list[bytes]:
        """Return the lines that take the machine to where the file believes it to be."""
        self.active = False
        return self._catch_up()

    def _catch_up(self) -> list[bytes]:
        shadow = self._shadow
        lines = ["G90"]
        if shadow.x is not None and shadow.y is not None:
            lines.append(
                f"G0 X{number(shadow.x)} Y{number(shadow.y)} F{number(TRAVEL_FEEDRATE)}"
            )
        if shadow.z is not None:
            lines.append(f"G0 Z{number(shadow.z)}")
        if not shadow.absolute:
            lines.append("G91")
        lines.append("M82" if shadow.absolute_e else "M83")
        lines.append(f"G92 E{number(shadow.e)}")
        if shadow.feedrate is not None:
            lines.append(f"G1 F{number(shadow.feedrate)}")
        if shadow.unit != 1:
            lines = ["G21", *lines, "G20"]
        return [line.encode() for line in lines]
