"""Layers, height and fan: what the plugin DisplayLayerProgress tells its clients."""

from __future__ import annotations

from typing import Any

from appliance.components.octoprint_api.render import job
from appliance.domain.printer import Snapshot


def pushed(snapshot: Snapshot) -> dict[str, Any]:
    """Return the plugin's part of the push messages; what nobody knows is null."""
    running = snapshot.job if snapshot.phase.active else None
    position = snapshot.motion.position
    return {
        "currentLayer": None if running is None else running.layer,
        "totalLayer": None if running is None else running.layers or running.file.layers,
        "currentHeight": None if position is None else position.z,
        "totalHeight": None if running is None else _total_height(snapshot),
        "fanspeed": round(snapshot.fans[0] * 100) if snapshot.fans else None,
    }


def announced(snapshot: Snapshot) -> dict[str, Any]:
    """Return what the plugin announces by itself when a layer, height or fan changes."""
    told = values(snapshot)
    return {
        "currentLayer": told["layer"]["current"],
        "totalLayer": told["layer"]["total"],
        "currentHeight": told["height"]["current"],
        "currentHeightFormatted": told["height"]["currentFormatted"],
        "totalHeight": told["height"]["total"],
        "totalHeightFormatted": told["height"]["totalFormatted"],
        "feedrate": told["feedrate"],
        "fanspeed": told["fanSpeed"],
        "progress": told["print"]["progress"],
        "printTimeLeft": told["print"]["timeLeft"],
        "printTimeLeftInSeconds": told["print"]["timeLeftInSeconds"],
    }


def values(snapshot: Snapshot) -> dict[str, Any]:
    """Return what ``/plugin/DisplayLayerProgress/values`` answers: texts, "-" for unknown."""
    told = pushed(snapshot)
    done = job.progress_of(snapshot)
    motion = snapshot.motion
    return {
        "layer": {"current": _text(told["currentLayer"]), "total": _text(told["totalLayer"])},
        "height": {
            "current": _text(told["currentHeight"]),
            "currentFormatted": _text(told["currentHeight"]),
            "total": _text(told["totalHeight"]),
            "totalFormatted": _text(told["totalHeight"]),
        },
        "fanSpeed": _fan(told["fanspeed"]),
        "feedrate": "-" if motion.feedrate is None else _text(round(motion.feedrate * 60)),
        "print": {
            "progress": "0" if done["completion"] is None else str(int(done["completion"])),
            "timeLeft": _clock(done["printTimeLeft"]),
            "timeLeftInSeconds": done["printTimeLeft"],
        },
    }


def _total_height(snapshot: Snapshot) -> float | None:
    running = snapshot.job
    if running is None:
        return None
    return running.height_mm if running.height_mm is not None else running.file.height_mm


def _text(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"


def _fan(percent: int | None) -> str:
    if percent is None:
        return "-"
    return f"{percent}%" if percent else "Off"


def _clock(seconds: int | None) -> str:
    if seconds is None:
        return "-"
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}h:{minutes:02}m:{rest:02}s"
