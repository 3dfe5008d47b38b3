"""A dialogue with a model firmware: no port, no event loop, a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterable
from unittest import mock

from appliance.components.serial_printer.engine import dialogue as module
from appliance.components.serial_printer.engine.console import Console
from appliance.components.serial_printer.engine.dialect import MARLIN, Dialect
from appliance.components.serial_printer.engine.dialogue import Dialogue
from appliance.components.serial_printer.engine.outbox import Command
from appliance.components.serial_printer.engine.replies import Reply
from appliance.components.serial_printer.engine.window import Line
from appliance.domain.printer import Fault
from tests.serial_printer.model_marlin import ModelMarlin


class Clock:
    """Stands in for the module `time`."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


class WirePort:
    """The port of a model firmware."""

    def __init__(self, firmware: ModelMarlin) -> None:
        self._firmware = firmware

    def write(self, data: bytes) -> None:
        self._firmware.write(data)

    def write_urgent(self, data: bytes) -> None:
        self._firmware.write(data)

    def close(self) -> None:
        self._firmware.wire.clear()


class Lines:
    """A job: its lines go out one after the other."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = list(lines)
        self.given = 0
        self.done: list[int] = []
        self.flowing = True
        self.uploading = False

    def next_line(self) -> tuple[bytes, int] | None:
        if self.given == len(self.lines):
            return None
        self.given += 1
        return self.lines[self.given - 1].encode(), self.given

    def sending(self) -> None:
        pass

    def acknowledged(self, line: Line) -> None:
        self.done.append(line.end)


class Talk:
    """The dialogue, the firmware, and everything that was heard."""

    def __init__(
        self, lines: Iterable[str] = (), firmware: ModelMarlin | None = None,
        dialect: Dialect = MARLIN,
    ) -> None:  # fmt: skip
        self.firmware = firmware or ModelMarlin()
        self.clock = Clock()
        self._patch = mock.patch.object(module, "time", self.clock)
        self._patch.start()
        self.faults: list[Fault] = []
        self.replies: list[Reply] = []
        self.ran: list[bytes] = []
        self.job = Lines(lines)
        self.dialogue = Dialogue(Console(), self)
        self.dialogue.open(WirePort(self.firmware), dialect)
        self.dialogue.job = self.job
        self.dialogue.pump()

    def close(self) -> None:
        self._patch.stop()

    # what the dialogue tells

    def replied(self, reply: Reply, text: str) -> None:
        self.replies.append(reply)

    def sent(self, text: bytes) -> None:
        pass

    def executed(self, text: bytes) -> None:
        self.ran.append(text)

    def failed(self, fault: Fault) -> None:
        self.faults.append(fault)
        self.dialogue.job = None

    # steps

    def hear(self, *, times: int = 1, flip: int | None = None) -> None:
        """Let the next line of the firmware be heard, not at all, twice, or damaged."""
        if not self.firmware.said:
            return
        data = bytearray(self.firmware.said.popleft() + b"\n")
        if flip is not None:
            data[flip // 8 % len(data)] ^= 1 << flip % 8
        for _ in range(times):
            self.dialogue.received(bytes(data))

    def wait(self, seconds: float) -> None:
        """Let time pass, looking a few times a second as the engine does."""
        for _ in range(max(round(seconds * 4), 1)):
            self.clock.now += 0.25
            self.dialogue.tick(self.clock.now)

    def settle(self, limit_s: float = 200.0) -> None:
        """Let everything happen that happens without further faults."""
        until = self.clock.now + limit_s
        while not self.faults and self.clock.now < until:
            while not self.firmware.idle:
                self.firmware.arrive()
                self.firmware.execute()
                self.hear()
            if self.dialogue.idle and self.job.given == len(self.job.lines):
                return
            self.wait(0.25)

    def finish(self) -> None:
        """End a job as the runner does: M105 is answered only when all before it arrived."""
        self.settle()
        self._ask(b"M400")
        for _ in range(2):
            while not self.faults and not any("T:" in line for line in self._ask(b"M105")):
                pass

    def _ask(self, text: bytes) -> list[str]:
        ended: list[Fault | None] = []
        command = Command(text, "end", lambda _, fault: ended.append(fault))
        if not self.faults:
            self.dialogue.send(command)
            self.settle()
            assert ended or self.faults
        return command.answers

    @property
    def moves(self) -> list[str]:
        """The lines of the job that the firmware has executed."""
        return [text for text in self.firmware.accepted if text.startswith("G")]
