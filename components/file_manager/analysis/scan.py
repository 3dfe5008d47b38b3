"""Go through the lines of a file once, fast: the moves here, everything else in state.py.

Nearly every line of a file is a plain linear move. One regular expression takes a whole
block of lines apart in C, and one loop does what a move needs. The loop is long on purpose:
a function call per line would double the time of an analysis.
"""

# ruff: noqa: FURB136, PLR1730 - a comparison takes a fifth of the time of min() and max()

from __future__ import annotations

import re
from math import sqrt

from appliance.components.file_manager.analysis.motion import BATCH
from appliance.components.file_manager.analysis.state import Machine

_NUMBER = rb"(-?(?:\d{1,9}\.?\d{0,12}|\.\d{1,12}))"
_LINE = re.compile(
    rb"^G[01]"
    + b"".join(rb"(?: " + letter + _NUMBER + rb")?" for letter in (b"F", b"X", b"Y", b"Z"))
    + rb"(?: E" + _NUMBER + rb")?(?: F" + _NUMBER + rb")?"
    + rb"[ \t]{0,8}(?:;.*)?\r?$|^(.*)$",
    re.MULTILINE,
)  # fmt: skip
_SEMICOLON = 59


def scan(machine: Machine, block: bytes, position: int) -> None:  # noqa: C901, PLR0912, PLR0915
    """Go through whole lines that begin at byte ``position`` of the file."""
    state = machine
    state.begin_block(block, position)
    planner = state.planner
    moves = planner.moves
    append = moves.append
    line = state.line
    px, py, pz, pe, speed = state.x, state.y, state.z, state.e, state.speed
    # direction and speed of the move before; speed 0: there was none, or along Z or E
    pux, puy, pv = state.direction_x, state.direction_y, state.pace
    extruded, most, watch = state.extruded, state.most_extruded, state.watch
    plain, ox, oy, oz, absolute_e = state.plain, state.ox, state.oy, state.oz, state.absolute_e
    jerk, deviation = planner.jerk_xy, planner.deviation
    printing2, travel2, speed_xy = 2 * planner.printing, 2 * planner.travel, planner.speed_xy
    printed = False
    layer_z = state.layer_z
    box, way = state.box, state.way
    low, high, low_lines, high_lines = box.low, box.high, box.low_lines, box.high_lines
    way_low, way_high = way.low, way.high
    for f1, x, y, z, e, f2, other in _LINE.findall(block):
        line += 1
        if other or not plain:
            if other and other[0] == _SEMICOLON and not other.startswith(state.comments):
                continue
            state.line, state.x, state.y, state.z, state.e = line, px, py, pz, pe
            state.speed, state.direction_x, state.direction_y, state.pace = speed, pux, puy, pv
            state.extruded, state.most_extruded = extruded, most
            step = state.other(other) if other else state.odd_move(x, y, z, e, f1 or f2)
            moves = planner.moves
            px, py, pz, pe, speed = state.x, state.y, state.z, state.e, state.speed
            pux, puy, pv = state.direction_x, state.direction_y, state.pace
            extruded, most, watch = state.extruded, state.most_extruded, state.watch
            plain, absolute_e = state.plain, state.absolute_e
            ox, oy, oz = state.ox, state.oy, state.oz
            jerk, deviation = planner.jerk_xy, planner.deviation
            printing2, travel2 = 2 * planner.printing, 2 * planner.travel
            speed_xy = planner.speed_xy
            layer_z = state.layer_z
            box = state.box
            low, high = box.low, box.high
            low_lines, high_lines = box.low_lines, box.high_lines
            if step is None:
                continue
            nx, ny, nz, de = step
        else:
            if f1 or f2:
                wanted = float(f1 or f2)
                if wanted > 0.0:
                    speed = wanted / 60.0
            nx = float(x) + ox if x else px
            ny = float(y) + oy if y else py
            nz = float(z) + oz if z else pz
            if e:
                if absolute_e:
                    de = float(e)
                    de, pe = de - pe, de
                else:
                    de = float(e)
            else:
                de = 0.0
        dx = nx - px
        dy = ny - py
        if dx or dy:
            if nz != pz:
                dz = nz - pz
                distance = sqrt(dx * dx + dy * dy + dz * dz)
            else:
                distance = sqrt(dx * dx + dy * dy)
            ux = dx / distance
            uy = dy / distance
            v = speed if speed < speed_xy else speed_xy
            if pv:
                m = v if v < pv else pv
                if deviation is None:
                    c = ux - pux
                    if c < 0:
                        c = -c
                    c2 = uy - puy
                    if c2 < 0:
                        c2 = -c2
                    if c2 > c:
                        c = c2
                    if c * m > jerk:
                        m = jerk / c
                    entry2 = m * m
                else:
                    c = ux * pux + uy * puy
                    entry2 = m * m
                    if c < 0.999999:
                        c = sqrt(0.5 * (1.0 + c)) if c > -1.0 else 0.0
                        # c is the sine of half the angle between the two moves
                        m = printing2 * 0.5 * deviation * c / (1.0 - c)
                        if m < entry2:
                            entry2 = m
            else:
                m = v if v < jerk else jerk
                entry2 = m * m * 0.25
            if de > 0.0:
                append((distance, entry2, v * v, printing2 * distance))
                extruded += de
                if extruded > most:
                    most = extruded
                if nz != layer_z:
                    state.line, state.z = line, nz
                    layer_z = state.printing_at(nz)
                if watch:
                    state.line = line
                    watch = state.first_extrusion()
                if not printed:
                    printed = True
                    if px < low[0]:
                        low[0] = px
                        low_lines[0] = line
                    if px > high[0]:
                        high[0] = px
                        high_lines[0] = line
                    if py < low[1]:
                        low[1] = py
                        low_lines[1] = line
                    if py > high[1]:
                        high[1] = py
                        high_lines[1] = line
                if nx < low[0]:
                    low[0] = nx
                    low_lines[0] = line
                elif nx > high[0]:
                    high[0] = nx
                    high_lines[0] = line
                if ny < low[1]:
                    low[1] = ny
                    low_lines[1] = line
                elif ny > high[1]:
                    high[1] = ny
                    high_lines[1] = line
            else:
                append((distance, entry2, v * v, travel2 * distance))
                extruded += de
                printed = False
                if nx < way_low[0] or nx > way_high[0] or ny < way_low[1] or ny > way_high[1]:
                    state.line = line
                    state.travel_to(nx, ny)
            if nz != pz:
                pz = nz
                state.line = line
                state.travel_at(nz)
            px, py = nx, ny
            pux, puy, pv = ux, uy, v
            if len(moves) > BATCH:
                planner.plan()
        elif nz != pz:
            planner.axis_move(abs(nz - pz), speed, "z")
            extruded += de
            pz = nz
            pv = 0.0
            state.line = line
            state.travel_at(nz)
        elif de:
            planner.axis_move(abs(de), speed, "e")
            extruded += de
            if extruded > most:
                most = extruded
            pv = 0.0
            if watch and de > 0:
                state.line = line
                watch = state.first_extrusion()
    state.line, state.x, state.y, state.z, state.e = line, px, py, pz, pe
    state.speed, state.direction_x, state.direction_y, state.pace = speed, pux, puy, pv
    state.extruded, state.most_extruded = extruded, most
