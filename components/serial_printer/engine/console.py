"""The dialogue with the printer as people read it: a bounded ring of lines."""

from __future__ import annotations

import time
from collections import deque
from itertools import islice
from typing import NamedTuple

from appliance.domain.printer import Direction

from .seriallog import SerialLog

RING = 600
JOB = "job"


class Entry(NamedTuple):
    """A line of the dialogue; a plain tuple because hundreds come each second."""

    number: int
    time: float  # monotonic seconds
    direction: Direction
    text: str | bytes
    origin: str


class Console:
    """Remembers the last lines and hands the new ones out in batches.

    The lines of a running job and their bare oks stay in the ring only: nobody reads
    hundreds of lines a second, and telling them would cost more than printing does.
    """

    def __init__(self) -> None:
        self._ring: deque[Entry] = deque(maxlen=RING)
        self._news: deque[Entry] = deque(maxlen=RING)
        self.number = 0
        self.everything = False
        self.log: SerialLog | None = None

    def sent(self, text: bytes, origin: str) -> None:
        """Note a line that goes to the printer."""
        self._note(Direction.SENT, text, origin, quiet=origin == JOB)

    def received(self, text: str, *, quiet: bool) -> None:
        """Note a line that came; ``quiet``: a bare ok of a job's line."""
        self._note(Direction.RECEIVED, text, "", quiet=quiet)

    def note(self, text: str) -> None:
        """Say something ourselves."""
        self._note(Direction.NOTE, text, "gantry", quiet=False)

    def news(self) -> list[list[object]]:
        """Return what came since the last call, as plain data."""
        offset = time.time() - time.monotonic()
        lines = [_plain(entry, offset) for entry in self._news]
        self._news.clear()
        return lines

    def last(self, count: int) -> list[list[object]]:
        """Return the last lines, as plain data."""
        offset = time.time() - time.monotonic()
        start = max(len(self._ring) - count, 0)
        return [_plain(entry, offset) for entry in islice(self._ring, start, None)]

    def _note(
        self, direction: Direction, text: str | bytes, origin: str, *, quiet: bool
    ) -> None:
        self.number += 1
        entry = Entry(self.number, time.monotonic(), direction, text, origin)
        self._ring.append(entry)
        if self.log is not None:
            self.log.note(entry.time, direction, text)
        if not quiet or self.everything:
            self._news.append(entry)


def _plain(entry: Entry, offset: float) -> list[object]:
    text = entry.text if isinstance(entry.text, str) else entry.text.decode("utf-8", "replace")
    return [
        entry.number,
        round(entry.time + offset, 3),
        entry.direction.value,
        text,
        entry.origin,
    ]
