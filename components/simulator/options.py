"""What a simulated printer is made of, as given on its command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import field
from pathlib import Path

from appliance.records import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """The build of the firmware, the machine around it and the wire to it."""

    speed: float = 1.0
    """Seconds of the machine in one second of ours."""
    baudrate: int = 0
    """Bits per second on the wire; 0 is a native USB port without a wire."""
    rx_buffer: int = 128
    bufsize: int = 4
    planner: int = 16
    advanced_ok: bool = True
    emergency_parser: bool = True
    reset_on_open: bool = False
    # A halted board starts again when it is opened, as DTR does it to most real ones.
    revive_on_open: bool = False
    boot_seconds: float = 0.5
    ambient: float = 21.3
    volume: tuple[float, float, float] = (200.0, 200.0, 200.0)
    extruders: int = 1
    sd: Path | None = None
    eeprom: Path | None = None
    meatpack: bool = False
    firmware: str = "marlin"
    seed: int = 0
    chamber: bool = False
    runout_sensor: bool = True


@dataclass(frozen=True, slots=True)
class Process:
    """Where the process of a simulated printer is found, and how long it lives."""

    link: Path
    options: Options
    control: Path | None = None
    accepted: Path | None = None
    idle_exit: float = 0.0
    faults: dict[str, str] = field(default_factory=dict)


def parse_arguments(words: Sequence[str] | None = None) -> Process:
    """Read the command line; a mistake ends the process with a usage message."""
    given = _parser().parse_args(words)
    options = Options(
        speed=given.speed,
        baudrate=given.baudrate,
        rx_buffer=given.rx_buffer,
        bufsize=given.bufsize,
        planner=given.planner,
        advanced_ok=given.advanced_ok,
        emergency_parser=given.emergency_parser,
        reset_on_open=given.reset_on_open,
        revive_on_open=given.revive_on_open,
        boot_seconds=given.boot_seconds,
        ambient=given.ambient,
        volume=given.volume,
        extruders=given.extruders,
        sd=given.sd,
        eeprom=given.eeprom,
        meatpack=given.meatpack,
        firmware=given.firmware,
        seed=given.seed,
        chamber=given.chamber,
        runout_sensor=given.runout_sensor,
    )
    return Process(
        link=given.link.absolute(),
        options=options,
        control=given.control,
        accepted=given.accepted,
        idle_exit=given.idle_exit,
        faults=dict(given.fault),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="simulator", description="A simulated 3D printer on a pseudo terminal."
    )
    add = parser.add_argument
    switch = argparse.BooleanOptionalAction
    plain = Options()
    add("--link", type=Path, required=True, help="the link to make to the terminal")
    add("--control", type=Path, help="a Unix socket that takes JSON lines")
    add("--accepted", type=Path, help="a file to append every executed command to")
    add("--idle-exit", type=float, default=0.0, metavar="SECONDS",
        help="end after so long without any process at the terminal")  # fmt: skip
    add("--fault", type=_fault, action="append", default=[], metavar="NAME=VALUE",
        help="switch a fault on; may be given often")  # fmt: skip
    add("--speed", type=_positive, default=plain.speed, help="clock multiplier")
    add("--baudrate", type=_count, default=plain.baudrate, help="0 means no wire at all")
    add("--rx-buffer", type=_at_least_two, default=plain.rx_buffer, help="bytes")
    add("--bufsize", type=_at_least_two, default=plain.bufsize, help="command slots")
    add("--planner", type=_at_least_two, default=plain.planner, help="planner blocks")
    add("--advanced-ok", action=switch, default=plain.advanced_ok)
    add("--emergency-parser", action=switch, default=plain.emergency_parser)
    add("--reset-on-open", action=switch, default=plain.reset_on_open)
    add("--revive-on-open", action=switch, default=plain.revive_on_open)
    add("--boot-seconds", type=float, default=plain.boot_seconds)
    add("--ambient", type=float, default=plain.ambient, help="°C")
    add("--volume", type=_volume, default=plain.volume, metavar="X,Y,Z", help="mm")
    add("--extruders", type=_extruders, default=plain.extruders)
    add("--sd", type=Path, help="the folder that stands for the SD card")
    add("--eeprom", type=Path, help="the file that keeps the settings")
    add("--meatpack", action=switch, default=plain.meatpack)
    add("--chamber", action=switch, default=plain.chamber, help="a heated chamber")
    add("--runout-sensor", action=switch, default=plain.runout_sensor)
    add("--firmware", default=plain.firmware, help="the dialect to speak")
    add("--seed", type=int, default=plain.seed, help="of noise and faults")
    return parser


def _positive(text: str) -> float:
    value = float(text)
    if value <= 0:
        raise argparse.ArgumentTypeError("must be above 0")
    return value


def _count(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError("must not be negative")
    return value


def _at_least_two(text: str) -> int:
    value = int(text)
    if value < 2:
        raise argparse.ArgumentTypeError("must be 2 or more")
    return value


def _extruders(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 8:
        raise argparse.ArgumentTypeError("must be 1 to 8")
    return value


def _volume(text: str) -> tuple[float, float, float]:
    try:
        x, y, z = (float(word) for word in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError("must be three numbers: X,Y,Z") from None
    if min(x, y, z) <= 0:
        raise argparse.ArgumentTypeError("must be above 0")
    return x, y, z


def _fault(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise argparse.ArgumentTypeError("must be NAME=VALUE")
    return name.strip(), value.strip()
