"""G-code scripts of the configuration, rendered before a job starts.

Templates are Jinja in a sandbox, with OctoPrint's names: ``printer_profile``,
``last_position``, ``last_temperature``, ``pause_position``, ``pause_temperature``,
``cancel_position``... What is only known later (where the head stands at a pause) renders
to a slot such as ``{pause_z+5}``, which the engine fills in without any template engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from appliance import templates
from appliance.domain import actions
from appliance.domain.actions import number
from appliance.domain.job import JobScripts
from appliance.domain.printer import Profile, Snapshot
from appliance.templates import gcode_lines

# YAML name -> field of JobScripts; the YAML names are OctoPrint's, in snake case.
JOB_SCRIPTS: Mapping[str, str] = {
    "before_print_started": "started",
    "after_print_paused": "paused",
    "before_print_resumed": "resumed",
    "after_print_cancelled": "cancelled",
    "after_print_done": "done",
    "before_tool_change": "tool_before",
    "after_tool_change": "tool_after",
}
CONNECTED = "after_printer_connected"
DISCONNECTING = "before_printer_disconnected"


class Slot:
    """A number that is known later; adding to it gives another slot."""

    def __init__(self, name: str, offset: float = 0.0) -> None:
        self._name = name
        self._offset = offset

    def __add__(self, other: float) -> Slot:
        return Slot(self._name, self._offset + other)

    def __sub__(self, other: float) -> Slot:
        return Slot(self._name, self._offset - other)

    def __str__(self) -> str:
        offset = f"{'+' if self._offset >= 0 else '-'}{number(abs(self._offset))}"
        return f"{{{self._name}{offset if self._offset else ''}}}"


def with_defaults(configured: Mapping[str, str], profile: Profile) -> dict[str, str]:
    """Return the scripts of the configuration, and ours for what it does not say.

    What a cancelled print leaves behind must be cold and let go of, as OctoPrint does it.
    """
    cold = "\n".join(("M84", *actions.cool_down(profile), "M106 S0"))
    return {"after_print_cancelled": cold, **configured}


def render(text: str, profile: Profile, snapshot: Snapshot) -> tuple[str, ...]:
    """Return the lines of a script; raise ValueError with the template's own complaint."""
    return gcode_lines(templates.render(text, variables(profile, snapshot)))


def job_scripts(
    configured: Mapping[str, str], profile: Profile, snapshot: Snapshot
) -> JobScripts:
    """Render everything that a job needs."""
    texts = with_defaults(configured, profile)
    return JobScripts(
        **{
            field: render(texts[name], profile, snapshot)
            for name, field in JOB_SCRIPTS.items()
            if name in texts
        }
    )


def variables(profile: Profile, snapshot: Snapshot) -> dict[str, object]:
    """Return what a script may use."""
    position = snapshot.motion.position
    paused = {axis: Slot(f"pause_{axis}") for axis in ("x", "y", "z", "e", "f")}
    heat: dict[str | int, object] = {
        ("b" if name == "bed" else "c" if name == "chamber" else int(name[4:])): {
            "actual": heater.actual,
            "target": heater.target,
        }
        for name, heater in snapshot.heaters.items()
        if name in ("bed", "chamber") or name.startswith("tool")
    }
    paused_heat: dict[str | int, object] = {
        **{
            n: {"actual": Slot(f"pause_t{n}"), "target": Slot(f"pause_t{n}")} for n in range(8)
        },
        "b": {"actual": Slot("pause_bed"), "target": Slot("pause_bed")},
    }
    return {
        "printer_profile": _octoprint_profile(profile),
        "last_position": asdict(position) if position is not None else {},
        "last_temperature": heat,
        "last_fanspeed": snapshot.fans[0] * 255 if snapshot.fans else 0,
        "pause_position": {**paused, "t": Slot("pause_tool")},
        "pause_temperature": paused_heat,
        "pause_fanspeed": Slot("pause_fan"),
        "cancel_position": {**paused, "t": Slot("pause_tool")},
        "cancel_temperature": paused_heat,
        "tool": {"old": snapshot.motion.tool, "new": snapshot.motion.tool},
    }


def _octoprint_profile(profile: Profile) -> dict[str, object]:
    return {
        "id": profile.id,
        "name": profile.name,
        "model": profile.model,
        "heatedBed": profile.heated_bed,
        "heatedChamber": profile.heated_chamber,
        "extruder": {"count": len(profile.extruders), "sharedNozzle": profile.shared_nozzle},
        "volume": {
            "width": profile.volume.width,
            "depth": profile.volume.depth,
            "height": profile.volume.height,
        },
    }
