"""The console as Moonraker's clients read it: commands of people, and what was answered.

Noise of the dialogue (oks, polled temperatures) is left out; Marlin's way to say errors and
to ask questions is put into Klipper's words.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from typing import Any

from appliance.domain.printer import ConsoleLine, Direction
from appliance.domain.telemetry import Prompt

STORED = 1000
COMMAND = "command"
RESPONSE = "response"
# Whose lines people do not want to read.
_INTERNAL = frozenset({"job", "poll", "probe", "handshake", "script", "sd", "watchdog"})
_NOISE = re.compile(
    r"ok\b|wait$|echo:busy|\s*(?:T\d?|B|C):\s*-?[\d.]+\s*(?:/|$)"
    r"|X:-?[\d.]+ Y:-?[\d.]+ Z:|echo:enqueueing|//\s*action:(?:prompt|notification)"
    r"|SD printing byte|Not SD printing|NORMAL MODE|echo:;"
    r"|echo:\s+[MG]\d+|[MG]\d+ [A-Z]-?[\d.]",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(r"echo:\s*Unknown command:\s*(.*)", re.IGNORECASE)
_ERROR = re.compile(r"(?:Error:|!!)\s*(.*)", re.IGNORECASE)
_ECHO = re.compile(r"echo:\s?(.*)", re.IGNORECASE)


def response(text: str) -> str | None:
    """Return a line of the firmware as Klipper would say it; None for noise."""
    if _NOISE.match(text):
        return None
    if match := _UNKNOWN.match(text):
        return f"!! Unknown command:{match[1]}"
    if match := _ERROR.match(text):
        return f"!! {match[1]}"
    if match := _ECHO.match(text):
        return f"// {match[1]}"
    return text


def prompt(question: Prompt | None) -> Iterator[str]:
    """Say a question of the printer in the words from which front ends build a dialogue."""
    if question is None:
        yield "// action:prompt_end"
        return
    yield "// action:prompt_begin The printer asks"
    yield f"// action:prompt_text {question.text}"
    for index, label in enumerate(question.buttons or ("OK",)):
        plain = label.replace("|", " ")
        yield f"// action:prompt_footer_button {plain}|M876 S{index}"
    yield "// action:prompt_show"


class GcodeStore:
    """The last commands and answers of one printer."""

    def __init__(self) -> None:
        self._entries: deque[dict[str, Any]] = deque(maxlen=STORED)
        self._ours: Counter[str] = Counter()

    def entries(self, count: int | None) -> list[dict[str, Any]]:
        """Return the last entries, oldest first."""
        entries = list(self._entries)
        return entries if count is None else entries[-count:] if count > 0 else []

    def command(self, text: str, now: float) -> None:
        """Keep a command that somebody gave through this API."""
        self._keep(text, now, COMMAND)

    def expect(self, lines: Iterable[str]) -> None:
        """Know lines as the translation of a command that was kept already."""
        if sum(self._ours.values()) > STORED:
            self._ours.clear()
        self._ours.update(lines)

    def say(self, text: str, now: float) -> None:
        """Keep an answer."""
        self._keep(text, now, RESPONSE)

    def take(self, lines: Iterable[ConsoleLine]) -> list[str]:
        """Keep what belongs here of the dialogue; return the answers among it."""
        answers: list[str] = []
        for line in lines:
            if line.direction is Direction.SENT:
                self._sent(line)
                continue
            text = response(line.text) if line.direction is Direction.RECEIVED else None
            if line.direction is Direction.NOTE:
                text = f"// {line.text}"
            if text is not None:
                self._keep(text, line.time, RESPONSE)
                answers.append(text)
        return answers

    def _sent(self, line: ConsoleLine) -> None:
        if line.origin in _INTERNAL:
            return
        if self._ours[line.text] > 0:
            self._ours[line.text] -= 1
            return
        self._ours.pop(line.text, None)
        self._keep(line.text, line.time, COMMAND)

    def _keep(self, text: str, now: float, kind: str) -> None:
        self._entries.append({"message": text, "time": round(now, 3), "type": kind})
