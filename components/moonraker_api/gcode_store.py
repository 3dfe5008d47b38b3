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
# What nobody wants to read, ever.
_NOISE = re.compile(
    r"ok\s*$|ok [NPB]\d|wait\s*$|echo:\s*busy|echo:enqueueing|echo:;"
    r"|//\s*action:(?:prompt|notification)|Resend:|N\d+ P\d+",
    re.IGNORECASE,
)
# What is read only by somebody who has asked for it: Gantry asks for these by itself.
# By the commands that ask, and how many lines one of them is answered by.
_ANSWERS: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = (
    (re.compile(r"(?:ok )?\s*(?:T\d?|B|C):\s*-?[\d.]"), frozenset({"M105"})),
    (re.compile(r"(?:ok )?X:-?[\d.]+ Y:-?[\d.]+ Z:"), frozenset({"M114"})),
    (re.compile(r"FIRMWARE_NAME:|Cap:|area:"), frozenset({"M115"})),
    (re.compile(r"(?:echo:)?\s*[MG]\d+ (?:[A-Z]-?[\d.]|.*;)"), frozenset({"M503"})),
    (re.compile(r"(?:echo:)?\s*FR:\s*\d+"), frozenset({"M220"})),
    (re.compile(r"(?:echo:)?\s*E\d+ Flow:"), frozenset({"M221"})),
    (
        re.compile(
            r"(?:Begin|End) file list|(?:echo:)?\s*SD card ok|\S+\.(?:gco|gcode|g)\b",
            re.IGNORECASE,
        ),
        frozenset({"M20", "M21"}),
    ),
    (re.compile(r"(?:Not )?SD printing|NORMAL MODE", re.IGNORECASE), frozenset({"M27"})),
)
_CODE = re.compile(r"[GMT]\d+", re.IGNORECASE)
ASKED_S = 60.0  # an answer that comes later was not asked for
_LINES = {"M105": 1, "M114": 1, "M220": 1, "M221": 8, "M27": 1}
_MOST_LINES = 2000  # of a long answer: a full card
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


class Asked:
    """What people have asked the printer for, and how much of the answer is to come."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[float, int]] = {}  # code -> unix seconds, lines to come

    def sent(self, text: str, now: float) -> None:
        """Hear commands of a person."""
        for line in text.splitlines()[:16]:
            if match := _CODE.match(line.strip()):
                code = match[0].upper()
                self._open[code] = (now, _LINES.get(code, _MOST_LINES))

    def wants(self, text: str, now: float) -> bool:
        """Return whether a person wants to read that line."""
        for answer, codes in _ANSWERS:
            if answer.match(text):
                return any(self._take(code, now) for code in codes)
        return True

    def _take(self, code: str, now: float) -> bool:
        at, lines = self._open.pop(code, (0.0, 0))
        if lines <= 0 or now - at > ASKED_S:
            return False
        self._open[code] = (at, lines - 1)
        return True


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
        self._asked = Asked()

    def entries(self, count: int | None) -> list[dict[str, Any]]:
        """Return the last entries, oldest first."""
        entries = list(self._entries)
        return entries if count is None else entries[-count:] if count > 0 else []

    def command(self, text: str, now: float) -> None:
        """Keep a command that somebody gave through this API."""
        self._keep(text, now, COMMAND)
        self._asked.sent(text, now)

    def expect(self, lines: Iterable[str]) -> None:
        """Know lines as the translation of a command that was kept already."""
        if sum(self._ours.values()) > STORED:
            self._ours.clear()
        self._ours.update(lines)

    def say(self, text: str, now: float) -> None:
        """Keep an answer."""
        self._keep(text, now, RESPONSE)

    def forget_questions(self) -> None:
        """Await no answers any more: the printer was connected anew."""
        self._asked = Asked()
        self._ours.clear()

    def take(self, lines: Iterable[ConsoleLine]) -> list[str]:
        """Keep what belongs here of the dialogue; return the answers among it."""
        answers: list[str] = []
        for line in lines:
            if line.direction is Direction.SENT:
                self._sent(line)
                continue
            text: str | None = f"// {line.text}"
            if line.direction is Direction.RECEIVED:
                wanted = self._asked.wants(line.text, line.time)
                text = response(line.text) if wanted else None
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

    def _keep(self, text: str, now: float, kind: str) -> None:
        self._entries.append({"message": text, "time": round(now, 3), "type": kind})
