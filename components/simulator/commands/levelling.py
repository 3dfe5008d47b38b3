"""Endstops, probe and bed levelling."""

from __future__ import annotations

from appliance.components.simulator.commands.moves import home_first
from appliance.components.simulator.gcode import Command
from appliance.components.simulator.levelling import GRID, grid_lines, probe_bed
from appliance.components.simulator.machine import Printer
from appliance.components.simulator.mainloop import Activity, Handler
from appliance.components.simulator.waiting import pass_time, synchronize, travel

PROBE_SECONDS = 8.0  # s at each point of the grid
MARGIN = 10.0  # mm between the grid and the edge of the bed
CLEARANCE = 5.0  # mm
XY_FEEDRATE = 133.0  # mm/s
Z_FEEDRATE = 4.0  # mm/s


def endstops(printer: Printer, _: Command) -> None:
    """Do M119."""
    x, y, z, _e = printer.motion.steppers(printer.now)
    homed = printer.motion.homed
    printer.say("Reporting endstop status")
    for name, at_minimum in (
        ("x_min", homed[0] and x <= 0),
        ("y_min", homed[1] and y <= 0),
        ("z_min", z <= 0),
    ):
        printer.say(f"{name}: {'TRIGGERED' if at_minimum else 'open'}")
    if printer.options.runout_sensor:
        present = "TRIGGERED" if printer.runout.filament else "open"
        printer.say(f"filament: {present}")


def level(printer: Printer, command: Command) -> Activity | None:
    """Do G29: probe the grid; with W set one point of it, as M503 writes it down."""
    if command.has("W"):
        _set_point(printer, command)
        return None
    verbose = command.integer("V", 0) > 2
    return None if home_first(printer) else _probe_grid(printer, verbose=verbose)


def _set_point(printer: Printer, command: Command) -> None:
    column, row = command.integer("I", -1), command.integer("J", -1)
    if 0 <= column < GRID and 0 <= row < GRID:
        mesh = printer.settings.mesh or [[0.0] * GRID for _ in range(GRID)]
        mesh[row][column] = command.number("Z")
        printer.settings.mesh = mesh
    else:
        printer.say("Error:Mesh point cannot be resolved")


def _probe_grid(printer: Printer, *, verbose: bool) -> Activity:
    motion, settings = printer.motion, printer.settings
    yield from synchronize(printer)
    settings.levelling = False
    measured = probe_bed(printer.random)
    width, depth, _ = motion.volume
    for row in range(GRID):
        for column in range(GRID):
            share_x, share_y = column / (GRID - 1), row / (GRID - 1)
            x = MARGIN + share_x * (width - 2 * MARGIN)
            y = MARGIN + share_y * (depth - 2 * MARGIN)
            yield from _go(printer, x, y, CLEARANCE)
            yield from pass_time(printer, PROBE_SECONDS)
            if verbose:
                z = measured[row][column]
                printer.say(f"Bed X: {x:.2f} Y: {y:.2f} Z: {z:.2f}")
    settings.mesh = measured
    settings.levelling = True
    for line in grid_lines(measured):
        printer.say(line)
    printer.report_position()


def _go(printer: Printer, x: float, y: float, z: float) -> Activity:
    """Lift to a height, then go to a place."""
    now_x, now_y, now_z, e = printer.motion.position
    if now_z != z:
        yield from travel(printer, (now_x, now_y, z, e), Z_FEEDRATE)
    if (now_x, now_y) != (x, y):
        yield from travel(printer, (x, y, z, e), XY_FEEDRATE)


def probe_point(printer: Printer, command: Command) -> Activity | None:
    """Do G30."""
    return None if home_first(printer) else _probe_point(printer, command)


def _probe_point(printer: Printer, command: Command) -> Activity:
    x = command.number("X", printer.motion.position[0])
    y = command.number("Y", printer.motion.position[1])
    yield from _go(printer, x, y, CLEARANCE)
    yield from pass_time(printer, PROBE_SECONDS)
    z = printer.random.uniform(-0.05, 0.05)
    printer.say(f"Bed X: {x:.2f} Y: {y:.2f} Z: {z:.2f}")
    printer.report_position()


def levelling_state(printer: Printer, command: Command) -> None:
    """Do M420."""
    settings = printer.settings
    enable = command.flag("S") if command.has("S") else settings.levelling
    if command.has("S") and not enable:
        settings.levelling = False
    if settings.mesh is None:
        if enable or command.has("V"):
            printer.say("echo:Invalid mesh.")
        settings.levelling = False
    else:
        if command.has("V"):
            for line in grid_lines(settings.mesh):
                printer.say(line)
        if command.given("Z"):
            settings.fade_height = command.number("Z")
        settings.levelling = enable
    if enable and not settings.levelling:
        printer.say("Error:Failed to enable Bed Leveling")
    printer.say(f"echo:Bed Leveling {'ON' if settings.levelling else 'OFF'}")
    fade = f"{settings.fade_height:.2f}" if settings.fade_height > 0 else "OFF"
    printer.say(f"echo:Fade Height {fade}")


def mesh_point(printer: Printer, command: Command) -> None:
    """Do M421: set (Z) or shift (Q) one point of the mesh."""
    column, row = command.integer("I", -1), command.integer("J", -1)
    if column < 0 or row < 0 or not (command.has("Z") or command.has("Q")):
        printer.say("Error:M421 incorrect parameter usage")
    elif column >= GRID or row >= GRID:
        printer.say("Error:Mesh point cannot be resolved")
    else:
        mesh = printer.settings.mesh or [[0.0] * GRID for _ in range(GRID)]
        shift = mesh[row][column] if not command.has("Z") else 0.0
        mesh[row][column] = shift + command.number("Z" if command.has("Z") else "Q")
        printer.settings.mesh = mesh


def accept(_printer: Printer, _command: Command) -> None:
    """Do M401, M402 and M280: a probe that is always ready."""


HANDLERS: dict[str, Handler] = {
    "G29": level,
    "G30": probe_point,
    "M119": endstops,
    "M280": accept,
    "M401": accept,
    "M402": accept,
    "M420": levelling_state,
    "M421": mesh_point,
}
