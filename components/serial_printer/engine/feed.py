"""What the printer gets of a file: its commands, filtered, in order, with their offsets.

Comments and host commands (@pause) end here, objects that are left out are skipped, scripts
are put around tool changes. One plain call per line; nothing waits.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from appliance.domain.job import JobKind, JobScripts
from appliance.records import dataclass

from .exclusion import Exclusion
from .heatwait import HeatWait
from .labels import Labels, ObjectsSoFar
from .marks import Mark
from .running import RunningJob
from .state import State
from .streamer import STARVED, Broken, Command, FileStreamer, Item
from .tracker import Tracker

_WITHHELD = {
    "M110": "Gantry counts the lines itself.",
    "M112": "a file must not stop the printer for good.",
}
# Of a file that is written to a card: what would end that, or is not for the printer.
MAX_NAME = 40
_ROUNDED_MM = 0.001
_TOOL = re.compile(rb"T\d")
_NOT_FOR_CARDS = (b"M110", b"M112", b"M28", b"M29", b"@")


class FeedHost(Protocol):
    """Who prints the file."""

    @property
    def flowing(self) -> bool:
        """Whether lines may go out now."""

    @property
    def underway(self) -> list[bytes]:
        """What is on its way to the printer and not known to be executed."""

    @property
    def max_text(self) -> int:
        """How many bytes a command may have; longer ones are left out."""

    def note(self, text: str) -> None:
        """Say something to the person."""

    def pause_here(self, origin: str) -> None:
        """Let no further line go out."""

    def cancel_here(self, origin: str) -> None:
        """End the job."""

    def broken(self, reason: str) -> None:
        """Hear that the file cannot be read any further."""

    def exhausted(self) -> None:
        """Hear that the file is over."""


@dataclass(slots=True)
class PlannedPause:
    """Where a person wants the print to pause by itself."""

    layer: int | None = None
    height: float | None = None  # mm

    def reached(self, running: RunningJob, mark: Mark) -> bool:
        """Whether a slicer's comment says that it is there."""
        if self.layer is not None and (mark.layer or mark.next_layer):
            return (running.layer or 0) >= self.layer
        if self.height is not None and mark.height_mm is not None:
            return mark.height_mm >= self.height
        return False


