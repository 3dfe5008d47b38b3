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

SCRIPTS = (
    "after_printer_connected",
    "before_printer_disconnected",
    "before_print_started",
    "after_print_paused",
    "before_print_resumed",
    "after_print_cancelled",
    "after_print_done",
    "before_tool_change",
    "after_tool_change",
)
_AXIS = {
    vol.Optional("speed"): positive,
    vol.Optional("inverted", default=False): boolean,
}
_EXTRUDER = {
    vol.Optional("nozzle", default=0.4): positive,
    vol.Optional("filament", default=1.75): positive,
    vol.Optional("offset_x", default=0.0): number(),
    vol.Optional("offset_y", default=0.0): number(),
    vol.Optional("min_extrude_temperature", default=170.0): number(least=0, most=500),
}
PROFILE_SCHEMA = vol.Schema(
    {
        vol.Optional("id"): non_empty,
        vol.Optional("name"): non_empty,
        vol.Optional("model"): non_empty,
        vol.Optional("color"): non_empty,
        vol.Optional("volume", default=dict): {
            vol.Optional("width", default=220.0): positive,
            vol.Optional("depth", default=220.0): positive,
            vol.Optional("height", default=250.0): positive,
            vol.Optional("origin", default="lowerleft"): one_of("lowerleft", "center"),
            vol.Optional("form_factor", default="rectangular"): one_of(
                "rectangular", "circular"
            ),
        },
        vol.Optional("extruders", default=1): vol.Any(
            integer(least=1, most=16, what="a number of extruders"), list_of(_EXTRUDER)
        ),
        vol.Optional("shared_nozzle", default=False): boolean,
        vol.Optional("heated_bed", default=True): boolean,
        vol.Optional("heated_chamber", default=False): boolean,
        vol.Optional("max_tool_temperature", default=300.0): number(least=0, most=600),
        vol.Optional("max_bed_temperature", default=130.0): number(least=0, most=300),
        vol.Optional("max_chamber_temperature", default=80.0): number(least=0, most=200),
        vol.Optional("axes", default=dict): {
            vol.Optional(axis): vol.Schema(_AXIS) for axis in ("x", "y", "z", "e")
        },
    }
)

# Options of every printer that is driven over a serial line, simulated or not.
DRIVEN_OPTIONS: Mapping[Any, Any] = {
    vol.Optional("profile", default=dict): PROFILE_SCHEMA,
    vol.Optional("scripts", default=dict): {vol.Optional(name): template for name in SCRIPTS},
    vol.Optional("autoconnect", default=True): boolean,
    vol.Optional("transport", default="raw"): one_of("raw", "stream"),
    vol.Optional("window"): integer(least=1, most=16, what="a number of lines"),
    vol.Optional("rx_buffer"): integer(least=31, most=4096, what="a number of bytes"),
    vol.Optional("compact", default=False): boolean,
    vol.Optional("meatpack", default=True): boolean,
    vol.Optional("wait_on_host", default=False): boolean,
    vol.Optional("idle_heaters_off", default="30 min"): time_period,
    vol.Optional("serial_log", default=False): boolean,
    vol.Optional("reset_on_connect", default=True): boolean,
    vol.Optional("heater_watchdog", default=dict): {
        vol.Optional("enabled", default=True): boolean,
        vol.Optional("above_target", default=15.0): positive,
        vol.Optional("above_max", default=10.0): positive,
        vol.Optional("rise", default=2.0): positive,
        vol.Optional("rise_within", default="60 s"): time_period,
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
