"""Error lines of the firmware: how bad, and what to tell the person.

The classes are OctoPrint's experience with a decade of firmwares, the texts Marlin's.
"""

from __future__ import annotations

import re
from enum import Enum

from appliance.domain.printer import Fault, FaultReason
from appliance.records import dataclass


class Severity(Enum):
    """What an error line means for the dialogue."""

    LINE = "line"  # about a line number or checksum: a Resend follows
    HARMLESS = "harmless"  # said, noted, done
    FATAL = "fatal"  # the print cannot go on
    HALTED = "halted"  # the firmware stands still until a reset


@dataclass(frozen=True, slots=True)
class Classified:
    """An error line, understood."""

    severity: Severity
    fault: Fault | None = None
    out_of_order: bool = False  # the line number, not the sum, was wrong
    last_line: int | None = None  # what the firmware says it took last


_LAST_LINE = re.compile(r"last line:?\s*(\d+)", re.IGNORECASE)
_OUT_OF_ORDER = ("line number is not", "expected line", "missing linenumber")
_LINE = (
    *_OUT_OF_ORDER,
    "checksum",
    "line number",
    "format error",
    "full rx buffer",
    "rx timeout",
    "wrong checksum",
    "no line",
    # Marlin has emptied its receive buffer, so that the next line is out of order.
    "serial status mismatch",
    "rx buf overflow",
)
_SD = (
    "volume.init",
    "openroot",
    "workdir",
    "error writing to file",
    "cannot open",
    "open failed",
    "cannot enter",
    "no media",
    "sd init fail",
    "no sd",
)
_HARMLESS = (
    "unknown command",
    "unknown g",
    "unknown m",
    "g2/g3 bad",
    "bad parameters",
    "cold extrusion",
    "too long extrusion",
    "invalid extruder",
    "endstop",
    "homing",
    "probing",
    "not allowed",
    "mesh",
    "bltouch",
    "m301",
    "m304",
    "out of range",
    "eeprom",
    # Marlin's answers to a command that it refuses, with nothing done.
    "protected pin",
    "no target temperature",
    "no bilinear grid",
    "bad z value",
    "m421",
    "g5 requires",
    "invalid slot",
    "too far from reference",
    "macro too long",
    "only one of",
    "bad i2c request",
    "microsteps unavailable",
)
_THERMAL = re.compile(
    r"thermal runaway|heating failed|maxtemp|mintemp|thermal_runaway|heater decoupled|"
    r"temp(?:erature)? sensor defect|heater .* not heating",
    re.IGNORECASE,
)
_KILLED = re.compile(
    r"kill\(\) called|printer halted|printer stopped|m112|emergency|\bshutdown\b|"
    r"halt asserted",
    re.IGNORECASE,
)
_NOT_FATAL_HOMING = re.compile(r"(?:homing|probing) failed", re.IGNORECASE)

_SWITCH_OFF = "Find the reason, then switch the printer off and on (or reset it)."


def classify(
    line: str, *, unknown_is_fatal: bool = True, refusal_is_fatal: bool = False
) -> Classified:
    """Return what an ``Error:``, ``!!`` or ``fatal:`` line means.

    ``refusal_is_fatal``: a ``!!`` is the answer to a line that must not be left out.
    """
    body = re.sub(
        r"^(?:error|fatal|alarm)\s*:?\s*|^!!\s*", "", line, flags=re.IGNORECASE
    ).strip()
    lowered = body.lower()
    last = _LAST_LINE.search(body)
    if last is not None or any(part in lowered for part in _LINE):
        return Classified(
            Severity.LINE,
            out_of_order=any(part in lowered for part in _OUT_OF_ORDER),
            last_line=int(last[1]) if last else None,
        )
    if _THERMAL.search(body):
        return Classified(
            Severity.HALTED,
            Fault(
                FaultReason.THERMAL,
                f"The printer reports a heater fault: {body}",
                f"Check the heater and its sensor before printing again. {_SWITCH_OFF}",
                halted=True,
            ),
        )
    if _NOT_FATAL_HOMING.search(body):
        return _fatal(body)
    if _KILLED.search(body) or line.lower().startswith("fatal:"):
        return Classified(
            Severity.HALTED,
            Fault(
                FaultReason.KILLED,
                f"The printer has stopped: {body}",
                _SWITCH_OFF,
                halted=True,
            ),
        )
    harmless = any(part in lowered for part in (*_SD, *_HARMLESS)) or not unknown_is_fatal
    if harmless and not (refusal_is_fatal and line.startswith("!!")):
        return Classified(Severity.HARMLESS)
    return _fatal(body)


def _fatal(body: str) -> Classified:
    return Classified(
        Severity.FATAL, Fault(FaultReason.FIRMWARE, f"The printer reports an error: {body}")
    )
