"""Analyse an open file of G-code: from its bytes to an analysis that can be kept."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from math import pi
from typing import Any

from appliance.components.file_manager.analysis.curve import POINTS, time_curve
from appliance.components.file_manager.analysis.facts import Box
from appliance.components.file_manager.analysis.scan import scan
from appliance.components.file_manager.analysis.state import Machine
from appliance.components.file_manager.metadata import excerpt
from appliance.domain.analysis import Analysis, Extents, Layer, Limits, PrintedObject
from appliance.records import dataclass

# Raised when an analysis finds out other things than before: files are analysed again.
VERSION = 2
LEAST_BLOCK, MOST_BLOCK = 16 * 1024, 256 * 1024
# A line longer than that is no G-code; what is behind it is not looked at as one line.
MAX_LINE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that is found out."""

    digest: str  # SHA-1 of the plain bytes
    size: int  # of the plain bytes
    analysis: Analysis
    facts: dict[str, Any]
    layers: tuple[Layer, ...]
    curve: tuple[tuple[int, float], ...]


def limits_digest(limits: Limits) -> str:
    """Return a short name for those limits."""
    text = repr(limits).encode()
    return hashlib.sha1(text, usedforsecurity=False).hexdigest()[:16]


def analyse(
    descriptor: int,
    limits: Limits,
    diameter_mm: float = 1.75,
    total_s: float | None = None,
) -> Outcome:
    """Go through an open file once; ``total_s`` is what the slicer says it takes."""
    machine = Machine(limits)
    limits_used = limits_digest(limits)
    digest = hashlib.sha1(usedforsecurity=False)
    size = os.fstat(descriptor).st_size
    block_size = min(max(size // POINTS, LEAST_BLOCK), MOST_BLOCK)
    positions: list[int] = []
    rest = b""
    position = 0  # of the rest
    read = 0
    while data := os.pread(descriptor, block_size, read):
        read += len(data)
        os.lseek(descriptor, read, os.SEEK_SET)  # whoever gave the file sees how far we are
        digest.update(data)
        data = rest + data
        end = data.rfind(b"\n")
        if end < 0 and len(data) <= MAX_LINE:
            rest = data
            continue
        lines, rest = (data, b"") if end < 0 else (data[:end], data[end + 1 :])
        machine.planner.mark(len(positions))
        positions.append(position)
        scan(machine, lines, position)
        position = read - len(rest)
    if rest:
        scan(machine, rest, position)
    machine.finish()
    outcome = _outcome(machine, read, positions, diameter_mm)
    end = excerpt.take(descriptor).gcode_end or read
    # Behind the last command there are only comments, which take no time.
    own = [*(point for point in outcome.curve if point[0] < end), (end, 0.0)]
    return replace(
        outcome,
        digest=digest.hexdigest(),
        analysis=replace(outcome.analysis, limits=limits_used),
        curve=time_curve(machine.remaining, machine.elapsed, own, total_s),
    )


def _outcome(machine: Machine, size: int, positions: list[int], diameter_mm: float) -> Outcome:
    planner, facts = machine.planner, machine.facts
    printing = Box()
    printing.add(facts.start)
    printing.add(facts.body)
    facts.travel.add(printing)
    lengths = _lengths(machine)
    area = pi / 4 * diameter_mm**2
    analysis = Analysis(
        estimated_s=round(planner.seconds, 3),
        printing=_extents(printing),
        travel=_extents(facts.travel),
        filament_mm=lengths,
        filament_cm3=tuple(round(length * area / 1000, 4) for length in lengths),
        layer_count=len(machine.layers),
        lines=machine.line,
        commands=sum(count for count, _ in facts.commands.values()),
        objects=tuple(
            PrintedObject(name, _extents(box)) for name, box in machine.objects.items()
        ),
    )
    layers = tuple(
        Layer(number, byte, max(height, 0.0), round(planner.marked.get(-number, 0.0), 2))
        for number, (byte, height) in enumerate(machine.layers, 1)
    )
    outcome = Outcome("", size, analysis, facts.plain(), layers, ())
    blocks = ((byte, planner.marked.get(index, 0.0)) for index, byte in enumerate(positions))
    starts = ((layer.position, layer.starts_s) for layer in layers)
    own = [(byte, planner.seconds - passed) for byte, passed in sorted((*blocks, *starts))]
    return replace(outcome, curve=tuple(own))


def _lengths(machine: Machine) -> tuple[float, ...]:
    used = {tool: most for tool, (_, most) in machine.filament.items() if most > 0}
    if not used:
        return ()
    return tuple(round(used.get(tool, 0.0), 3) for tool in range(max(used) + 1))


def _extents(box: Box) -> Extents | None:
    if box.empty:
        return None
    low, high = ([round(value, 4) for value in side] for side in (box.low, box.high))
    low[2], high[2] = (low[2], high[2]) if low[2] <= high[2] else (0.0, 0.0)
    return Extents(low[0], low[1], low[2], high[0], high[1], high[2])
