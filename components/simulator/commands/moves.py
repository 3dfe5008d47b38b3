"""Motion: moves, arcs, dwell, homing, modes and coordinates."""

from __future__ import annotations

from math import atan2, ceil, cos, hypot, pi, sin, sqrt

from appliance.components.simulator.gcode import Command, word_values
from appliance.components.simulator.machine import Printer
from appliance.components.simulator.mainloop import Activity, Handler
from appliance.components.simulator.motion import LONGEST_EXTRUSION, MM_PER_INCH
from appliance.components.simulator.planner import Point
from appliance.components.simulator.waiting import (
    extrude,
    park_nozzle,
    pass_time,
    synchronize,
)

ARC_SEGMENT = 1.0  # mm, as long as a chord of an arc is
HOMING_FEEDRATES = (50.0, 50.0, 4.0)  # mm/s
BUMP_SECONDS = 1.1  # for backing off and touching the endstop a second time
HIGHEST_PROBING = 20.0  # mm that Z goes down at most
TRAVEL_FEEDRATE = 133.0  # mm/s between homing moves


def linear_move(printer: Printer, command: Command) -> Activity | None:
    """Do G0 and G1."""
    motion = printer.motion
    target = motion.target(word_values(command.rest))
    if printer.objects.skipping:
        motion.skip(target)
        return None
    if target[3] != motion.position[3]:
        target = _allowed_extrusion(printer, target)
    return _queue_move(printer, target)


def _allowed_extrusion(printer: Printer, target: Point) -> Point:
    """Take E out of a move that the nozzle is too cold for, or that is far too long."""
    motion = printer.motion
    length = target[3] - motion.position[3]
    if not motion.cold_extrusion_allowed:
        hotend = printer.heaters.tools[motion.tool]
        hotend.update(printer.now)
        if hotend.actual < motion.min_extrusion:
            printer.say("echo: cold extrusion prevented")
            motion.place(3, target[3])
            return target
    if abs(length) > LONGEST_EXTRUSION:
        printer.say("echo: too long extrusion prevented")
        motion.place(3, target[3])
    return target


def _queue_move(printer: Printer, target: Point) -> Activity | None:
    motion = printer.motion
    if target == motion.position:
        return None
    if motion.planner.free(printer.now) > 0:
        motion.move(printer.now, target)
        motion.planner.streaming = printer.loop.numbered
        return None
    return _wait_and_move(printer, [target])


def _wait_and_move(printer: Printer, targets: list[Point]) -> Activity:
    """Queue moves one after the other, each as soon as the planner has room for it."""
    motion = printer.motion
    planner = motion.planner
    stops = motion.stops
    for target in targets:
        while planner.free(printer.now) <= 0:
            yield planner.next_end()
            if motion.stops != stops:
                return
        motion.move(printer.now, target)
        planner.streaming = printer.loop.numbered


def arc_move(printer: Printer, command: Command) -> Activity | None:
    """Do G2 and G3: an arc in the XY plane around I, J or with the radius R."""
    motion = printer.motion
    words = word_values(command.rest)
    target = motion.target(words)
    centre = _arc_centre(motion.position, target, words, motion.unit, command.code == "G2")
    if centre is None:
        printer.say("Error:G2/G3 bad parameters")
        return None
    if target[3] != motion.position[3]:
        target = _allowed_extrusion(printer, target)
    return _wait_and_move(printer, _arc(motion.position, target, centre, command.code == "G2"))


def _arc_centre(
    start: Point,
    end: Point,
    words: dict[str, float],
    unit: float,
    clockwise: bool,
) -> tuple[float, float] | None:
    if "R" in words:
        radius = words["R"] * unit
        dx, dy = end[0] - start[0], end[1] - start[1]
        chord = hypot(dx, dy)
        if not radius or not chord or chord > 2 * abs(radius):
            return None
        height = sqrt(max(0.0, radius * radius - chord * chord / 4))
        side = -1.0 if clockwise ^ (radius < 0) else 1.0
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        return (
            middle[0] - side * height * dy / chord,
            middle[1] + side * height * dx / chord,
        )
    i, j = words.get("I", 0.0) * unit, words.get("J", 0.0) * unit
    return (start[0] + i, start[1] + j) if i or j else None


