"""Printers in plain words, as the domain has them."""

from __future__ import annotations

from typing import Any

from appliance.domain.estimate import progress
from appliance.domain.job import Job
from appliance.domain.printer import Printer, SerialPort, Snapshot
from appliance.domain.telemetry import Firmware, SerialHealth


def brief(printer: Printer) -> dict[str, Any]:
    """Return what a list of printers shows."""
    snapshot = printer.snapshot
    job = snapshot.job if snapshot.phase.active else None
    return {
        "id": printer.id,
        "name": printer.name,
        "link": snapshot.link,
        "phase": snapshot.phase,
        "file": None if job is None else job.file.path,
        "completion": None if job is None else progress(job).completion,
    }


def overview(printer: Printer) -> dict[str, Any]:
    """Return what somebody with several printers wants to see of each."""
    snapshot = printer.snapshot
    return {
        **brief(printer),
        "fault": snapshot.fault,
        "prompt": snapshot.prompt,
        "waiting_for_user": snapshot.waiting_for_user,
        "message": snapshot.message,
        "job": None if snapshot.job is None else job(snapshot.job),
        "heaters": {
            name: {"actual": heater.actual, "target": heater.target}
            for name, heater in snapshot.heaters.items()
        },
    }


def full(printer: Printer) -> dict[str, Any]:
    """Return everything about one printer that changes rarely, and its job."""
    snapshot = printer.snapshot
    return {
        **brief(printer),
        "profile": printer.profile,
        "connection": snapshot.connection,
        "fault": snapshot.fault,
        "firmware": firmware(snapshot),
        "prompt": snapshot.prompt,
        "waiting_for_user": snapshot.waiting_for_user,
        "busy": snapshot.busy,
        "message": snapshot.message,
        "notification": snapshot.notification,
        "filament_present": dict(snapshot.filament_present),
        "job": None if snapshot.job is None else job(snapshot.job),
        "health": health(snapshot.health),
    }


def job(found: Job) -> dict[str, Any]:
    """Return the present job, or the last one with its result."""
    how_far = progress(found)
    return {
        "id": found.id,
        "kind": found.kind,
        "file": found.file.path,
        "origin": found.file.origin,
        "user": found.user,
        "started_at": found.started_at,
        "elapsed_s": found.elapsed_s,
        "printing_s": found.printing_s,
        "left_s": how_far.left_s,
        "completion": how_far.completion,
        "layer": found.layer,
        "layers": found.layers,
        "height_mm": found.height_mm,
        "pause_source": found.pause_source,
        "result": found.result,
        "cause": found.cause,
        "resumable": found.resumable,
    }


def health(found: SerialHealth) -> dict[str, Any]:
    """Return how well the cable works."""
    return {
        "lines_sent": found.lines_sent,
        "bytes_sent": found.bytes_sent,
        "bytes_received": found.bytes_received,
        "resends": found.resends,
        "resend_ratio": found.resend_ratio,
        "timeouts": found.timeouts,
        "ok_latency_ms": found.ok_latency_ms,
        "ok_latency_p99_ms": found.ok_latency_p99_ms,
        "reconnects": found.reconnects,
    }


def firmware(snapshot: Snapshot) -> dict[str, Any] | None:
    """Return what the firmware of a printer said of itself."""
    return None if snapshot.firmware is None else firmware_of(snapshot.firmware)


def firmware_of(found: Firmware) -> dict[str, Any]:
    """Return what a firmware said of itself."""
    return {
        "name": found.name,
        "profile": found.profile,
        "machine": found.machine,
        "extruders": found.extruders,
        "capabilities": dict(found.capabilities),
        "area": found.area,
    }


def port(found: SerialPort) -> dict[str, Any]:
    """Return a serial device."""
    return {
        "device": found.device,
        "by_id": found.by_id,
        "description": found.description,
        "vendor_id": found.vendor_id,
        "product_id": found.product_id,
        "serial_number": found.serial_number,
        "driver": found.driver,
    }
