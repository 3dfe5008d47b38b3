"""The progress of a print in one line of a terminal, or in plain lines elsewhere."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from typing import TextIO

from appliance.printing.news import Status

_NARROWEST_BAR = 8
_WIDEST_BAR = 40
# Where there is no terminal, a line is written when that much has changed.
_PLAIN_STEP_PERCENT = 5.0
_PLAIN_EVERY_S = 60.0
_NAMES = {"bed": "bed", "chamber": "chamber", "tool0": "nozzle"}


class Display:
    """Writes to a terminal or a file."""

    def __init__(self, out: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._out = out
        self._clock = clock
        self._line_open = False
        self._last_percent = -_PLAIN_STEP_PERCENT
        self._last_state = ""
        self._last_time = float("-inf")
        self.is_terminal = out.isatty()

    def say(self, text: str) -> None:
        """Write a line of its own."""
        self.close_line()
        self._out.write(f"{text}\n")
        self._out.flush()

    def show(self, status: Status) -> None:
        """Show the present state of a print."""
        if self.is_terminal:
            self._replace(line(status, shutil.get_terminal_size().columns))
        elif self._is_news(status):
            self.say(line(status, 0))

    def show_upload(self, sent: int, total: int) -> None:
        """Show how much of the file was sent."""
        if self.is_terminal:
            share = sent / total if total else 1.0
            text = f"Uploading {share:4.0%}"
            columns = shutil.get_terminal_size().columns
            self._replace(f"{text} {bar(share, columns - len(text) - 2)}")

    def close_line(self) -> None:
        """Leave the line that is being replaced as it stands."""
        if self._line_open:
            self._out.write("\n")
            self._out.flush()
            self._line_open = False

    def _replace(self, text: str) -> None:
        self._out.write(f"\r\x1b[K{text}")
        self._out.flush()
        self._line_open = True

    def _is_news(self, status: Status) -> bool:
        now, percent = self._clock(), status.completion or 0.0
        news = (
            status.state != self._last_state
            or percent >= self._last_percent + _PLAIN_STEP_PERCENT
            or now >= self._last_time + _PLAIN_EVERY_S
        )
        if news:
            self._last_state, self._last_percent = status.state, percent
            self._last_time = now
        return news


def line(status: Status, columns: int) -> str:
    """Return what is known in one line; with ``columns`` 0 without a bar."""
    share = None if status.completion is None else status.completion / 100
    parts = [status.state or "Waiting"]
    if share is not None:
        parts.append(f"{share:6.1%}")
    if status.layer is not None:
        total = f"/{status.layers}" if status.layers is not None else ""
        parts.append(f"layer {status.layer}{total}")
    parts += [
        f"{_NAMES.get(heater, heater)} {actual:.0f}/{target:.0f}\N{DEGREE SIGN}C"
        for heater, (actual, target) in status.temperatures.items()
    ]
    if status.left_s is not None:
        parts.append(f"{duration(status.left_s)} left")
    text = "  ".join(parts)
    if not columns:
        return text
    room = columns - len(text) - 3
    if share is not None and room >= _NARROWEST_BAR:
        text = f"{bar(share, room)} {text}"
    return text[: columns - 1]


def bar(share: float, columns: int) -> str:
    """Return a bar of at most that many columns."""
    inner = max(min(columns, _WIDEST_BAR) - 2, 1)
    full = round(min(max(share, 0.0), 1.0) * inner)
    return f"[{'#' * full}{'-' * (inner - full)}]"


def duration(seconds: float) -> str:
    """Return hours, minutes and seconds as people write them."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