def _arc(
    start: Point,
    end: Point,
    centre: tuple[float, float],
    clockwise: bool,
) -> list[Point]:
    """Cut an arc into chords."""
    cx, cy = centre
    radius = hypot(start[0] - cx, start[1] - cy)
    first = atan2(start[1] - cy, start[0] - cx)
    sweep = atan2(end[1] - cy, end[0] - cx) - first
    if clockwise:
        sweep = sweep - 2 * pi if sweep >= 0 else sweep
    else:
        sweep = sweep + 2 * pi if sweep <= 0 else sweep
    pieces = max(1, ceil(abs(sweep) * radius / ARC_SEGMENT))
    points = []
    for piece in range(1, pieces):
        share = piece / pieces
        angle = first + sweep * share
        points.append((
            cx + radius * cos(angle),
            cy + radius * sin(angle),
            start[2] + (end[2] - start[2]) * share,
            start[3] + (end[3] - start[3]) * share,
        ))  # fmt: skip
    return [*points, end]


def dwell(printer: Printer, command: Command) -> Activity:
    """Do G4: finish all moves, then wait P milliseconds or S seconds."""
    seconds = command.number("P") / 1000 if command.given("P") else 0.0
    seconds = command.number("S", seconds)
    yield from synchronize(printer)
    yield from pass_time(printer, seconds)


def finish_moves(printer: Printer, _: Command) -> Activity:
    """Do M400."""
    yield from synchronize(printer)


def park(printer: Printer, _: Command) -> Activity | None:
    """Do G27."""
    return None if home_first(printer) else park_nozzle(printer)


def home_first(printer: Printer) -> bool:
    """Complain about axes that were not homed; tell whether there are any."""
    homed = printer.motion.homed_axes()
    missing = "".join(letter for letter in "XYZ" if letter not in homed)
    if missing:
        printer.say(f"echo:Home {missing} First")
        printer.prompts.notify(f"Home {missing} First")
    return bool(missing)


def home(printer: Printer, command: Command) -> Activity:
    """Do G28: home the axes named, or all, Z in the middle of the bed."""
    motion = printer.motion
    named = [axis for axis in range(3) if command.has("XYZ"[axis])]
    if command.has("O") and all(motion.homed):
        return _no_need_to_home(printer)
    return home_axes(printer, named or [0, 1, 2])


def _no_need_to_home(printer: Printer) -> Activity:
    yield from synchronize(printer)
    printer.say("> homing not needed, skip")


def home_axes(printer: Printer, axes: list[int]) -> Activity:
    """Home axes one after the other and report where the toolhead is then."""
    motion = printer.motion
    yield from synchronize(printer)
    motion.steppers_on = True
    for axis in axes:
        if axis == 2:
            yield from _move_over_centre(printer)
        way = motion.position[axis] if motion.homed[axis] else motion.volume[axis] / 2
        way = min(way, HIGHEST_PROBING) if axis == 2 else way
        yield from pass_time(printer, way / HOMING_FEEDRATES[axis] + BUMP_SECONDS)
        motion.shift[axis] = 0.0
        motion.place(axis, 0.0)
        motion.homed[axis] = True
    printer.report_position()


def _move_over_centre(printer: Printer) -> Activity:
    """Bring the probe over the middle of the bed, where Z is homed."""
    motion = printer.motion
    centre = (motion.volume[0] / 2, motion.volume[1] / 2)
    way = hypot(motion.position[0] - centre[0], motion.position[1] - centre[1])
    yield from pass_time(printer, way / TRAVEL_FEEDRATE + 0.5)
    motion.place(0, centre[0])
    motion.place(1, centre[1])


def set_position(printer: Printer, command: Command) -> None:
    """Do G92."""
    motion = printer.motion
    words = word_values(command.rest)
    for axis, letter in enumerate("XYZE"):
        if letter in words:
            motion.set_position(axis, words[letter] * motion.unit)


