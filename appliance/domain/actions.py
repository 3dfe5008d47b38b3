"""What people wish of a printer, as the G-code that does it.

Pure functions that every view shares: jogging by a slicer's button, an MQTT number or a
Moonraker macro is the same three lines. The mode that the printer was in is restored from
the snapshot's `Motion`, never assumed (OctoPrint leaves the extruder absolute).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from appliance.domain.printer import Profile
from appliance.domain.telemetry import Motion
from appliance.errors import InvalidRequest

AXES = ("x", "y", "z")


def number(value: float) -> str:
    """Write a number as G-code does: no exponent, at most five decimals, no loose zeros."""
    if not math.isfinite(value):
        message = "a number is needed, not infinity or nothing"
        raise InvalidRequest(message)
    text = f"{value:.5f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def jog(
    motion: Motion,
    profile: Profile,
    distances: Mapping[str, float],
    *,
    speed: float | None = None,
    absolute: bool = False,
) -> list[str]:
    """Move axes by (or to) ``distances`` in mm with ``speed`` in mm/min."""
    wanted = {axis: distances[axis] for axis in AXES if axis in distances}
    if not wanted:
        message = "say at least one axis to move"
        raise InvalidRequest(message)
    feedrate = speed or min(profile.axes[axis].speed for axis in wanted)
    words = " ".join(
        f"{axis.upper()}{number(-value if _turned(profile, axis, absolute) else value)}"
        for axis, value in wanted.items()
    )
    mode = "G90" if absolute else "G91"
    return [mode, f"G0 {words} F{number(feedrate)}", *_restore_xyz(motion, mode)]


def home(axes: Sequence[str] = AXES) -> list[str]:
    """Home those axes."""
    unknown = [axis for axis in axes if axis not in AXES]
    if unknown or not axes:
        message = f"axes to home are x, y and z, not {', '.join(unknown) or 'none'}"
        raise InvalidRequest(message)
    return (
        ["G28"]
        if set(axes) == set(AXES)
        else ["G28 " + " ".join(axis.upper() for axis in AXES if axis in axes)]
    )


def extrude(
    motion: Motion, profile: Profile, amount: float, *, speed: float | None = None
) -> list[str]:
    """Push (or pull, when negative) ``amount`` mm of filament at ``speed`` mm/min."""
    feedrate = speed or profile.axes["e"].speed
    restore = "M82" if motion.absolute_e else "M83"
    lines = ["M83", f"G1 E{number(amount)} F{number(feedrate)}"]
    return lines if restore == "M83" else [*lines, restore]


def set_target(profile: Profile, heater: str, target: float) -> list[str]:
    """Set the target of ``tool0``.., ``bed`` or ``chamber`` in degrees Celsius; 0 = off."""
    highest = {"bed": profile.max_bed_c, "chamber": profile.max_chamber_c}.get(
        heater, profile.max_tool_c
    )
    if not 0 <= target <= highest:
        message = (
            f"{heater} can be set from 0 to {number(highest)} degrees, not {number(target)}"
        )
        raise InvalidRequest(message)
    if heater == "bed":
        return [f"M140 S{number(target)}"]
    if heater == "chamber":
        return [f"M141 S{number(target)}"]
    tool = heater.removeprefix("tool")
    if heater not in profile.heaters or not tool.isdecimal():
        message = f"there is no heater '{heater}'"
        raise InvalidRequest(message)
    if len(profile.extruders) == 1 or profile.shared_nozzle:
        return [f"M104 S{number(target)}"]
    return [f"M104 T{int(tool)} S{number(target)}"]


def cool_down(profile: Profile) -> list[str]:
    """Turn every heater off."""
    return [line for heater in profile.heaters for line in set_target(profile, heater, 0)]


def select_tool(profile: Profile, tool: int) -> list[str]:
    """Make ``tool`` the active one."""
    if not 0 <= tool < len(profile.extruders):
        message = f"there is no tool {tool}"
        raise InvalidRequest(message)
    return [f"T{tool}"]


def set_fan(share: float, index: int = 0) -> list[str]:
    """Run the part cooling fan at ``share`` 0..1 of full speed."""
    if not 0 <= share <= 1:
        message = "a fan runs at 0 to 100 percent"
        raise InvalidRequest(message)
    fan = f" P{index}" if index else ""
    return [f"M106{fan} S{round(share * 255)}"] if share else [f"M107{fan}"]


def set_feed_factor(factor: float) -> list[str]:
    """Scale the feedrate; 1.0 = as sliced."""
    return [f"M220 S{_percent(factor)}"]


def set_flow_factor(factor: float, tool: int | None = None) -> list[str]:
    """Scale the flow; 1.0 = as sliced."""
    word = "" if tool is None else f"T{tool} "
    return [f"M221 {word}S{_percent(factor)}"]


def babystep(distance: float) -> list[str]:
    """Move the nozzle by ``distance`` mm in Z during a print."""
    if abs(distance) > 2:
        message = "a babystep is at most 2 mm"
        raise InvalidRequest(message)
    return [f"M290 Z{number(distance)}"]


def motors_off() -> list[str]:
    """Release the steppers."""
    return ["M84"]


def _percent(factor: float) -> str:
    if not 0.01 <= factor <= 10:
        message = "a factor is between 1 and 1000 percent"
        raise InvalidRequest(message)
    return number(round(factor * 100, 2))


def _turned(profile: Profile, axis: str, absolute: bool) -> bool:
    return not absolute and profile.axes[axis].inverted


def _restore_xyz(motion: Motion, mode: str) -> list[str]:
    restore = "G90" if motion.absolute else "G91"
    return [] if restore == mode else [restore]
