"""How Klipper and Moonraker call what the domain knows under other names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from appliance.domain.job import JobPhase, JobResult
from appliance.domain.machine import Link
from appliance.domain.printer import FaultReason, Profile, Snapshot

_NO_WORD = re.compile(r"[^A-Za-z0-9_.-]+")

READY = "ready"
STARTUP = "startup"
SHUTDOWN = "shutdown"
DISCONNECTED = "disconnected"
# Lines that every printer is sent once it is connected, the one about its position among them.
_FIRST_QUESTIONS = 5

_RESULTS: Mapping[JobResult, str] = {
    JobResult.COMPLETE: "complete",
    JobResult.CANCELLED: "cancelled",
    JobResult.FAILED: "error",
    JobResult.INTERRUPTED: "error",
}


def klippy_state(snapshot: Snapshot) -> str:
    """Return the state of the printer as Klipper's host would name its own."""
    if snapshot.link is Link.ONLINE:
        return STARTUP if _introducing(snapshot) else READY
    if snapshot.link.connecting:
        return STARTUP
    if snapshot.link is Link.HALTED:
        return SHUTDOWN
    thermal = snapshot.fault is not None and snapshot.fault.reason is FaultReason.THERMAL
    return SHUTDOWN if snapshot.link is Link.FAILED and thermal else DISCONNECTED


def _introducing(snapshot: Snapshot) -> bool:
    """Return whether the printer is still answering the first questions: limits, position.

    Front ends ask for everything once when it gets ready, and some break on what is unknown.
    """
    if snapshot.motion.position is not None or snapshot.phase.active:
        return False
    # A printer that does not say where it stands is ready all the same, a bit later.
    return snapshot.busy or snapshot.health.lines_sent < _FIRST_QUESTIONS


def state_message(snapshot: Snapshot) -> str:
    """Return the sentence that goes with the state."""
    state = klippy_state(snapshot)
    if state == READY:
        return "Printer is ready"
    if state == STARTUP:
        return "Printer is being connected"
    if snapshot.fault is None:
        return "Printer is not connected"
    advice = f"\n{snapshot.fault.advice}" if snapshot.fault.advice else ""
    return f"{snapshot.fault.message}{advice}"


def print_state(snapshot: Snapshot, dismissed: str | None) -> str:
    """Return ``print_stats.state``; ``dismissed`` is the last job that a person put away."""
    if snapshot.phase is JobPhase.PAUSED:
        return "paused"
    if snapshot.phase.active:
        return "printing"
    job = snapshot.job
    if job is not None and job.result is not None and job.id != dismissed:
        return _RESULTS[job.result]
    return "error" if klippy_state(snapshot) == SHUTDOWN else "standby"


def heater_object(name: str) -> str:
    """Return the printer object of a heater or sensor of the snapshot."""
    if name == "tool0":
        return "extruder"
    if name.startswith("tool"):
        return f"extruder{name[4:]}"
    if name == "bed":
        return "heater_bed"
    if name == "chamber":
        return "heater_generic chamber"
    return f"temperature_sensor {name}"


def heater_of(name: str) -> str | None:
    """Return the heater that a Klipper name stands for: ``extruder1``, ``heater_bed``..."""
    plain = name.strip().lower().removeprefix("heater_generic ")
    if plain == "heater_bed":
        return "bed"
    if plain == "chamber":
        return "chamber"
    number = plain.removeprefix("extruder")
    if plain.startswith("extruder") and (number == "" or number.isdecimal()):
        return f"tool{int(number or 0)}"
    return None


def heater_objects(snapshot: Snapshot, profile: Profile) -> dict[str, str]:
    """Return the printer object of each heater and sensor, heaters of the profile first.

    A chamber that the machine only measures is a sensor.
    """
    names = dict.fromkeys([*profile.heaters, *snapshot.heaters])
    return {
        name: f"temperature_sensor {name}"
        if name == "chamber" and not profile.heated_chamber
        else heater_object(name)
        for name in names
    }


def object_names(names: Iterable[str]) -> dict[str, str]:
    """Return how clients call the objects of a print: each name one word of Klipper's.

    Front ends write a name into a command as it is; one with spaces would be several words.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        word = _NO_WORD.sub("_", name).strip("_") or "object"
        unique, number = word, 2
        while unique.upper() in taken:
            unique, number = f"{word}_{number}", number + 1
        taken.add(unique.upper())
        found[name] = unique
    return found


def fan_object(index: int) -> str:
    """Return the printer object of a fan."""
    return "fan" if index == 0 else f"fan_generic fan{index}"


def setting(snapshot: Snapshot, command: str, *letters: str) -> float | None:
    """Return the first of those letters of a line of M503, if the firmware told it."""
    if snapshot.firmware is None:
        return None
    values = snapshot.firmware.settings.get(command, {})
    return next((values[letter] for letter in letters if letter in values), None)


def limits_of(snapshot: Snapshot, profile: Profile) -> tuple[list[float], list[float]]:
    """Return the lowest and highest coordinates, as the firmware or the profile says."""
    area = snapshot.firmware.area if snapshot.firmware is not None else None
    if area is not None:
        return (
            [area.min_x, area.min_y, area.min_z, 0.0],
            [area.max_x, area.max_y, area.max_z, 0.0],
        )
    volume = profile.volume
    x, y = (volume.width / 2, volume.depth / 2) if volume.origin == "center" else (0.0, 0.0)
    return (
        [-x, -y, 0.0, 0.0],
        [volume.width - x, volume.depth - y, volume.height, 0.0],
    )


def rounded(values: Iterable[float | None], digits: int = 3) -> list[Any]:
    """Return numbers as people read them; what is unknown stays null."""
    return [None if value is None else round(value, digits) for value in values]
