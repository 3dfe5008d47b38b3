"""What a firmware says, as data: one Dialect for each family of firmware.

The texts are those of recordings of a live Marlin 2.1.2 build; a `{name}` in them is
filled in from the options of the build.
"""

from __future__ import annotations

from appliance.components.simulator.options import Options
from appliance.records import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """The words of one firmware."""

    name: str
    banner: tuple[str, ...]
    """What it says after a reset, before the settings and the card."""
    firmware_info: str
    """The first line of M115."""
    machine: str
    capabilities: tuple[tuple[str, bool | str], ...]
    """Each `Cap:` of M115: fixed, or the name of what decides it (see `capabilities`)."""
    area: str
    settings_retrieved: str = "echo:V87 stored settings retrieved (614 bytes; crc {crc})"
    unknown_command: str = 'echo:Unknown command: "{text}"'


MARLIN = Dialect(
    name="marlin",
    banner=(
        "start",
        "PowerUp",
        "Marlin bugfix-2.1.x",
        "echo: Last Updated: 2023-01-07 | Author: (none, default config)",
        "echo: Compiled: Nov 22 2026",
        "echo: Free Memory: 0  PlannerBufferBytes: {planner_bytes}",
    ),
    firmware_info=(
        "FIRMWARE_NAME:Marlin bugfix-2.1.x (Nov 22 2026 01:12:53)"
        " SOURCE_CODE_URL:github.com/MarlinFirmware/Marlin PROTOCOL_VERSION:1.0"
        " MACHINE_TYPE:{machine} EXTRUDER_COUNT:{extruders}"
        " UUID:cede2a2f-41a2-4748-9b12-c55c62f367ff"
    ),
    machine="Sim Cartesian",
    capabilities=(
        ("SERIAL_XON_XOFF", False),
        ("BINARY_FILE_TRANSFER", False),
        ("EEPROM", True),
        ("VOLUMETRIC", True),
        ("AUTOREPORT_POS", True),
        ("AUTOREPORT_TEMP", True),
        ("PROGRESS", False),
        ("PRINT_JOB", True),
        ("AUTOLEVEL", True),
        ("RUNOUT", "runout"),
        ("Z_PROBE", True),
        ("LEVELING_DATA", True),
        ("BUILD_PERCENT", True),
        ("SOFTWARE_POWER", False),
        ("TOGGLE_LIGHTS", False),
        ("CASE_LIGHT_BRIGHTNESS", False),
        ("EMERGENCY_PARSER", "emergency_parser"),
        ("HOST_ACTION_COMMANDS", True),
        ("PROMPT_SUPPORT", True),
        ("SDCARD", "card"),
        ("MULTI_VOLUME", False),
        ("REPEAT", "card"),
        ("SD_WRITE", "card"),
        ("AUTOREPORT_SD_STATUS", "card"),
        ("LONG_FILENAME", "card"),
        ("LFN_WRITE", "card"),
        ("CUSTOM_FIRMWARE_UPLOAD", False),
        ("EXTENDED_M20", "card"),
        ("THERMAL_PROTECTION", True),
        ("MOTION_MODES", False),
        ("ARCS", True),
        ("BABYSTEPPING", True),
        ("CHAMBER_TEMPERATURE", "chamber"),
        ("COOLER_TEMPERATURE", False),
        ("MEATPACK", "meatpack"),
        ("CONFIG_EXPORT", False),
    ),
    area=(
        "area:{{full:{{min:{{x:0.00,y:0.00,z:0.00}},max:{{x:{x:.2f},y:{y:.2f},z:{z:.2f}}}}},"
        "work:{{min:{{x:0.00,y:0.00,z:0.00}},max:{{x:{x:.2f},y:{y:.2f},z:{z:.2f}}}}}}}"
    ),
)

DIALECTS = {dialect.name: dialect for dialect in (MARLIN,)}

BLOCK_BYTES = 80  # of one planner block, as the banner counts them


def dialect_named(name: str) -> Dialect:
    """Find a dialect by name."""
    if name not in DIALECTS:
        message = f"no firmware {name!r}; there are {', '.join(DIALECTS)}"
        raise ValueError(message)
    return DIALECTS[name]


def banner_lines(dialect: Dialect, options: Options) -> list[str]:
    """Return the first lines after a reset."""
    planner_bytes = options.planner * BLOCK_BYTES
    return [line.format(planner_bytes=planner_bytes) for line in dialect.banner]


def info_lines(dialect: Dialect, options: Options) -> list[str]:
    """Return the answer to M115."""
    decided = {
        "runout": options.runout_sensor,
        "emergency_parser": options.emergency_parser,
        "card": options.sd is not None,
        "chamber": options.chamber,
        "meatpack": options.meatpack,
    }
    x, y, z = options.volume
    lines = [
        dialect.firmware_info.format(machine=dialect.machine, extruders=options.extruders)
    ]
    for name, value in dialect.capabilities:
        present = decided[value] if isinstance(value, str) else value
        lines.append(f"Cap:{name}:{int(present)}")
    lines.append(dialect.area.format(x=x, y=y, z=z))
    return lines
