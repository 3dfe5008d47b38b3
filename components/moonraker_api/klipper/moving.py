"""Commands about moves, modes, offsets, steppers and probing."""

from __future__ import annotations

from collections.abc import Iterable

from appliance.components.moonraker_api.klipper.call import Call
from appliance.components.moonraker_api.klipper.context import Command, Context, command, table
from appliance.components.moonraker_api.klipper.modes import Modes
from appliance.components.moonraker_api.klipper.steps import Do, Say, Send, Step, Verb
from appliance.domain import actions
from appliance.errors import InvalidRequest

_BUZZES = 10
_MOST_SAVED = 64


@command("Remember the modes of moving under a NAME.")
def save_gcode_state(call: Call, context: Context) -> Iterable[Step]:
    if len(context.saved) >= _MOST_SAVED:
        context.saved.clear()
    context.saved[call.text("NAME", "default")] = context.modes
    return ()


@command("Return to the modes remembered under a NAME.")
def restore_gcode_state(call: Call, context: Context) -> Iterable[Step]:
    name = call.text("NAME", "default")
    saved = context.saved.get(name)
    if saved is None:
        message = f"Unknown g-code state: {name}"
        raise InvalidRequest(message)
    if call.number("MOVE"):
        yield from _move_back(call, saved)
    yield from set_modes(saved, context.modes)
    context.modes = Modes(
        absolute=saved.absolute,
        absolute_e=saved.absolute_e,
        feedrate=saved.feedrate,
        feed_factor=saved.feed_factor,
        flow_factor=saved.flow_factor,
        x=context.modes.x,
        y=context.modes.y,
        z=context.modes.z,
    )


def set_modes(wanted: Modes, present: Modes) -> Iterable[Step]:
    """Return to modes, as far as they differ."""
    if (wanted.absolute, wanted.absolute_e) != (present.absolute, present.absolute_e):
        yield Send("G90" if wanted.absolute else "G91")
        yield Send("M82" if wanted.absolute_e else "M83")  # G90 and G91 change it as well
    if wanted.feed_factor != present.feed_factor:
        yield Send(f"M220 S{actions.number(wanted.feed_factor * 100)}")
    if wanted.flow_factor != present.flow_factor:
        yield Send(f"M221 S{actions.number(wanted.flow_factor * 100)}")
    if wanted.feedrate is not None and wanted.feedrate != present.feedrate:
        yield Send(f"G1 F{actions.number(wanted.feedrate)}")


@command("Move by a distance, whatever the modes are.")
def client_linear_move(call: Call, context: Context) -> Iterable[Step]:
    words = [
        f"{letter}{actions.number(value)}"
        for letter in "XYZEF"
        if (value := call.number(letter)) is not None
    ]
    yield Send("G91")
    yield Send("M83")
    yield Send("G1 " + " ".join(words))
    yield Send("G90" if context.modes.absolute else "G91")
    yield Send("M82" if context.modes.absolute_e else "M83")


@command("Shift the nozzle in Z (Z or Z_ADJUST).")
def set_gcode_offset(call: Call, context: Context) -> Iterable[Step]:
    for axis in "XY":
        if call.number(axis) or call.number(f"{axis}_ADJUST"):
            message = f"Error on '{call}': this firmware shifts the nozzle in Z only"
            raise InvalidRequest(message)
    step = call.number("Z_ADJUST")
    wanted = call.number("Z")
    if wanted is not None:
        step = round(wanted - context.motion.z_offset, 5)
    if step:
        yield from (Send(line) for line in actions.babystep(step))


@command("Hold or release a motor (STEPPER, ENABLE).")
def set_stepper_enable(call: Call, _context: Context) -> Iterable[Step]:
    axis = _axis(call)
    return [Send(f"{'M17' if call.number('ENABLE') else 'M18'} {axis}")]


@command("Move a motor to and fro, so that it can be found (STEPPER).")
def stepper_buzz(call: Call, context: Context) -> Iterable[Step]:
    axis = _axis(call)
    there = "G1 E1 F600" if axis == "E" else f"G1 {axis}1 F{240 if axis == 'Z' else 600}"
    back = there.replace(f"{axis}1", f"{axis}-1")
    yield from (Send("G91"), Send("M83"))
    for _ in range(_BUZZES):
        yield from (Send(there), Send(back))
    yield Send("G90" if context.modes.absolute else "G91")
    yield Send("M82" if context.modes.absolute_e else "M83")


