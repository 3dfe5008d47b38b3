"""What a printer's entry says about machine and job, whatever it is connected to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from appliance.config.schema import vol
from appliance.config.validators import (
    boolean,
    integer,
    list_of,
    non_empty,
    number,
    one_of,
    positive,
    time_period,
)
from appliance.domain.printer import Axis, Extruder, Profile, Volume
from appliance.templates import template

SCRIPTS: Mapping[str, str] = {
    "after_printer_connected": "G-code whenever the printer has been connected.",
    "before_printer_disconnected": "G-code before the connection is closed on purpose.",
    "before_print_started": "G-code before the first line of a file.",
    "after_print_paused": "G-code after a pause; {{ pause_position.x }} is where it was.",
    "before_print_resumed": "G-code before a paused print goes on.",
    "after_print_cancelled": "G-code after a print was cancelled; without one "
    "heaters, fan and "
    "motors go off.",
    "after_print_done": "G-code after the last line of a file.",
    "before_tool_change": "G-code before T0, T1, ... of a file.",
    "after_tool_change": "G-code after T0, T1, ... of a file.",
}
_AXES = {
    "x": "Left and right, by hand.",
    "y": "Back and forth, by hand.",
    "z": "Up and down, by hand.",
    "e": "Filament, pushed and pulled by hand.",
}
_AXIS = {
    vol.Optional("speed", description="For moves by hand, in mm/min."): positive,
    vol.Optional(
        "inverted",
        default=False,
        description="The axis moves the other way than its buttons say.",
    ): boolean,
}
_EXTRUDER = {
    vol.Optional("nozzle", default=0.4, description="Diameter in mm."): positive,
    vol.Optional("filament", default=1.75, description="Diameter in mm."): positive,
    vol.Optional(
        "offset_x", default=0.0, description="From the first nozzle, in mm."
    ): number(),
    vol.Optional(
        "offset_y", default=0.0, description="From the first nozzle, in mm."
    ): number(),
    vol.Optional(
        "min_extrude_temperature",
        default=170.0,
        description="Below it nothing is extruded, in degrees Celsius.",
    ): number(least=0, most=500),
}
PROFILE_SCHEMA = vol.Schema(
    {
        vol.Optional(
            "id",
            description="The name by which clients of OctoPrint know the profile.",
        ): non_empty,
        vol.Optional("name", description="What people read."): non_empty,
        vol.Optional(
            "model", description="What the machine is called by its maker."
        ): non_empty,
        vol.Optional(
            "color", description="The colour by which apps mark the printer."
        ): non_empty,
        vol.Optional(
            "volume", default=dict, description="What the nozzle can reach, in mm."
        ): {
            vol.Optional("width", default=220.0, description="Along X, in mm."): positive,
            vol.Optional("depth", default=220.0, description="Along Y, in mm."): positive,
            vol.Optional("height", default=250.0, description="Along Z, in mm."): positive,
            vol.Optional(
                "origin", default="lowerleft", description="Where 0, 0 is on the bed."
            ): one_of("lowerleft", "center"),
            vol.Optional(
                "form_factor", default="rectangular", description="The shape of the bed."
            ): one_of("rectangular", "circular"),
        },
        vol.Optional(
            "extruders", default=1, description="How many, or a list with what each is like."
        ): vol.Any(
            integer(least=1, most=16, what="a number of extruders"), list_of(_EXTRUDER)
        ),
        vol.Optional(
            "shared_nozzle", default=False, description="All extruders push into one nozzle."
        ): boolean,
        vol.Optional(
            "heated_bed", default=True, description="The bed can be heated."
        ): boolean,
        vol.Optional(
            "heated_chamber", default=False, description="The chamber can be heated."
        ): boolean,
        vol.Optional(
            "max_tool_temperature",
            default=300.0,
            description="What a nozzle may be heated to, in degrees Celsius.",
        ): number(least=0, most=600),
        vol.Optional(
            "max_bed_temperature",
            default=130.0,
            description="What the bed may be heated to, in degrees Celsius.",
        ): number(least=0, most=300),
        vol.Optional(
            "max_chamber_temperature",
            default=80.0,
            description="What the chamber may be heated to, in degrees Celsius.",
        ): number(least=0, most=200),
        vol.Optional(
            "axes", default=dict, description="Speeds and directions for moves by hand."
        ): {
            vol.Optional(axis, description=what): vol.Schema(_AXIS)
            for axis, what in _AXES.items()
        },
    }
)

# Options of every printer that is driven over a serial line, simulated or not.
DRIVEN_OPTIONS: Mapping[Any, Any] = {
    vol.Optional(
        "profile",
        default=dict,
        description="What the machine is like, or the name of a profile.",
    ): PROFILE_SCHEMA,
    vol.Optional(
        "scripts", default=dict, description="G-code at certain moments, as templates."
    ): {vol.Optional(name, description=what): template for name, what in SCRIPTS.items()},
    vol.Optional(
        "autoconnect",
        default=True,
        description="Connect at the start, and again whenever the printer comes back.",
    ): boolean,
    vol.Optional(
        "transport",
        default="raw",
        description="How the port is read: raw is fast, stream works with every driver.",
    ): one_of("raw", "stream"),
    vol.Optional(
        "window",
        description="How many lines may be on their way; found out by itself if left out.",
    ): integer(least=1, most=16, what="a number of lines"),
    vol.Optional(
        "rx_buffer", description="Size of the firmware's receive buffer, in bytes."
    ): integer(least=31, most=4096, what="a number of bytes"),
    vol.Optional(
        "compact", default=False, description="Send as few characters as possible."
    ): boolean,
    vol.Optional(
        "meatpack",
        default=True,
        description="Pack the lines where the firmware understands it.",
    ): boolean,
    vol.Optional(
        "wait_on_host",
        default=False,
        description="Let Gantry wait for temperatures, so that the printer stays responsive.",
    ): boolean,
    vol.Optional(
        "idle_heaters_off",
        default="30 min",
        description="Turn heaters off after so long without a job; 0 is never.",
    ): time_period,
    vol.Optional(
        "serial_log", default=False, description="Write every byte of the cable into a file."
    ): boolean,
    vol.Optional(
        "reset_on_connect",
        default=True,
        description="Let the board start anew when it is connected.",
    ): boolean,
    vol.Optional(
        "heater_watchdog",
        default=dict,
        description="Gantry's own watch over the heaters, besides that of the firmware.",
    ): {
        vol.Optional("enabled", default=True, description="Whether it acts."): boolean,
        vol.Optional(
            "above_target", default=15.0, description="Far above the target, in degrees."
        ): positive,
        vol.Optional(
            "above_max", default=10.0, description="Above what the profile allows, in degrees."
        ): positive,
        vol.Optional(
            "rise",
            default=2.0,
            description="How much a heater must rise at full power, in degrees.",
        ): positive,
        vol.Optional(
            "rise_within", default="60 s", description="In which time it must have risen."
        ): time_period,
    },
}


def build_profile(config: Mapping[str, Any], fallback_name: str) -> Profile:
    """Build the domain's profile from a validated mapping."""
    known = Profile()
    extruders = config["extruders"]
    axes = {
        axis: Axis(
            config["axes"].get(axis, {}).get("speed", default.speed),
            config["axes"].get(axis, {}).get("inverted", default.inverted),
        )
        for axis, default in known.axes.items()
    }
    return Profile(
        id=config.get("id", known.id),
        name=config.get("name", fallback_name),
        model=config.get("model", known.model),
        color=config.get("color", known.color),
        volume=Volume(**config["volume"]),
        extruders=(
            (Extruder(),) * extruders
            if isinstance(extruders, int)
            else tuple(
                Extruder(
                    nozzle_mm=each["nozzle"],
                    filament_mm=each["filament"],
                    offset_x=each["offset_x"],
                    offset_y=each["offset_y"],
                    min_extrude_c=each["min_extrude_temperature"],
                )
                for each in extruders
            )
        ),
        shared_nozzle=config["shared_nozzle"],
        heated_bed=config["heated_bed"],
        heated_chamber=config["heated_chamber"],
        max_tool_c=config["max_tool_temperature"],
        max_bed_c=config["max_bed_temperature"],
        max_chamber_c=config["max_chamber_temperature"],
        axes=axes,
    )
