"""Play a recorded dialogue against the simulated printer, without a port or a sleep."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from appliance.components.simulator.commands import HANDLERS
from appliance.components.simulator.machine import Printer
from appliance.components.simulator.options import Options

PATIENCE = 400.0  # s of the machine in which the next line has to come
NUMBER = r"[-+]?\d+(?:\.\d+)?"


@dataclass
class Dialogue:
    """A printer and the lines it has said that nobody has expected yet."""

    printer: Printer
    heard: deque[str] = field(default_factory=deque)
    burst: bytes = b""
    partial: str = ""

    @classmethod
    def with_printer(cls, options: Options) -> Dialogue:
        """Start a dialogue with a printer that was switched on long ago."""
        printer = Printer(options, HANDLERS)
        printer.run_silently()
        return cls(printer)

    def play(self, text: str, name: str = "dialogue") -> None:
        """Go through lines of a transcript."""
        for number, line in enumerate(text.splitlines(), 1):
            try:
                _step(self, line)
            except AssertionError as error:
                message = f"{name}:{number}: {line}\n{error}"
                raise AssertionError(message) from None

    def send(self, data: bytes) -> None:
        self.printer.receive(data, self.printer.now)
        self.listen()

    def listen(self) -> None:
        for _, data in self.printer.output:
            self.partial += data.decode("latin-1")
        self.printer.output.clear()
        *lines, self.partial = self.partial.split("\n")
        self.heard.extend(lines)

    def peek(self) -> str | None:
        """Return the next line, letting the time pass until it comes."""
        printer = self.printer
        deadline = printer.now + PATIENCE
        while not self.heard:
            due = printer.next_due()
            if due > deadline:
                return None
            printer.advance(due)
            self.listen()
        return self.heard[0]

    def silence(self, seconds: float) -> None:
        self.printer.advance(self.printer.now + seconds)
        self.listen()
        assert not self.heard, f"not silent: {list(self.heard)}"


def pattern(expected: str) -> re.Pattern[str]:
    """Make a pattern of an expected line; ` || ` separates alternatives."""
    alternatives = []
    for one in expected.split(" || "):
        text = re.escape(one).replace(r"\{n\}", NUMBER).replace(r"\{\*\}", ".*")
        alternatives.append(text)
    return re.compile("|".join(alternatives))


def play(path: Path, card: Path) -> None:
    """Play a transcript; an AssertionError says in which line it went otherwise."""
    lines = path.read_text().splitlines()
    settings = dict(line[2:].split("=", 1) for line in lines if line.startswith("! "))
    dialogue = Dialogue.with_printer(Options(sd=card if "sd" in settings else None))
    if "boot" in settings:
        dialogue.printer.power_up()
    try:
        dialogue.play("\n".join(lines), path.name)
    finally:
        dialogue.printer.close()


def _step(dialogue: Dialogue, line: str) -> None:
    match line[:2]:
        case "> " | ">":
            assert not dialogue.heard, f"said before: {list(dialogue.heard)}"
            data = line[2:].replace(r"\0", "\0").encode("latin-1")
            dialogue.send(dialogue.burst + data + b"\n")
            dialogue.burst = b""
        case ">+":
            dialogue.burst += line[3:].encode("latin-1") + b"\n"
        case ">_":
            dialogue.send(line[3:].encode("latin-1"))
        case "< " | "<":
            said = dialogue.peek()
            assert said is not None, "nothing was said"
            assert pattern(line[2:]).fullmatch(said), f"said instead: {said!r}"
            dialogue.heard.popleft()
        case "<*":
            while (said := dialogue.peek()) is not None and pattern(line[3:]).fullmatch(said):
                dialogue.heard.popleft()
        case "+ ":
            dialogue.printer.advance(dialogue.printer.now + float(line[2:]))
            dialogue.listen()
        case "- ":
            dialogue.silence(float(line[2:]))
        case "# " | "! " | "":
            pass
        case _:
            message = f"not understood: {line!r}"
            raise ValueError(message)
