"""A firmware that says what its recording says; see tests/transcripts/others/README.md."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from tests.serial_printer.zoo import Animal, unframe

FOLDER = Path(__file__).resolve().parent.parent / "transcripts/others"
_NUMBER = re.compile(r"\{N(-\d+)?\}")


@dataclass
class Step:
    """What is said when the host sends one command."""

    command: str
    said: list[tuple[str, str]] = field(default_factory=list)  # kind, text


@dataclass
class Recording:
    """One file."""

    name: str
    ok: str = "ok"
    start: Step = field(default_factory=lambda: Step(""))
    steps: list[Step] = field(default_factory=list)
    known: list[tuple[str, str]] = field(default_factory=list)  # path, value
    printed: list[str] = field(default_factory=list)

    @property
    def replies(self) -> list[tuple[str, str]]:
        """Every line that is said, with the codec's name for it."""
        said = [line for step in (self.start, *self.steps) for line in step.said]
        return [(kind, _NUMBER.sub("17", text)) for kind, text in said if kind != "Nothing"]


def load(path: Path) -> Recording:
    """Read a recording."""
    recording = Recording(path.stem)
    step = recording.start
    for line in path.read_text().splitlines():
        match line[:1]:
            case "!":
                recording.ok = line.removeprefix("! ok=")
            case ">":
                step = Step(line[2:])
                recording.steps.append(step)
            case "<":
                kind, _, text = line[1:].partition(" ")
                step.said.append((kind, text))
            case "=":
                path_to, value = line[2:].split(" ", 1)
                recording.known.append((path_to, value))
            case "@":
                recording.printed.append(line[2:])
            case "#" | "":
                pass
            case _:
                message = f"not understood: {line}"
                raise ValueError(message)
    return recording


class Recorded(Animal):
    """Answers commands as recorded, and all others with its plain ok.

    Until a line comes that was asked for, all others are thrown away.
    """

    def __init__(self, recording: Recording) -> None:
        super().__init__()
        self.recording = recording
        self._steps = list(recording.steps)
        self.started = False
        self._wanted: int | None = None  # what else comes is thrown away

    def line(self, line: bytes) -> None:
        if not self.started:
            self.started = True
            self._say_all(self.recording.start, 0)
        framed = unframe(line)
        number, text = framed if framed is not None else (0, line.split(b"*")[0].strip())
        command = text.decode()
        if self._wanted is not None and framed is not None:
            if number != self._wanted and not command.startswith("M110"):
                return
            self._wanted = None
        step = next((step for step in self._steps if step.command == command), None)
        if step is None:
            self._keep(command)
            self.say(self._filled(self.recording.ok, number).encode())
            return
        if command != "M105":  # temperatures are told as often as they are asked for
            self._steps.remove(step)
        asked = [text for kind, text in step.said if kind == "Resend"]
        if asked:
            self._wanted = _filled_ask(asked[0], number)
        if self._wanted != number:
            self._keep(command)
        self._say_all(step, number)

    def _keep(self, command: str) -> None:
        if not command.startswith(("M105", "M110")):
            self.accepted.append(command)

    def _say_all(self, step: Step, number: int) -> None:
        for _, text in step.said:
            self.say(self._filled(text, number).encode())

    def _filled(self, text: str, number: int) -> str:
        return _NUMBER.sub(lambda match: str(number + int(match[1] or 0)), text)


def _filled_ask(text: str, number: int) -> int:
    match = _NUMBER.search(text)
    assert match is not None
    return number + int(match[1] or 0)


def load_marlin(name: str) -> Recording:
    """Read what Marlin answered to ordinary commands in one of its own transcripts.

    Commands with numbers and sums of their own, and those that are never answered, are for
    the simulated printer; ours are numbered, and so are the oks.
    """
    lines = (FOLDER.parent / f"{name}.txt").read_text().splitlines()
    recording = Recording(name, ok="ok N{N} P15 B3")
    step = Step("")
    for line in lines:
        if line.startswith("> "):
            step = Step(line[2:])
            recording.steps.append(step)
        elif line.startswith(("< ", "<* ")):
            told = line.split(" ", 1)[1].split(" || ")[0]
            step.said.append(("", _concrete(told)))
        elif line.startswith((">+", ">_", "- ")):
            step = Step("")  # what follows answers no single command
    recording.steps = [step for step in recording.steps if _ordinary(step)]
    return recording


def _concrete(told: str) -> str:
    text = told.replace(" P{n}", " P15").replace("{n}", "1.25").replace("{*}", "7F")
    return re.sub(r"\bok (?:N\d+ )?P", "ok N{N} P", text)


def _ordinary(step: Step) -> bool:
    oks = sum(bool(re.match(r"(?:echo:)?ok\b", text)) for _, text in step.said)
    odd = re.search(r"^N|^M(?:110|112|108|410|876|999|28|29)\b|[*\\;]", step.command)
    return oks == 1 and odd is None and step.command == step.command.strip().upper()
