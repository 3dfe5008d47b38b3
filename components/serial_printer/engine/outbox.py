"""What goes next: the commands that wait, then the lines of the job. Sans-I/O.

Commands (from people, scripts and polls) go before the lines of the job, each when the
window has room for it. What may take minutes goes alone as the last line of the job, so
that nothing follows it when it is cancelled.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import field
from typing import Protocol

from appliance.domain.printer import Fault
from appliance.records import dataclass

from .framing import compact
from .patience import blocks
from .window import Line, Window

_MOVES = (b"G0", b"G1")
# Overhead of "N123456 " and "*255\n" around a line, for the look ahead.
FRAME_BYTES = 13


@dataclass(slots=True, eq=False)
class Command:
    """A line that somebody wants sent."""

    text: bytes
    origin: str
    on_done: Callable[[Command, Fault | None], None] | None = None
    answers: list[str] = field(default_factory=list)
    poll: bool = False  # replies to it are our own business

    def done(self, fault: Fault | None) -> None:
        """Tell who waits for it that it was executed, or why it was not."""
        if self.on_done is not None:
            self.on_done(self, fault)


class JobSource(Protocol):
    """Where the lines of a job come from."""

    @property
    def flowing(self) -> bool:
        """Whether lines of the job may go out now."""

    @property
    def uploading(self) -> bool:
        """Whether lines are stored by the printer: nothing else may come between them."""

    def next_line(self) -> tuple[bytes, int] | None:
        """Return the next line and the file offset after it, or None for now."""

    def acknowledged(self, line: Line) -> None:
        """Take note that the printer has taken a line of the job."""

    def sending(self) -> None:
        """Take note that lines are about to go out."""


class Outbox:
    """The lines that wait to be sent."""

    def __init__(self) -> None:
        self.compact = False
        self._commands: deque[Command] = deque()
        self._held: tuple[bytes, int] | None = None  # a job's line that did not fit yet
        self._barrier: Line | None = None  # nothing of the job follows it before its ok

    @property
    def empty(self) -> bool:
        """Whether no command waits."""
        return not self._commands

    @property
    def held(self) -> bytes | None:
        """The job's line that was read and not sent, if any."""
        return None if self._held is None else self._held[0]

    def put(self, command: Command) -> None:
        """Let a command wait for its turn."""
        self._commands.append(command)

    def put_first(self, command: Command) -> None:
        """Let a command go before all others."""
        self._commands.appendleft(command)

    def has(self, text: bytes) -> bool:
        """Whether the same command waits."""
        return any(command.text == text for command in self._commands)

    def take_next(self, window: Window, job: JobSource | None, now: float) -> Line | None:
        """Put what goes next on its way and return it, or None for now."""
        if self._commands:
            return self._next_command(window, now)
        barrier = self._barrier
        blocked = barrier is not None and not barrier.acknowledged
        if job is None or blocked or not job.flowing:
            return None
        held = self._held
        if held is None:
            if not window.room(FRAME_BYTES):
                return None
            held = job.next_line()
            if held is None:
                return None
        text, end = held
        if self.compact or window.packed:
            text = compact(text)
        if not window.room(len(text) + FRAME_BYTES):
            self._held = held
            return None
        self._held = None
        line = window.push(text, now, None, end)
        if not text.startswith(_MOVES):
            self._barrier = line if blocks(text) else None
        return line

    def _next_command(self, window: Window, now: float) -> Line | None:
        command = self._commands[0]
        if not window.room(len(command.text) + FRAME_BYTES):
            return None
        self._commands.popleft()
        return window.push(command.text, now, command)

    def next_of_job(self, job: JobSource) -> tuple[bytes, int] | None:
        """Return the job's next line, to be sent past the window; it waits no more."""
        held, self._held = self._held, None
        return held or (job.next_line() if job.flowing else None)

    def forget_job(self) -> None:
        """Drop the job's line that was read and not sent; nothing holds the next one up."""
        self._held = self._barrier = None

    def drop(self, origin: str) -> Sequence[Command]:
        """Drop the commands of that origin; return them."""
        dropped = [command for command in self._commands if command.origin == origin]
        self._commands = deque(c for c in self._commands if c.origin != origin)
        return dropped

    def drop_all(self) -> Sequence[Command]:
        """Drop every command; return them."""
        dropped, self._commands = self._commands, deque()
        return dropped
