"""Timelapses as the component of Moonraker that front ends know shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from appliance.components.moonraker_api.method import Argument, Kind
from appliance.domain.timelapse import (
    LatestPicture,
    RenderWhen,
    TimelapseMode,
    TimelapseOptions,
)
from appliance.errors import InvalidRequest

LAYER, TIMED = "layermacro", "hyperlapse"
_MODES = {TimelapseMode.LAYER: LAYER, TimelapseMode.TIMED: TIMED}
_KINDS: Mapping[str, Kind] = {
    "enabled": Kind.FLAG,
    "mode": Kind.TEXT,
    "hyperlapse_cycle": Kind.NUMBER,
    "autorender": Kind.FLAG,
    "output_framerate": Kind.INTEGER,
    "duplicatelastframe": Kind.INTEGER,
}
# What Gantry does not do: the head stays where it prints (a macro can park it), and ffmpeg
# is called as configuration.yaml says. Front ends hide what is blocked.
_FIXED: Mapping[str, Any] = {
    "camera": "",
    "snapshoturl": "",
    "gcode_verbose": False,
    "parkhead": False,
    "saveframes": False,
    "variable_fps": False,
    "previewimage": False,
    "stream_delay_compensation": 0.0,
}
_ABSENT = (
    "parkpos",
    "park_custom_pos_x",
    "park_custom_pos_y",
    "park_custom_pos_dz",
    "park_travel_speed",
    "park_retract_speed",
    "park_extrude_speed",
    "park_retract_distance",
    "park_extrude_distance",
    "park_time",
    "fw_retract",
    "constant_rate_factor",
    "pixelformat",
    "time_format_code",
    "extraoutputparams",
    "targetlength",
    "variable_fps_min",
    "variable_fps_max",
    "rotation",
    "flip_x",
    "flip_y",
)


def settings(options: TimelapseOptions, mode: str) -> dict[str, Any]:
    """Render the options; ``mode`` is what was last chosen, for one that is off."""
    return {
        **_FIXED,
        "enabled": options.mode is not TimelapseMode.OFF,
        "mode": _MODES.get(options.mode, mode),
        "hyperlapse_cycle": options.interval_s,
        "autorender": options.render is not RenderWhen.OFF,
        "output_framerate": options.fps,
        "duplicatelastframe": round(options.post_roll_s * options.fps),
        "blockedsettings": [*_FIXED, *_ABSENT],
    }


def changed(
    options: TimelapseOptions, given: Mapping[str, Any], mode: str
) -> tuple[TimelapseOptions, str]:
    """Return the options with what a client says, and the mode that it has chosen."""
    said = {
        name: Argument(name, kind).convert(given[name])
        for name, kind in _KINDS.items()
        if given.get(name) is not None
    }
    mode = said.get("mode", _MODES.get(options.mode, mode))
    if mode not in (LAYER, TIMED):
        message = f"'mode' is {LAYER} or {TIMED}"
        raise InvalidRequest(message)
    enabled = said.get("enabled", options.mode is not TimelapseMode.OFF)
    of_mode = TimelapseMode.LAYER if mode == LAYER else TimelapseMode.TIMED
    fps = _within(said, "output_framerate", options.fps, 1, 120)
    still = _within(
        said, "duplicatelastframe", round(options.post_roll_s * options.fps), 0, 600 * fps
    )
    render = options.render
    if "autorender" in said and said["autorender"] is (render is RenderWhen.OFF):
        render = RenderWhen.ALWAYS if said["autorender"] else RenderWhen.OFF
    known_still = "duplicatelastframe" not in said and fps == options.fps
    return (
        replace(
            options,
            mode=of_mode if enabled else TimelapseMode.OFF,
            interval_s=_within(said, "hyperlapse_cycle", options.interval_s, 0.1, 86400),
            fps=fps,
            post_roll_s=options.post_roll_s if known_still else still / fps,
            render=render,
        ),
        mode,
    )


def frame(latest: LatestPicture | None) -> dict[str, Any]:
    """Render the last picture."""
    if latest is None:
        return {"framecount": 0, "lastframefile": ""}
    return {"framecount": latest.frames, "lastframefile": latest.path}


def _within(said: Mapping[str, Any], name: str, known: Any, least: float, most: float) -> Any:
    value = said.get(name, known)
    if not least <= value <= most:
        message = f"'{name}' has to be from {least:g} to {most:g}"
        raise InvalidRequest(message)
    return value