@command("Ask the printer for its endstops.")
def query_endstops(_call: Call, _context: Context) -> Iterable[Step]:
    return [Do(Verb.ENDSTOPS)]


@command("Ask the printer where the head is.")
def get_position(_call: Call, _context: Context) -> Iterable[Step]:
    return [Send("M114")]


@command("Make an extruder the active one (EXTRUDER).")
def activate_extruder(call: Call, context: Context) -> Iterable[Step]:
    name = call.text("EXTRUDER").lower()
    number = name.removeprefix("extruder") or "0"
    if not name.startswith("extruder") or not number.isdecimal():
        message = f"Error on '{call}': there is no extruder '{name}'"
        raise InvalidRequest(message)
    return [Send(line) for line in actions.select_tool(context.profile, int(number))]


@command("Probe the height of the bed here.")
def probe(_call: Call, _context: Context) -> Iterable[Step]:
    return [Send("G30")]


@command("Measure how well the probe repeats itself (SAMPLES).")
def probe_accuracy(call: Call, _context: Context) -> Iterable[Step]:
    samples = int(call.within("SAMPLES", 1, 50) or 10)
    return [Send(f"M48 P{samples}")]


@command("Release the motors after TIMEOUT seconds of rest.")
def set_idle_timeout(call: Call, _context: Context) -> Iterable[Step]:
    seconds = call.within("TIMEOUT", 1, 86400)
    if seconds is None:
        call.text("TIMEOUT")
    return [Send(f"M84 S{actions.number(seconds or 0.0)}")]


@command("Probe the bed and use the mesh; with V3 Marlin says where the points lie.")
def bed_mesh_calibrate(_call: Call, _context: Context) -> Iterable[Step]:
    return [Send("G29 V3"), Send("M420 S1"), Send("M420 V1"), Send("M503 S0")]


@command("Ask the printer for its mesh.")
def bed_mesh_output(_call: Call, _context: Context) -> Iterable[Step]:
    return [Send("M420 V1")]


@command("Print without the mesh.")
def bed_mesh_clear(_call: Call, _context: Context) -> Iterable[Step]:
    return [Send("M420 S0"), Send("M503 S0")]


@command("Use the mesh that the printer keeps, or let it keep this one (LOAD, SAVE).")
def bed_mesh_profile(call: Call, _context: Context) -> Iterable[Step]:
    if "LOAD" in call.parameters:
        return [Send("M420 S1"), Send("M420 V1"), Send("M503 S0")]
    if "SAVE" in call.parameters:
        return [Send("M500"), Say.note("The mesh and all settings are kept in the printer.")]
    message = f"Error on '{call}': the firmware keeps one mesh, which cannot be removed"
    raise InvalidRequest(message)


def _move_back(call: Call, saved: Modes) -> Iterable[Step]:
    words = [
        f"{letter}{actions.number(value)}"
        for letter, value in (("X", saved.x), ("Y", saved.y), ("Z", saved.z))
        if value is not None
    ]
    if not words:
        return
    speed = call.within("MOVE_SPEED", 0.1, 1000)  # mm/s
    feedrate = "" if speed is None else f" F{actions.number(speed * 60)}"
    yield Send("G90")
    yield Send(f"G1 {' '.join(words)}{feedrate}")
    yield Send("G90" if saved.absolute else "G91")
    yield Send("M82" if saved.absolute_e else "M83")


def _axis(call: Call) -> str:
    name = call.text("STEPPER").lower()
    if name.startswith("extruder"):
        return "E"
    axis = name.removeprefix("stepper_")[:1].upper()
    if not name.startswith("stepper_") or axis not in ("X", "Y", "Z"):
        message = f"Error on '{call}': there is no stepper '{name}'"
        raise InvalidRequest(message)
    return axis


COMMANDS: dict[str, Command] = {
    **table(
        save_gcode_state,
        restore_gcode_state,
        set_gcode_offset,
        set_stepper_enable,
        stepper_buzz,
        query_endstops,
        get_position,
        activate_extruder,
        probe,
        probe_accuracy,
        set_idle_timeout,
        bed_mesh_calibrate,
        bed_mesh_output,
        bed_mesh_clear,
        bed_mesh_profile,
    ),
    "_CLIENT_LINEAR_MOVE": client_linear_move,
}
