"""A serial wire at a baud rate: when which byte arrives, in both directions.

Ten bits make a byte (start, eight data, stop). Bytes are handed on in pieces that end at
a line feed, each at the moment its last byte has passed; that is all a line protocol can
notice. Times are seconds of the real clock.
"""

from __future__ import annotations

from collections import deque

from appliance.components.simulator.timers import FOREVER

BITS_PER_BYTE = 10
_PIECE = 64  # bytes handed on at once when no line ends
_BACKLOG = 1024  # bytes that wait in front of the wire before the sender is held up


class Direction:
    """One of the two directions of the wire."""

    def __init__(self, baudrate: int) -> None:
        self._byte_seconds = BITS_PER_BYTE / baudrate if baudrate else 0.0
        self._pieces: deque[tuple[float, bytes]] = deque()
        self._free_at = 0.0
        self._waiting = 0

    @property
    def room(self) -> int:
        """Bytes that may be put on the wire before its backlog is full."""
        return max(0, _BACKLOG - self._waiting)

    def put(self, data: bytes, now: float) -> None:
        """Send bytes from now on, or as soon as those before them have passed."""
        self._waiting += len(data)
        if not self._byte_seconds:
            self._pieces.append((now, data))
            return
        at = max(now, self._free_at)
        for piece in _pieces(data):
            at += len(piece) * self._byte_seconds
            self._pieces.append((at, piece))
        self._free_at = at

    def next_due(self) -> float:
        """Return when the next piece will have passed."""
        return self._pieces[0][0] if self._pieces else FOREVER

    def take(self, now: float) -> tuple[float, bytes] | None:
        """Take the next piece that has passed, and when it had."""
        if self._pieces and self._pieces[0][0] <= now:
            piece = self._pieces.popleft()
            self._waiting -= len(piece[1])
            return piece
        return None

    def clear(self) -> None:
        """Lose what is under way."""
        self._pieces.clear()
        self._waiting = 0
        self._free_at = 0.0


def _pieces(data: bytes) -> list[bytes]:
    pieces = []
    start = 0
    while start < len(data):
        end = data.find(b"\n", start, start + _PIECE) + 1 or start + _PIECE
        pieces.append(data[start:end])
        start = end
    return pieces
