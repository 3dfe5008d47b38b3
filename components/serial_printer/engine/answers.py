"""To whom a line of the printer is an answer: to the command that it executes, or nobody."""

from __future__ import annotations

from .outbox import Command
from .replies import Busy, PositionReport, Reply, Temperatures, Text
from .window import Line, Window

# Two letters, and one that noise may have added.
GARBLED_OK = 3


def reported(reply: Reply, oldest: Line | None) -> bool:
    """Whether the printer says it by itself, not as an answer to what it executes."""
    if isinstance(reply, Temperatures):
        return oldest is None or not oldest.probe
    if isinstance(reply, PositionReport):
        return oldest is None or not oldest.text.startswith(b"M114")
    return isinstance(reply, Busy)


def may_be_ok(reply: Reply, text: str, window: Window) -> bool:
    """Whether a scrap of a line is taken for an ok that the cable has damaged.

    Firmware says nothing else that short. A wrong guess sends one line too early, a
    missed ok costs a second of standstill; numbered oks need no guess.
    """
    return (
        len(text) <= GARBLED_OK
        and isinstance(reply, Text)
        and not window.advanced
        and window.oldest is not None
    )


def collect(text: str, oldest: Line | None) -> None:
    """Keep a line for who waits for the command that the printer executes."""
    if oldest is not None and isinstance(oldest.owner, Command):
        oldest.owner.answers.append(text)
