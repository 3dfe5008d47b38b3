"""The safety lint: what a person should know about a file before a printer prints it.

Pure functions of what the analysis found, what the slicer wrote and what the printer is.
Every rule is described in docs/lint.md and its severity can be set in the configuration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import hypot
from typing import Any

from appliance.domain.actions import number
from appliance.domain.analysis import Finding, Severity
from appliance.domain.metadata import Metadata
from appliance.domain.printer import Profile
from appliance.records import dataclass

# Slicers round; a nozzle is no laser.
TOLERANCE_MM = 0.2
# Purge lines are drawn that far beside the bed by printers that can reach there.
PURGE_MM = 15.0
_AXES = "XYZ"


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule looks at."""

    facts: Mapping[str, Any]
    metadata: Metadata
    profile: Profile

    def count(self, *codes: str) -> int:
        """Return how often those commands occur."""
        return sum(self.facts["commands"].get(code, (0, 0))[0] for code in codes)

    def line(self, *codes: str) -> int | None:
        """Return the first line with one of those commands."""
        lines = [self.facts["commands"][code][1] for code in codes if self.count(code)]
        return min(lines, default=None)


Remark = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its name, how bad it is unless configured, its check, what it is about."""

    name: str
    severity: Severity
    check: Callable[[Case], Iterator[Remark]]
    about: str  # what it finds, for the configuration


def lint(
    facts: Mapping[str, Any],
    metadata: Metadata,
    profile: Profile,
    severities: Mapping[str, str] | None = None,
) -> tuple[Finding, ...]:
    """Return the findings, the worst first; ``severities`` are by rule, ``off`` leaves out."""
    case = Case(facts, metadata, profile)
    findings = []
    for rule in RULES:
        wanted = (severities or {}).get(rule.name, rule.severity)
        if wanted == "off":
            continue
        findings += [
            Finding(rule.name, Severity(wanted), message, line)
            for message, line in rule.check(case)
        ]
    order = [Severity.BLOCK, Severity.WARN, Severity.INFO]
    return tuple(sorted(findings, key=lambda finding: order.index(finding.severity)))


def _too_hot(case: Case) -> Iterator[Remark]:
    highest = {"bed": case.profile.max_bed_c, "chamber": case.profile.max_chamber_c}
    for heater, (target, line) in case.facts["temperatures"].items():
        limit = highest.get(heater, case.profile.max_tool_c)
        if target > limit:
            message = (
                f"{heater} is heated to {number(target)} degrees, "
                f"the printer allows {number(limit)}"
            )
            yield message, int(line)


def _volume(profile: Profile) -> tuple[list[float], list[float]]:
    volume = profile.volume
    if volume.origin == "center":
        x, y = volume.width / 2, volume.depth / 2
        return [-x, -y, 0.0], [x, y, volume.height]
    return [0.0, 0.0, 0.0], [volume.width, volume.depth, volume.height]


def _beyond(
    box: Mapping[str, Any] | None, profile: Profile, tolerance: float
) -> Iterator[tuple[str, float, int]]:
    """Yield the side, how far beyond the volume, and the line."""
    if box is None:
        return
    low, high = _volume(profile)
    for axis, letter in enumerate(_AXES):
        below = low[axis] - box["low"][axis]
        if below > tolerance:
            yield (
                f"{letter} {number(round(box['low'][axis], 2))}",
                below,
                box["low_lines"][axis],
            )
        above = box["high"][axis] - high[axis]
        if above > tolerance:
            yield (
                f"{letter} {number(round(box['high'][axis], 2))}",
                above,
                box["high_lines"][axis],
            )


def _out_of_volume(case: Case) -> Iterator[Remark]:
    body = case.facts["body"]
    for side, beyond, line in _beyond(body, case.profile, TOLERANCE_MM):
        yield f"it prints {number(round(beyond, 2))} mm outside of the volume, at {side}", line


def _round_bed(case: Case) -> Iterator[Remark]:
    volume = case.profile.volume
    body = case.facts["body"]
    if body is None or volume.form_factor != "circular":
        return
    radius = volume.width / 2
    centre = 0.0 if volume.origin == "center" else radius
    corner = hypot(
        *(max(abs(body[side][axis] - centre) for side in ("low", "high")) for axis in (0, 1))
    )
    if corner > radius + TOLERANCE_MM:
        yield "a corner of what it prints may lie outside of the round bed", None


def _purge_outside(case: Case) -> Iterator[Remark]:
    for side, beyond, line in _beyond(case.facts["start"], case.profile, TOLERANCE_MM):
        if beyond <= PURGE_MM:
            yield f"the purge line is outside of the volume, at {side}", line


def _start_outside(case: Case) -> Iterator[Remark]:
    for side, _, line in _beyond(case.facts["start"], case.profile, PURGE_MM):
        yield f"the start script prints far outside of the volume, at {side}", line


def _travel_outside(case: Case) -> Iterator[Remark]:
    for side, beyond, line in _beyond(case.facts["travel"], case.profile, PURGE_MM):
        yield f"the nozzle moves {number(round(beyond, 1))} mm outside, to {side}", line


_OTHER_FLAVORS = ("klipper", "reprapfirmware", "rrf", "sailfish", "makerware", "makerbot",
                  "mach3", "machinekit", "bfb", "griffin")  # fmt: skip
# Duet: macros, drive and network set-up, tool definition. Marlin knows none of them.
_RRF = (
    "M98",
    "M550",
    "M551",
    "M552",
    "M558",
    "M563",
    "M569.1",
    "M574",
    "M584",
    "M586",
    "M671",
)
_HARMLESS = ("EXCLUDE_OBJECT", "SET_PRINT_STATS_INFO", "TIMELAPSE_TAKE_FRAME", "SET_GCODE_")


def _macros(case: Case) -> list[tuple[int, str]]:
    return [
        (line, text)
        for line, text in case.facts["foreign"]
        if not text.upper().startswith(_HARMLESS)
    ]


def _wrong_start(case: Case) -> Iterator[Remark]:
    macros = _macros(case)
    if macros and not case.count("G28") and not case.count("M104", "M109"):
        line, text = macros[0]
        yield (
            f"it relies on the macro '{text.split()[0]}' of another firmware to heat and home",
            line,
        )


def _wrong_flavor(case: Case) -> Iterator[Remark]:
    flavor = (case.metadata.flavor or "").lower()
    if flavor.startswith(_OTHER_FLAVORS):
        yield f"it was sliced for {case.metadata.flavor}, not for Marlin", None
    macros = _macros(case)
    if macros:
        line, text = macros[0]
        yield f"'{text.split()[0]}' is no command that Marlin knows", line
    if case.count(*_RRF):
        yield "it has commands of RepRapFirmware", case.line(*_RRF)


def _no_homing(case: Case) -> Iterator[Remark]:
    moved = case.facts["unhomed_move"]
    if moved is not None:
        yield "it moves before the printer was homed", moved


def _cold_extrusion(case: Case) -> Iterator[Remark]:
    for tool, (target, line) in case.facts["extrusions"].items():
        index = int(tool)
        extruders = case.profile.extruders
        least = extruders[index if index < len(extruders) else 0].min_extrude_c
        if target < 0:
            yield f"it extrudes with tool {tool} without heating it", int(line)
        elif target < least:
            yield f"it extrudes with tool {tool} at {number(target)} degrees", int(line)


def _commands(text: str, *codes: str) -> Callable[[Case], Iterator[Remark]]:
    def check(case: Case) -> Iterator[Remark]:
        if case.count(*codes):
            yield text, case.line(*codes)

    return check


def _missing_tool(case: Case) -> Iterator[Remark]:
    count = len(case.profile.extruders)
    for tool, line in case.facts["tools"].items():
        if int(tool) >= count:
            yield f"it selects tool {tool}, the printer has {count}", line


def _missing_heater(case: Case) -> Iterator[Remark]:
    temperatures = case.facts["temperatures"]
    for heater, there in (
        ("bed", case.profile.heated_bed),
        ("chamber", case.profile.heated_chamber),
    ):
        if not there and heater in temperatures and temperatures[heater][0] > 0:
            yield (
                f"it heats the {heater}, which cannot be heated",
                int(temperatures[heater][1]),
            )


def _stays_hot(case: Case) -> Iterator[Remark]:
    hot = [heater for heater, target in case.facts["targets"].items() if target > 0]
    if hot:
        yield f"{', '.join(hot)} stays hot at the end", None


def _wrong_nozzle(case: Case) -> Iterator[Remark]:
    wanted = case.metadata.nozzle_mm
    fitted = case.profile.extruders[0].nozzle_mm
    if wanted is not None and abs(wanted - fitted) > 0.01:
        yield f"it is for a nozzle of {number(wanted)} mm, {number(fitted)} mm is fitted", None


def _wrong_filament(case: Case) -> Iterator[Remark]:
    wanted = case.metadata.filament_diameter_mm
    fitted = case.profile.extruders[0].filament_mm
    if wanted is not None and abs(wanted - fitted) > 0.2:
        yield f"it is for filament of {number(wanted)} mm, not {number(fitted)} mm", None


def _prints_nothing(case: Case) -> Iterator[Remark]:
    if case.facts["body"] is None and case.facts["start"] is None:
        yield "it lays down no filament", None


RULES = (
    Rule(
        "max_temperature",
        Severity.BLOCK,
        _too_hot,
        "A target above the highest that the profile allows.",
    ),
    Rule(
        "out_of_volume",
        Severity.BLOCK,
        _out_of_volume,
        "Filament laid down outside of the build volume, after the first layer began.",
    ),
    Rule(
        "round_bed",
        Severity.WARN,
        _round_bed,
        "A corner of what is printed may lie outside of a round bed.",
    ),
    Rule(
        "start_outside",
        Severity.WARN,
        _start_outside,
        "Filament laid down more than 15 mm outside before the first layer.",
    ),
    Rule(
        "purge_outside",
        Severity.INFO,
        _purge_outside,
        "A purge line up to 15 mm outside, where many printers can reach.",
    ),
    Rule(
        "travel_outside",
        Severity.WARN,
        _travel_outside,
        "A move to more than 15 mm outside of the volume.",
    ),
    Rule(
        "foreign_start",
        Severity.BLOCK,
        _wrong_start,
        "The file relies on a macro of another firmware to heat and home.",
    ),
    Rule(
        "wrong_flavor",
        Severity.WARN,
        _wrong_flavor,
        "Sliced for another firmware, or with commands that Marlin does not know.",
    ),
    Rule("no_homing", Severity.WARN, _no_homing, "A move before the printer was homed."),
    Rule(
        "cold_extrusion",
        Severity.WARN,
        _cold_extrusion,
        "An extrusion while the nozzle is too cold, or was never heated.",
    ),
    Rule(
        "emergency_stop",
        Severity.BLOCK,
        _commands("it stops the printer (M112)", "M112"),
        "M112: the file stops the printer.",
    ),
    Rule(
        "firmware_update",
        Severity.BLOCK,
        _commands("it updates the firmware (M997)", "M997"),
        "M997: the file updates the firmware.",
    ),
    Rule(
        "settings_reset",
        Severity.BLOCK,
        _commands("it resets the settings (M502)", "M502"),
        "M502: the file resets the settings of the printer.",
    ),
    Rule(
        "settings_saved",
        Severity.WARN,
        _commands("it changes the stored settings (M500)", "M500"),
        "M500: the file changes what the printer remembers.",
    ),
    Rule(
        "card_commands",
        Severity.WARN,
        _commands("it works on the printer's card", "M23", "M24", "M28", "M30", "M32", "M928"),
        "M23, M24, M28, ...: the file works on the printer's own card.",
    ),
    Rule(
        "missing_tool", Severity.BLOCK, _missing_tool, "A tool that the profile does not have."
    ),
    Rule(
        "missing_heater",
        Severity.WARN,
        _missing_heater,
        "It heats a bed or chamber that the profile does not have.",
    ),
    Rule("stays_hot", Severity.WARN, _stays_hot, "A heater is still on at the end."),
    Rule(
        "wrong_nozzle",
        Severity.WARN,
        _wrong_nozzle,
        "The slicer meant another nozzle than the profile has.",
    ),
    Rule(
        "wrong_filament",
        Severity.WARN,
        _wrong_filament,
        "The slicer meant another filament diameter.",
    ),
    Rule("prints_nothing", Severity.INFO, _prints_nothing, "No filament is laid down at all."),
)
RULE_NAMES = tuple(rule.name for rule in RULES)
