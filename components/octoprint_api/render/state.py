"""Link and job phase as OctoPrint's state: a text, an id and eleven flags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from appliance.domain.job import JobKind, JobPhase
from appliance.domain.machine import Link
from appliance.domain.printer import Snapshot

_LINK_TEXTS: Mapping[Link, str] = {
    Link.OFFLINE: "Offline",
    Link.DETECTING: "Detecting serial connection",
    Link.OPENING: "Connecting",
    Link.HANDSHAKING: "Connecting",
    Link.HALTED: "Offline after error",
    Link.FAILED: "Offline after error",
}

_PHASE_TEXTS: Mapping[JobPhase, str] = {
    JobPhase.NONE: "Operational",
    JobPhase.PREPARING: "Starting",
    JobPhase.PRINTING: "Printing",
    JobPhase.PAUSING: "Pausing",
    JobPhase.PAUSED: "Paused",
    JobPhase.RESUMING: "Resuming",
    JobPhase.CANCELLING: "Cancelling",
    JobPhase.FINISHING: "Finishing",
}

_KIND_TEXTS: Mapping[tuple[JobKind, JobPhase], str] = {
    (JobKind.SD, JobPhase.PREPARING): "Starting print from SD",
    (JobKind.SD, JobPhase.PRINTING): "Printing from SD",
    (JobKind.SD_UPLOAD, JobPhase.PREPARING): "Starting to send file to SD",
    (JobKind.SD_UPLOAD, JobPhase.PRINTING): "Sending file to SD",
}

_LINK_IDS: Mapping[Link, str] = {
    Link.OFFLINE: "OFFLINE",
    Link.DETECTING: "DETECT_SERIAL",
    Link.OPENING: "OPEN_SERIAL",
    Link.HANDSHAKING: "CONNECTING",
    Link.HALTED: "CLOSED_WITH_ERROR",
    Link.FAILED: "CLOSED_WITH_ERROR",
}

_PHASE_IDS: Mapping[JobPhase, str] = {
    JobPhase.NONE: "OPERATIONAL",
    JobPhase.PREPARING: "STARTING",
    JobPhase.PRINTING: "PRINTING",
    JobPhase.PAUSING: "PAUSING",
    JobPhase.PAUSED: "PAUSED",
    JobPhase.RESUMING: "RESUMING",
    JobPhase.CANCELLING: "CANCELLING",
    JobPhase.FINISHING: "FINISHING",
}


def text(snapshot: Snapshot) -> str:
    """Return what a person reads: "Operational", "Printing from SD", ..."""
    if snapshot.link is not Link.ONLINE:
        return _LINK_TEXTS[snapshot.link]
    if snapshot.job is not None:
        special = _KIND_TEXTS.get((snapshot.job.kind, snapshot.phase))
        if special is not None:
            return special
    return _PHASE_TEXTS[snapshot.phase]


def connection_text(snapshot: Snapshot) -> str:
    """Return the state as the connection says it: "Closed" for every closed port."""
    closed = snapshot.link in (Link.OFFLINE, Link.HALTED, Link.FAILED)
    return "Closed" if closed else text(snapshot)


def state_id(snapshot: Snapshot) -> str:
    """Return the id in the event PrinterStateChanged."""
    if snapshot.link is not Link.ONLINE:
        return _LINK_IDS[snapshot.link]
    if (
        snapshot.phase is JobPhase.PRINTING
        and snapshot.job is not None
        and snapshot.job.kind is JobKind.SD_UPLOAD
    ):
        return "TRANSFERING_FILE"  # sic
    return _PHASE_IDS[snapshot.phase]


def error(snapshot: Snapshot) -> str:
    """Return what went wrong, or nothing."""
    failed = snapshot.link in (Link.HALTED, Link.FAILED)
    return snapshot.fault.message if failed and snapshot.fault is not None else ""


def flags(snapshot: Snapshot) -> dict[str, bool]:
    """Return all eleven flags; clients index each of them."""
    online = snapshot.link is Link.ONLINE
    phase = snapshot.phase if online else JobPhase.NONE
    failed = snapshot.link in (Link.HALTED, Link.FAILED)
    return {
        "operational": online,
        "printing": phase.active and phase is not JobPhase.PAUSED,
        "cancelling": phase is JobPhase.CANCELLING,
        "pausing": phase is JobPhase.PAUSING,
        "resuming": phase is JobPhase.RESUMING,
        "finishing": phase is JobPhase.FINISHING,
        "closedOrError": failed or snapshot.link is Link.OFFLINE,
        "error": failed,
        "paused": phase is JobPhase.PAUSED,
        "ready": snapshot.ready,
        "sdReady": online and snapshot.sd.ready,
    }


def state(snapshot: Snapshot) -> dict[str, Any]:
    """Return the object that ``GET /api/printer`` and the push messages hold."""
    return {"text": text(snapshot), "flags": flags(snapshot), "error": error(snapshot)}
