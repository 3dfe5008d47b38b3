"""The end of a wait that a cancelled job stands in: M108, where the firmware hears it."""

from __future__ import annotations

from .console import JOB
from .dialogue import Dialogue
from .patience import blocks
from .state import State

# An M108 that comes before the wait has begun is lost: it is said again.
BREAK_AGAIN_S = 1.0


class WaitBreaker:
    """Ends one wait after the other; several may be in the queue."""

    def __init__(self, state: State, dialogue: Dialogue) -> None:
        self.active = False
        self._state = state
        self._dialogue = dialogue
        self._broken_at = 0.0

    def tick(self, now: float) -> None:
        """End the wait that the printer is busy with, if one is to be ended."""
        oldest = self._dialogue.window.oldest
        if not self.active or oldest is None or not blocks(oldest.text):
            return
        if self._state.hears_emergency and now - self._broken_at > BREAK_AGAIN_S:
            self._broken_at = now
            self._dialogue.send_now(b"M108", JOB)
