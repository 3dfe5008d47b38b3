"""Snapshots made by hand, as a printer would give them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from appliance.components.moonraker_api.klipper.context import Context
from appliance.components.moonraker_api.objects.scene import Scene
from appliance.domain.job import Job, JobFile, JobKind, JobPhase, Origin
from appliance.domain.machine import Link
from appliance.domain.printer import Profile, Snapshot
from appliance.domain.telemetry import Firmware, Heater, Motion, Position, SerialHealth

SETTINGS = {
    "M92": {"X": 80.0, "Y": 80.0, "Z": 400.0, "E": 93.0},
    "M201": {"X": 500.0, "Y": 500.0, "Z": 100.0},
    "M203": {"X": 300.0, "Y": 250.0, "Z": 5.0, "E": 25.0},
    "M204": {"P": 1000.0, "R": 1500.0, "T": 1000.0},
    "M205": {"X": 8.0, "Y": 8.0},
    "M207": {"S": 3.0, "F": 2700.0},
    "M208": {"S": 0.5, "F": 480.0},
    "M900": {"K": 0.05},
}
FIRMWARE = Firmware("Marlin 2.1", "marlin", settings=SETTINGS)
FILE = JobFile(Origin.LOCAL, "parts/cube.gcode", "cube.gcode", 1000)
JOB = Job(
    "job1",
    JobKind.FILE,
    FILE,
    started_at=1000.0,
    position=250,
    elapsed_s=70.0,
    printing_s=60.0,
    layer=3,
    layers=20,
    filament_mm=(12.5,),
    objects=("cube", "ball"),
    excluded=("ball",),
    current_object="cube",
)
READY = Snapshot(
    link=Link.ONLINE,
    firmware=FIRMWARE,
    heaters={"tool0": Heater(200.0, 205.0, 0.5), "bed": Heater(60.0, 60.0)},
    motion=Motion(position=Position(10.0, 20.0, 0.4, 5.0), homed="xyz", feedrate=50.0),
    health=SerialHealth(lines_sent=20),
)
PRINTING = replace(READY, phase=JobPhase.PRINTING, job=JOB)


def scene(snapshot: Snapshot = READY, **more: Any) -> Scene:
    more.setdefault("profile", Profile())
    return Scene(snapshot, **more)


def context(snapshot: Snapshot = READY, **more: Any) -> Context:
    return Context(snapshot, more.pop("profile", Profile()), **more)
