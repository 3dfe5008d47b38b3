"""The console as Moonraker's clients read it: commands of people, and what was answered.

Noise of the dialogue (oks, polled temperatures) is left out; Marlin's way to say errors and
to ask questions is put into Klipper's words.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Container, Iterable, Iterator
from typing import Any

from appliance.domain.printer import ConsoleLine, Direction
from appliance.domain.telemetry import Prompt

STORED = 1000
COMMAND = "command"
RESPONSE = "response"
# Whose lines people do not want to read.
_INTERNAL = frozenset({"job", "poll", "probe", "handshake", "script", "sd", "watchdog"})
# What nobody wants to read, ever.
_NOISE = re.compile(
    r"ok\s*$|ok [NPB]\d|wait\s*$|echo:\s*busy|echo:enqueueing|echo:;"
    r"|//\s*action:(?:prompt|notification)|Resend:|N\d+ P\d+",
    re.IGNORECASE,
)
# What is read only by somebody who has asked for it: Gantry asks for these by itself.
_ANSWERS: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = (
    (re.compile(r"(?:ok )?\s*(?:T\d?|B|C):\s*-?[\d.]"), frozenset({"M105", "M109", "M190"})),
    (re.compile(r"(?:ok )?X:-?[\d.]+ Y:-?[\d.]+ Z:"), frozenset({"M114", "G28", "G29"})),
    (re.compile(r"FIRMWARE_NAME:|Cap:|area:"), frozenset({"M115"})),
    (re.compile(r"echo:\s*[MG]\d+\b|[MG]\d+ [A-Z]-?[\d.]|echo:\s+\w"), frozenset({"M503"})),
    (re.compile(r"FR:\s*\d+"), frozenset({"M220"})),
    (re.compile(r"E\d+ Flow:"), frozenset({"M221"})),
    (
        re.compile(
            r"(?:Begin|End) file list|SD card ok|\S+\.(?:gco|gcode|g)\b", re.IGNORECASE
        ),
        frozenset({"M20", "M21"}),
    ),
    (re.compile(r"(?:Not )?SD printing|NORMAL MODE", re.IGNORECASE), frozenset({"M27"})),
)
_CODE = re.compile(r"[GMT]\d+", re.IGNORECASE)
ASKED_S = 60.0  # an answer that comes later was not asked for
_UNKNOWN = re.compile(r"echo:\s*Unknown command:\s*(.*)", re.IGNORECASE)
_ERROR = re.compile(r"(?:Error:|!!)\s*(.*)", re.IGNORECASE)
_ECHO = re.compile(r"echo:\s?(.*)", re.IGNORECASE)


def response(text: str, asked: Container[str] = ()) -> str | None:
    """Return a line of the firmware as Klipper would say it; None for noise.

    ``asked``: the codes that people have sent lately.
    """
    if _NOISE.match(text):
        return None
    for answer, codes in _ANSWERS:
        if answer.match(text) and not any(code in asked for code in codes):
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
        self._asked: dict[str, float] = {}  # code -> unix seconds

    def entries(self, count: int | None) -> list[dict[str, Any]]:
        """Return the last entries, oldest first."""
        entries = list(self._entries)
        return entries if count is None else entries[-count:] if count > 0 else []

    def command(self, text: str, now: float) -> None:
        """Keep a command that somebody gave through this API."""
        self._keep(text, now, COMMAND)
        self._ask(text, now)

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
            text: str | None = f"// {line.text}"
            if line.direction is Direction.RECEIVED:
                text = response(line.text, self._asked_lately(line.time))
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
        self.command(line.text, line.time)

    def _ask(self, text: str, now: float) -> None:
        for line in text.splitlines()[:16]:
            if match := _CODE.match(line.strip()):
                self._asked[match[0].upper()] = now

    def _asked_lately(self, now: float) -> Container[str]:
        if self._asked:
            self._asked = {code: at for code, at in self._asked.items() if now - at < ASKED_S}
        return self._asked

    def _keep(self, text: str, now: float, kind: str) -> None:
        self._entries.append({"message": text, "time": round(now, 3), "type": kind})