def absolute(printer: Printer, _: Command) -> None:
    """Do G90."""
    printer.motion.relative = printer.motion.relative_e = False


def relative(printer: Printer, _: Command) -> None:
    """Do G91."""
    printer.motion.relative = printer.motion.relative_e = True


def absolute_e(printer: Printer, _: Command) -> None:
    """Do M82."""
    printer.motion.relative_e = False


def relative_e(printer: Printer, _: Command) -> None:
    """Do M83."""
    printer.motion.relative_e = True


def inches(printer: Printer, _: Command) -> None:
    """Do G20."""
    printer.motion.unit = MM_PER_INCH


def millimetres(printer: Printer, _: Command) -> None:
    """Do G21."""
    printer.motion.unit = 1.0


def report_position(printer: Printer, command: Command) -> None:
    """Do M114; R reports where the steppers are, D everything that is like a position."""
    if command.has("D"):
        for line in printer.motion.detailed_report():
            printer.say(line)
    elif command.has("R"):
        printer.say(printer.motion.report(printer.motion.steppers(printer.now)))
    else:
        printer.report_position()


def autoreport_position(printer: Printer, command: Command) -> None:
    """Do M154."""
    if command.given("S"):
        printer.position_report.start(command.integer("S"))


def steppers_on(printer: Printer, _: Command) -> None:
    """Do M17."""
    printer.motion.steppers_on = True


def steppers_off(printer: Printer, command: Command) -> Activity | None:
    """Do M18 and M84: with S only the timeout is set."""
    if command.given("S"):
        return None
    return _release(printer, [i for i in range(3) if command.has("XYZ"[i])])


def _release(printer: Printer, axes: list[int]) -> Activity:
    yield from synchronize(printer)
    motion = printer.motion
    for axis in axes or range(3):
        motion.homed[axis] = False
    motion.steppers_on = bool(axes)


def quickstop(printer: Printer, _: Command) -> None:
    """Do M410 in its turn; a build with the emergency parser has done it on arrival."""
    if not printer.options.emergency_parser:
        printer.motion.stop_here(printer.now)


def retract(printer: Printer, _: Command) -> Activity | None:
    """Do G10."""
    length, feedrate, _lift = printer.settings.retract
    if printer.motion.retracted:
        return None
    printer.motion.retracted = True
    return _firmware_retract(printer, -length, feedrate / 60)


def recover(printer: Printer, _: Command) -> Activity | None:
    """Do G11."""
    extra, feedrate = printer.settings.recover
    if not printer.motion.retracted:
        return None
    printer.motion.retracted = False
    return _firmware_retract(printer, printer.settings.retract[0] + extra, feedrate / 60)


def _firmware_retract(printer: Printer, length: float, feedrate: float) -> Activity:
    """Move filament; the print's own E does not change."""
    yield from extrude(printer, length, feedrate)


def select_tool(printer: Printer, command: Command) -> Activity | None:
    """Do T0, T1 ...: finish the moves, then change."""
    tool = int(command.code[1:])
    if tool >= printer.options.extruders:
        printer.say(f"echo:T{tool} Invalid extruder")
        return None
    if printer.options.extruders == 1:
        return None
    return _change_tool(printer, tool)


def _change_tool(printer: Printer, tool: int) -> Activity:
    yield from synchronize(printer)
    printer.motion.tool = tool
    printer.say(f"echo:Active Extruder: {tool}")


HANDLERS: dict[str, Handler] = {
    "G0": linear_move,
    "G1": linear_move,
    "G2": arc_move,
    "G3": arc_move,
    "G4": dwell,
    "G10": retract,
    "G11": recover,
    "G20": inches,
    "G21": millimetres,
    "G27": park,
    "G28": home,
    "G90": absolute,
    "G91": relative,
    "G92": set_position,
    "M17": steppers_on,
    "M18": steppers_off,
    "M82": absolute_e,
    "M83": relative_e,
    "M84": steppers_off,
    "M114": report_position,
    "M154": autoreport_position,
    "M400": finish_moves,
    "M410": quickstop,
    **{f"T{tool}": select_tool for tool in range(8)},
}
