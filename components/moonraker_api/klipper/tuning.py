"""Commands that set what M503 lists: limits, pressure advance, retraction, shaping."""

from __future__ import annotations

from collections.abc import Iterable

from appliance.components.moonraker_api.klipper.call import Call
from appliance.components.moonraker_api.klipper.context import Command, Context, command, table
from appliance.components.moonraker_api.klipper.steps import Say, Send, Step
from appliance.components.moonraker_api.objects import motion
from appliance.components.moonraker_api.words import setting
from appliance.domain.actions import number
from appliance.errors import InvalidRequest

# Asked afterwards, so that everybody sees what the firmware made of it.
_TELL = Send("M503 S0")


@command("Limit the moves (VELOCITY, ACCEL, SQUARE_CORNER_VELOCITY).")
def set_velocity_limit(call: Call, context: Context) -> Iterable[Step]:
    snapshot = context.snapshot
    velocity = call.within("VELOCITY", 1, 2000)
    accel = call.within("ACCEL", 1, 100_000)
    corner = call.within("SQUARE_CORNER_VELOCITY", 0, 200)
    if velocity is None and accel is None and corner is None:
        yield Say.note(
            f"max_velocity: {motion.max_velocity(snapshot)}\n"
            f"max_accel: {motion.max_accel(snapshot)}\n"
            f"square_corner_velocity: {motion.square_corner_velocity(snapshot)}"
        )
        return
    if velocity is not None:
        yield Send(f"M203 X{number(velocity)} Y{number(velocity)}")
    if accel is not None:
        yield from _acceleration(accel, context)
    if corner is not None:
        yield _corner(corner, accel, context)
    yield _TELL


@command("Set the linear advance factor (ADVANCE, EXTRUDER).")
def set_pressure_advance(call: Call, _context: Context) -> Iterable[Step]:
    advance = call.within("ADVANCE", 0, 10)
    if advance is None:
        return [Send("M900")]
    extruder = call.text("EXTRUDER", "").lower().removeprefix("extruder")
    tool = f" T{extruder}" if extruder.isdecimal() else ""
    return [Send(f"M900{tool} K{number(advance)}"), _TELL]


@command("Set the firmware's own retraction.")
def set_retraction(call: Call, _context: Context) -> Iterable[Step]:
    yield from _words("M207", call, {"S": "RETRACT_LENGTH"}, {"F": "RETRACT_SPEED"})
    yield from _words("M208", call, {"S": "UNRETRACT_EXTRA_LENGTH"}, {"F": "UNRETRACT_SPEED"})
    yield _TELL


@command("Say how the firmware's own retraction is set.")
def get_retraction(_call: Call, context: Context) -> Iterable[Step]:
    length = setting(context.snapshot, "M207", "S")
    speed = setting(context.snapshot, "M207", "F")
    if length is None:
        return [Say.error("This firmware does not retract by itself")]
    told = "" if speed is None else f" RETRACT_SPEED={speed / 60:.5f}"
    return [Say.note(f"RETRACT_LENGTH={length:.5f}{told}")]


@command("Set the input shaping of X and Y.")
def set_input_shaper(call: Call, _context: Context) -> Iterable[Step]:
    for axis in "XY":
        frequency = call.within(f"SHAPER_FREQ_{axis}", 0, 500)
        damping = call.within(f"DAMPING_RATIO_{axis}", 0, 1)
        words = [] if frequency is None else [f"F{number(frequency)}"]
        words += [] if damping is None else [f"D{number(damping)}"]
        if words:
            yield Send(f"M593 {axis} {' '.join(words)}")
    yield _TELL


@command("Let the printer keep its settings.")
def save_config(_call: Call, _context: Context) -> Iterable[Step]:
    return [Send("M500"), Say.note("The settings are kept in the printer (M500).")]


def _acceleration(accel: float, context: Context) -> Iterable[Step]:
    """Set the acceleration of moves; the limits of the axes must not cut it off."""
    limits = {axis: setting(context.snapshot, "M201", axis) for axis in ("X", "Y")}
    low = [axis for axis, limit in limits.items() if limit is not None and limit < accel]
    if low:
        yield Send("M201 " + " ".join(f"{axis}{number(accel)}" for axis in low))
    yield Send(f"M204 P{number(accel)} T{number(accel)}")


def _corner(velocity: float, accel: float | None, context: Context) -> Step:
    if setting(context.snapshot, "M205", "J") is None:
        return Send(f"M205 X{number(velocity)} Y{number(velocity)}")
    accel = accel or motion.max_accel(context.snapshot)
    if not accel:
        raise InvalidRequest("the acceleration of this printer is not known")
    return Send(f"M205 J{number(motion.junction_deviation(velocity, accel))}")


def _words(
    code: str, call: Call, plain: dict[str, str], per_second: dict[str, str]
) -> Iterable[Step]:
    found = [
        f"{letter}{number(value * factor)}"
        for names, factor in ((plain, 1), (per_second, 60))
        for letter, name in names.items()
        if (value := call.within(name, 0, 1000)) is not None
    ]
    if found:
        yield Send(f"{code} {' '.join(found)}")


COMMANDS: dict[str, Command] = table(
    set_velocity_limit,
    set_pressure_advance,
    set_retraction,
    get_retraction,
    set_input_shaper,
    save_config,
)
