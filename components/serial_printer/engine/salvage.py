"""Going on from a layer after the printer has lost its memory. Sans-I/O but for the file.

After a power cut the firmware knows neither where the head is nor what it printed. What
can be known: the byte that was acknowledged, the layer that it belongs to, and the state
that the file expects there. Z cannot be homed with a part on the bed, so the height is
set by a person who lets the nozzle touch the part.
"""

from __future__ import annotations

from copy import copy
from pathlib import Path

from appliance.domain.actions import number
from appliance.domain.job import Job, RecoveryPlan
from appliance.records import dataclass

from .marks import Mark
from .streamer import STARVED, Broken, Command, Ended, FileStreamer
from .tracker import Tracker

LIFT_MM = 10.0
PRIME_MM = 5.0
_TRAVEL = 3000


@dataclass(slots=True)
class _Layer:
    """The beginning of a layer and the machine as the file expects it there."""

    offset: int
    number: int | None
    below_mm: float  # top of the layer underneath
    tracker: Tracker


def plan(path: Path, job: Job, offset: int) -> RecoveryPlan | None:
    """Return how ``job`` can go on from its last layer; None before the second one.

    Reads the file up to ``offset``: blocking, for a thread.
    """
    layer = _last_layer(path, offset)
    if layer is None or layer.below_mm <= 0:
        return None
    tracker = layer.tracker
    name = f"layer {layer.number}" if layer.number else f"{number(layer.below_mm)} mm"
    return RecoveryPlan(
        job_id=job.id,
        file=job.file,
        local_path=str(path),
        offset=layer.offset,
        layer=layer.number,
        height_mm=layer.below_mm,
        steps=(
            "Leave the part on the bed and do not home the Z axis.",
            f"Lower the nozzle until it touches the part ({number(layer.below_mm)} mm high).",
            f"Confirm: the nozzle is lifted by {number(LIFT_MM)} mm.",
            "Bed and nozzle are heated as the file wants it, X and Y are homed.",
            f"The print goes on from {name}. Watch the first minutes: a seam will be visible.",
        ),
        lines=tuple(_lines(tracker, layer.below_mm)),
    )


def _lines(tracker: Tracker, height: float) -> list[str]:
    lift = ["M17", "G90", f"G92 Z{number(height)}", f"G1 Z{number(height + LIFT_MM)} F600"]
    return [*lift, *_heat(tracker), "G28 X Y", *_prime(tracker), *_return(tracker)]


def _heat(tracker: Tracker) -> list[str]:
    active = f"tool{tracker.tool}"
    lines = []
    if bed := tracker.targets.get("bed", 0.0):
        lines += [f"M140 S{number(bed)}", f"M190 S{number(bed)}"]
    for heater, target in sorted(tracker.targets.items()):
        if heater.startswith("tool") and target and heater != active:
            lines.append(f"M104 T{heater[4:]} S{number(target)}")
    if nozzle := tracker.targets.get(active, 0.0):
        lines.append(f"M109 S{number(nozzle)}")
    return lines


def _prime(tracker: Tracker) -> list[str]:
    tool = [f"T{tracker.tool}"] if tracker.tool else []
    fans = [
        f"M106 P{index} S{round(speed * 255)}"
        for index, speed in sorted(tracker.fans.items())
        if speed
    ]
    return [*tool, "M83", f"G1 E{number(PRIME_MM)} F120", *fans]


def _return(tracker: Tracker) -> list[str]:
    """Take the head to where the file believes it to be, with its modes."""
    lines = []
    if tracker.x is not None and tracker.y is not None:
        lines.append(f"G0 X{number(tracker.x)} Y{number(tracker.y)} F{_TRAVEL}")
    if tracker.z is not None:
        lines.append(f"G0 Z{number(tracker.z)} F600")
    lines += [
        f"G92 E{number(tracker.e)}",
        "G90" if tracker.absolute else "G91",
        "M82" if tracker.absolute_e else "M83",
    ]
    if tracker.feedrate is not None:
        lines.append(f"G1 F{number(tracker.feedrate)}")
    return lines


def _last_layer(path: Path, offset: int) -> _Layer | None:
    """Return the layer that ``offset`` lies in, by comments or by height."""
    tracker = Tracker()
    streamer = FileStreamer(path, lambda: None)
    layer: _Layer | None = None
    count: int | None = None
    marked = False  # comments name the layers: heights are not needed
    printed = 0.0  # height of the last extrusion
    end = 0
    try:
        while True:
            item = streamer.next()
            if item is STARVED:
                streamer.wait()
            elif isinstance(item, (Ended, Broken)):
                return layer
            elif isinstance(item, Mark):
                if item.layer is not None or item.next_layer:
                    marked = True
                    count = item.layer if item.layer is not None else (count or 0) + 1
                    layer = _begin(end, count, printed, tracker)
            elif isinstance(item, Command):
                if item.end > offset:
                    return layer
                before = copy(tracker)
                tracker.sent(item.text)
                tracker.executed(item.text)
                if tracker.height is not None and tracker.height != printed:
                    if not marked and tracker.height > printed:
                        layer = _begin(end, None, printed, before)
                    printed = tracker.height
                end = item.end
    finally:
        streamer.close()


def _begin(offset: int, count: int | None, below: float, tracker: Tracker) -> _Layer:
    kept = copy(tracker)
    kept.targets = dict(tracker.targets)
    kept.fans = dict(tracker.fans)
    return _Layer(offset, count, below, kept)
