"""Errors about a line, or suspected to be: what follows them tells. Sans-I/O.

A firmware that has not understood a line says so in three: an error that names the last
line it took, a Resend, and an ok. The cable damages these as well. The error therefore
stands in for a Resend that does not come, and an error that nobody knows is not believed
before it is clear that no Resend follows it.
"""

from __future__ import annotations

from collections.abc import Callable

from appliance.records import dataclass

from .faults import Classified

# A Resend follows its error at once; an error that nothing follows is meant.
SUSPICION_S = 0.5


@dataclass(frozen=True, slots=True)
class Suspect:
    """An error that may be a garbled one about a line."""

    problem: Classified
    text: str
    at: float  # monotonic seconds


class LineErrors:
    """The errors whose meaning the next lines tell."""

    def __init__(self) -> None:
        self.pending = False  # whether the next line tells of one: looked at for every ok
        self._expected: int | None = None
        self._out_of_order = False
        self._suspect: Suspect | None = None

    def announce(self, problem: Classified) -> None:
        """Take an error about a line: it names the one that the Resend will ask for."""
        self._out_of_order = problem.out_of_order
        if problem.last_line is not None:
            self._expected = problem.last_line + 1
            self.pending = True

    def suspect(self, suspect: Suspect) -> None:
        """Take an error that is not believed yet."""
        self._suspect = suspect
        self.pending = True

    def take_expected(self) -> int | None:
        """Return the line that was announced just now, if any, once."""
        expected, self._expected = self._expected, None
        self.pending = self._suspect is not None
        return expected

    def take_out_of_order(self) -> bool:
        """Return whether the last error was about the sequence, once."""
        out_of_order, self._out_of_order = self._out_of_order, False
        return out_of_order

    def take_suspect(self) -> Suspect | None:
        """Return the error that is not believed yet, if any, once."""
        suspect, self._suspect = self._suspect, None
        self.pending = self._expected is not None
        return suspect

    def take_meant(self, now: float) -> Suspect | None:
        """Return the error that nothing has followed, once it is clear that nothing will."""
        if self._suspect is None or now - self._suspect.at <= SUSPICION_S:
            return None
        return self.take_suspect()


def likely(number: int, expected: int | None, plausible: Callable[[int], bool]) -> int:
    """Return the line that is asked for: the Resend's, or the one that was announced."""
    if expected is not None and not plausible(number) and plausible(expected):
        return expected
    return number
