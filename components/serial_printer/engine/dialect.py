"""Firmware differences, each firmware one small declaration.

A dialect says only what the wire cannot tell by itself: whether a Resend has an ok of its
own, whether lines may be sent ahead, what wakes it from a halt. An unknown firmware is
treated as a conservative Marlin. Sources: the firmwares' own code and recordings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from appliance.records import dataclass

from .framing import MAX_TEXT


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one family of firmware differs on the wire."""

    name: str
    window: int = 4  # lines un-acknowledged at most; 1 = ping-pong
    rx_buffer: int = 127  # bytes un-acknowledged at most
    max_text: int = MAX_TEXT  # bytes of a command at most
    tells_slots: bool = True  # what its oks tell of free slots is believed
    numbered: bool = True  # checks line numbers and checksums
    ok_after_resend: bool = True  # one ok belongs to each Resend
    silent_duplicates: bool = True  # a repeated line gets no answer
    line_number_modulus: int | None = None  # Repetier counts in 16 bits
    wait_is_idle: bool = False  # "wait" each second when there is nothing to do
    busy_protocol: bool = True  # says "busy:" while a command blocks
    auto_reports: bool = True  # knows M155 (asked anyway only when the Cap says so)
    lower_case_sd: bool = False
    m110_resets: bool = True
    emergency: tuple[str, ...] = ()  # heard at once even without Cap:EMERGENCY_PARSER
    halt_recovery: str | None = None  # the command that ends a halt without a reset
    status_command: str | None = None  # says whether it obeys commands yet, or why not
    unknown_error_is_fatal: bool = True  # an unclassified "Error:" ends the job
    refusal_ends_job: bool = False  # also a "!!" that answers a line of the file
    lossless: bool = False  # a pty; silent over any command, perhaps for minutes
    resume_command: str | None = None  # ends a pause that the firmware has made by itself
    settings_command: str | None = "M503"
    refused: str | None = None  # why we do not drive it


MARLIN = Dialect("marlin")
UNKNOWN = replace(MARLIN, name="unknown", window=1)
# M602 ends what M601 and the printer's own menu begin (Prusa-Firmware, issue 3074).
PRUSA = replace(
    MARLIN, name="prusa", silent_duplicates=False, lower_case_sd=True, resume_command="M602"
)
BUDDY = replace(MARLIN, name="buddy")
REPETIER = Dialect(
    "repetier",
    window=2,
    rx_buffer=63,
    silent_duplicates=False,
    line_number_modulus=65536,
    wait_is_idle=True,
    busy_protocol=False,
    auto_reports=False,
    halt_recovery="M999",
    settings_command="M205",
)
REPRAP = Dialect(
    "reprapfirmware", window=1, ok_after_resend=False, busy_protocol=False, auto_reports=False
)
SMOOTHIE = Dialect(
    "smoothieware",
    window=1,
    ok_after_resend=False,
    busy_protocol=False,
    auto_reports=False,
    halt_recovery="M999",
)
# Its pty loses nothing, its macros may take minutes without a word, and a command that it
# refuses ends its own prints, too (klippy/gcode.py, klippy/extras/virtual_sdcard.py).
KLIPPER = Dialect(
    "klipper",
    window=4,
    rx_buffer=2000,
    max_text=1900,
    numbered=False,
    busy_protocol=False,
    auto_reports=False,
    emergency=("M112",),
    halt_recovery="FIRMWARE_RESTART",
    status_command="STATUS",
    unknown_error_is_fatal=False,
    refusal_ends_job=True,
    lossless=True,
    settings_command=None,
)
MALYAN = replace(
    UNKNOWN, name="malyan", tells_slots=False, busy_protocol=False, settings_command="M503"
)
TEACUP = Dialect(
    "teacup", window=1, ok_after_resend=False, busy_protocol=False, settings_command=None
)
GRBL = Dialect(
    "grbl",
    refused=(
        "This is grbl, a controller for mills and lasers. It has no heaters and speaks "
        "another protocol; Gantry drives 3D printers with Marlin-like firmware."
    ),
)

# Looked for in FIRMWARE_NAME in this order: Prusa's value also contains "Marlin".
_BY_NAME: Mapping[str, Dialect] = {
    "prusa-firmware-buddy": BUDDY,
    "prusa-firmware": PRUSA,
    "reprapfirmware": REPRAP,
    "smoothieware": SMOOTHIE,
    "repetier": REPETIER,
    "anet": REPETIER,
    "klipper": KLIPPER,
    "malyan": MALYAN,
    "teacup": TEACUP,
    "marlin": MARLIN,
    "grbl": GRBL,
}


def recognise(fields: Mapping[str, str]) -> Dialect:
    """Return the dialect that M115's first line speaks of."""
    told = " ".join(
        fields.get(key, "") for key in ("FIRMWARE_NAME", "NAME", "FIRMWARE_URL", "MODEL")
    ).lower()
    if "malyan" in fields.get("NAME", "").lower():
        return MALYAN
    for name, dialect in _BY_NAME.items():
        if name in told:
            return dialect
    return UNKNOWN


def recognise_banner(line: str) -> Dialect | None:
    """Return the dialect that a start-up line gives away, where one does."""
    if line.startswith("Grbl "):
        return GRBL
    if line.startswith("Smoothie"):
        return SMOOTHIE
    return None