class Feed:
    """The lines of one job's file."""

    def __init__(
        self,
        streamer: FileStreamer,
        running: RunningJob,
        state: State,
        scripts: JobScripts,
        host: FeedHost,
        *,
        wait_on_host: bool,
    ) -> None:
        self.heatwait: HeatWait | None = None
        self._planned = PlannedPause()
        self._climber: Tracker | None = None  # follows the lines up to a planned height
        self.ended = False
        self._streamer = streamer
        self._running = running
        self._state = state
        self._scripts = scripts
        self._host = host
        self._wait_on_host = wait_on_host
        self._uploading = running.kind is JobKind.SD_UPLOAD
        # Lines that a filter put in place of one, with the offset after each.
        self._extra: deque[tuple[bytes, int]] = deque()
        self._end = running.position
        self._withheld: set[str] = set()  # told already
        self._exclusion = Exclusion()
        self._labels = Labels()

    def take_up(self, objects: ObjectsSoFar) -> None:
        """Go on in the middle of the file; the machine stands where it is to go on."""
        self._labels = objects.labels
        self._running.take_up(objects)
        if objects.current in self._running.excluded:
            self.skip_object()

    @property
    def empty(self) -> bool:
        """Whether every line of the file has been handed out."""
        return self.ended and not self._extra

    def next(self) -> tuple[bytes, int] | None:
        """Return the next line for the printer and the offset after it, or None for now."""
        while self._host.flowing:
            if self._extra:
                return self._extra.popleft()
            item = self._streamer.next()
            if isinstance(item, Command):
                text = item.text
                if self._climber is not None and self._climbed(self._climber, text):
                    self._put_in([text], item.end)
                    self._pause_as_planned()
                    continue
                if text[0] != 71 or self._exclusion.active:  # not G
                    self._put_in(self._filter(text), item.end)
                    if self._extra:
                        return self._extra.popleft()
                    continue
                self._end = item.end
                return text, item.end
            if isinstance(item, Mark):
                self._mark(item)
            elif self._over(item):
                return None
        return None

    def plan_pause(self, layer: int | None, height: float | None) -> None:
        """Pause when that layer begins or the first line at that height comes."""
        self._planned = PlannedPause(layer, height)
        if height is None:
            self._climber = None
        else:
            self._climber = self._state.tracker.ahead(self._underway())

    def drop(self) -> None:
        """Forget what was put in and has not gone out: the job ends here."""
        self.heatwait = None
        self._extra.clear()

    def skip_object(self) -> None:
        """Skip from here on; what is on the way will still be executed."""
        self._exclusion.begin(self._state.tracker, self._underway())

    def close(self) -> Callable[[], None]:
        """Return what ends the reader; it may wait for a slow disk."""
        return self._streamer.close

    def _underway(self) -> list[bytes]:
        return [*self._host.underway, *(text for text, _ in self._extra)]

    def _climbed(self, climber: Tracker, text: bytes) -> bool:
        """Whether this line prints at the planned height, whatever the comments say."""
        climber.begin_job()  # it counts this line alone
        climber.executed(text)
        if climber.height is None or self._exclusion.active:
            return False
        return climber.height > (self._planned.height or 0.0) - _ROUNDED_MM

    def _pause_as_planned(self) -> None:
        self._planned, self._climber = PlannedPause(), None
        self._host.pause_here("the planned pause")

    def _put_in(self, lines: Sequence[bytes], end: int) -> None:
        """Send lines for what the file has up to ``end``, which only the last one reaches.

        Who resumes between them begins with the first one again.
        """
        before, self._end = self._end, end
        self._extra.extend((line, before) for line in lines[:-1])
        self._extra.extend((line, end) for line in lines[-1:])

    def _over(self, item: Item) -> bool:
        """Whether nothing more comes, for now or at all."""
        if item is STARVED:
            return True
        if isinstance(item, Broken):
            self._host.broken(item.reason)
            return True
        if self._exclusion.active:  # an object that nothing ends
            self._put_in(self._exclusion.end(), self._end)
            return False
        self.ended = True
        self._host.exhausted()
        return True

    # -- commands

    def _filter(self, text: bytes) -> Sequence[bytes]:  # noqa: PLR0911 - one kind each
        """Return the lines to send in place of one that is not a plain move."""
        if self._uploading:
            return [] if text.startswith(_NOT_FOR_CARDS) else [text]
        if text.startswith(b"M486"):
            return self._label(text)
        if self._exclusion.active:
            kept = self._exclusion.filter(text)
            if kept != [text]:
                return kept
        if len(text) > self._host.max_text:
            name = text.split(None, 1)[0][:MAX_NAME].decode("utf-8", "replace")
            self._withhold(name, "it is longer than a printer's line may be.")
            return []
        if text[0] == 64:  # @pause and the like are for the host
            self._host_command(text)
            return []
        if text.startswith((b"M110", b"M112")):
            name = text[:4].decode()
            self._withhold(name, _WITHHELD[name])
            return []
        if text[0] == 77:
            return [self._miscellaneous(text)]
        if _TOOL.match(text):
            return self._tool_change(text)
        return [text]

    def _miscellaneous(self, text: bytes) -> bytes:
        tool = self._state.tracker.tool
        text = HeatWait.with_offset(text, self._state.offsets, tool)
        if self._wait_on_host:
            self.heatwait = HeatWait.of(text, tool)
            if self.heatwait is not None:
                return self.heatwait.set_command
        return text

    def _tool_change(self, text: bytes) -> list[bytes]:
        before, after = self._scripts.tool_before, self._scripts.tool_after
        return [*(line.encode() for line in before), text, *(line.encode() for line in after)]

    def _withhold(self, name: str, why: str) -> None:
        """Tell, once in a job, that a command of the file is not for the printer."""
        if name not in self._withheld:
            self._withheld.add(name)
            self._host.note(f"{name} is not sent: {why}")

    def _host_command(self, text: bytes) -> None:
        name = text[1:].split(None, 1)[0].lower() if len(text) > 1 else b""
        if name == b"pause":
            self._host.pause_here("the file")
        elif name in (b"cancel", b"abort"):
            self._host.cancel_here("the file")

    # -- comments and labels

    def _mark(self, mark: Mark) -> None:
        self._running.apply(mark)
        if self._uploading:
            return
        if mark.object_name is not None or mark.object_end:
            self._put_in(self._between_objects(), self._end)
        if self._planned.reached(self._running, mark):
            self._pause_as_planned()

    def _label(self, text: bytes) -> list[bytes]:
        """Take an M486 of the file; the firmware gets it as well."""
        self._running.label(self._labels.read(text))
        return [*self._between_objects(), text]

    def _between_objects(self) -> list[bytes]:
        """Begin to skip, or return the lines that end it."""
        if self._running.current_object in self._running.excluded:
            self.skip_object()
        elif self._exclusion.active:
            return self._exclusion.end()
        return []
