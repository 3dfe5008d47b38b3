"""What happens to a printer, in OctoPrint's words: pure functions of the facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from appliance.components.octoprint_api import printer as errors
from appliance.components.octoprint_api.push import script_events
from appliance.components.octoprint_api.push.event import Event
from appliance.components.octoprint_api.push.job_events import file_payload, job_payload
from appliance.components.octoprint_api.render import layers, state
from appliance.domain.job import JobPhase
from appliance.domain.machine import Link
from appliance.domain.printer import Snapshot

# The plugin whose part the printer's own notifications play; it can be switched off.
NOTIFICATION = "action_command_notification"
# By this name DisplayLayerProgress announces layers (OctoDash knows no other way).
LAYERS = "DisplayLayerProgress-websocket-payload"


def of_change(before: Snapshot, now: Snapshot) -> Iterator[Event]:
    """Tell what is different between two snapshots."""
    if before.link is not now.link:
        yield from _link(before, now)
    if before.selected != now.selected:
        yield from _selection(before, now)
    yield from script_events.ended(before, now)
    if state.state_id(before) != state.state_id(now):
        yield Event(
            "PrinterStateChanged",
            {"state_id": state.state_id(now), "state_string": state.text(now)},
        )
    if before.phase is not now.phase and now.phase is JobPhase.CANCELLING and now.job:
        yield Event("PrintCancelling", job_payload(now.job))
    yield from script_events.begun(before, now)
    if now.firmware is not None and before.firmware != now.firmware:
        known = before.firmware is not None and before.firmware.info == now.firmware.info
        if not known:
            yield Event(
                "FirmwareData", {"name": now.firmware.name, "data": dict(now.firmware.info)}
            )
    if before.motion is not now.motion:
        yield from _motion(before, now)
    if (before.sd.ready, before.sd.files) != (now.sd.ready, now.sd.files):
        yield Event("UpdatedFiles", {"type": "printables"})


def _link(before: Snapshot, now: Snapshot) -> Iterator[Event]:
    if now.link.connecting and not before.link.connecting:
        yield Event("Connecting")
    elif now.link is Link.ONLINE:
        connection = now.connection
        yield Event("Connected", {"port": connection.port, "baudrate": connection.baudrate})
    if now.link in (Link.HALTED, Link.FAILED) and now.fault is not None:
        yield Event("Error", errors.error_info(now.fault, now))
    if before.link is Link.ONLINE and not now.link.connecting:
        if now.link is Link.OFFLINE:
            yield Event("Disconnecting")
        yield Event("Disconnected")


def _selection(before: Snapshot, now: Snapshot) -> Iterator[Event]:
    if now.selected is None:
        yield Event("FileDeselected")
    elif before.selected is None or (before.selected.origin, before.selected.path) != (
        now.selected.origin,
        now.selected.path,
    ):
        yield Event("FileSelected", file_payload(now.selected, None))


def _motion(before: Snapshot, now: Snapshot) -> Iterator[Event]:
    if before.motion.tool != now.motion.tool:
        yield Event("ToolChange", {"old": before.motion.tool, "new": now.motion.tool})
    old = before.motion.position.z if before.motion.position is not None else None
    new = now.motion.position.z if now.motion.position is not None else None
    if new is not None and new != old:
        yield Event("ZChange", {"new": new, "old": old})


def plugin_news(before: Snapshot, now: Snapshot) -> Iterator[tuple[str, dict[str, Any]]]:
    """Tell what the plugins that we stand in for would say."""
    if before.prompt != now.prompt:
        if now.prompt is None:
            yield "action_command_prompt", {"action": "close"}
        else:
            yield (
                "action_command_prompt",
                {
                    "action": "show",
                    "text": now.prompt.text,
                    "choices": list(now.prompt.buttons),
                },
            )
    if now.notification is not None and before.notification != now.notification:
        yield NOTIFICATION, {"message": now.notification}
    if layers.pushed(before) != layers.pushed(now):
        yield LAYERS, layers.announced(now)
    if now.mesh is not None and before.mesh != now.mesh:
        yield "bedlevelvisualizer", {"mesh": mesh(now)}


def mesh(snapshot: Snapshot) -> list[list[float]]:
    """Return the heights of the bed, rows from the front."""
    return [] if snapshot.mesh is None else [list(row) for row in snapshot.mesh.points]
