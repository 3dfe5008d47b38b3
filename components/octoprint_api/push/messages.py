"""The messages ``connected``, ``history`` and ``current``."""

from __future__ import annotations

import hashlib
import platform
import time
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from appliance import __version__
from appliance.components.octoprint_api.push.subscription import Subscription
from appliance.components.octoprint_api.render import console, job, layers, state, temperatures
from appliance.components.octoprint_api.server import DISPLAY_VERSION, OCTOPRINT_VERSION
from appliance.domain.permissions import DANGEROUS, Permission
from appliance.domain.printer import ConsoleLine, Printer, Snapshot
from appliance.domain.telemetry import TemperatureSample
from appliance.records import dataclass

# As many lines as the terminal of a client holds.
MOST_LINES = 300


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a client has heard the dialogue and the temperatures."""

    line: int = -1
    time: float = 0.0


def cursor_of(printer: Printer) -> Cursor:
    """Return the position at which everything has been heard."""
    lines, samples = printer.console, printer.temperatures
    return Cursor(
        lines[-1].number if lines else -1,
        samples[-1].time if samples else 0.0,
    )


def connected(config_hash: str) -> dict[str, Any]:
    """Return the greeting; it holds nothing that is not public."""
    return {
        "connected": {
            "version": OCTOPRINT_VERSION,
            "display_version": DISPLAY_VERSION.removeprefix("OctoPrint "),
            "branch": "HEAD",
            "python_version": platform.python_version(),
            "plugin_hash": hashlib.md5(
                __version__.encode(), usedforsecurity=False
            ).hexdigest(),
            "config_hash": config_hash,
            "debug": False,
            "safe_mode": None,
            "online": True,
            "permissions": [_permission(each) for each in Permission],
        }
    }


def history(
    printer: Printer, markings: Sequence[Mapping[str, Any]], cut: float
) -> dict[str, Any]:
    """Return everything that a client needs to begin with; temperatures since ``cut``."""
    samples = [sample for sample in printer.temperatures if sample.time >= cut]
    content = _state(printer)
    content["temps"] = [temperatures.pushed(sample, printer.profile) for sample in samples]
    lines = _tail(printer.console, -1)
    content["logs"] = [console.log_line(line) for line in lines]
    content["messages"] = [line.text for line in lines if console.is_message(line)]
    content["markings"] = list(markings)
    return content


def current(
    printer: Printer, markings: Sequence[Mapping[str, Any]], since: Cursor
) -> dict[str, Any]:
    """Return what is now, and what was said and measured after ``since``."""
    content = _state(printer)
    content["temps"] = [
        temperatures.pushed(sample, printer.profile)
        for sample in _newer(printer.temperatures, since.time)
    ]
    lines = _tail(printer.console, since.line)
    content["logs"] = [console.log_line(line) for line in lines]
    content["messages"] = [line.text for line in lines if console.is_message(line)]
    content["busyFiles"] = _busy(printer.snapshot)
    content["markings"] = list(markings)
    return content


def for_subscription(
    content: dict[str, Any], wish: Subscription, *, terminal: bool
) -> dict[str, Any]:
    """Return the part that a client wants and may see."""
    return {
        **content,
        "logs": wish.logs.apply(content["logs"]) if terminal else [],
        "messages": wish.messages.apply(content["messages"]) if terminal else [],
    }


def _state(printer: Printer) -> dict[str, Any]:
    snapshot = printer.snapshot
    position = snapshot.motion.position
    health = snapshot.health
    return {
        "state": state.state(snapshot),
        "job": job.job(snapshot),
        "currentZ": None if position is None else position.z,
        "progress": job.progress_of(snapshot),
        "offsets": temperatures.offsets(snapshot),
        "resends": {
            "count": health.resends,
            "transmitted": health.lines_sent,
            "ratio": int(health.resend_ratio * 100),
        },
        "serverTime": time.time(),
        "plugins": {"DisplayLayerProgress": layers.pushed(snapshot)},
    }


def _busy(snapshot: Snapshot) -> list[dict[str, str]]:
    if not snapshot.phase.active or snapshot.job is None:
        return []
    file = snapshot.job.file
    return [{"origin": file.origin, "path": job.path(file)}]


def _newer(samples: Sequence[TemperatureSample], since: float) -> list[TemperatureSample]:
    newer: list[TemperatureSample] = []
    for sample in reversed(samples):
        if sample.time <= since:
            break
        newer.append(sample)
    return newer[::-1]


def _tail(lines: Sequence[ConsoleLine], since: int) -> list[ConsoleLine]:
    """Return the last lines after number ``since``; a new engine counts from its start."""
    if lines and lines[-1].number < since:
        since = -1
    newer = _until(islice(reversed(lines), MOST_LINES), since)
    return list(newer)[::-1]


def _until(lines: Iterable[ConsoleLine], since: int) -> Iterable[ConsoleLine]:
    for line in lines:
        if line.number <= since:
            return
        yield line


def _permission(permission: Permission) -> dict[str, Any]:
    words = permission.removeprefix("PLUGIN_").replace("_", " ").capitalize()
    return {
        "key": permission,
        "name": words,
        "dangerous": permission in DANGEROUS,
        "default_groups": [],
        "description": words,
        "needs": {"role": [permission.lower()]},
    }
