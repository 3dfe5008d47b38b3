"""Timelapses in OctoPrint's shape, and back."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from appliance.components.octoprint_api import body
from appliance.domain.timelapse import Recording, TimelapseMode, TimelapseOptions, Video
from appliance.errors import InvalidRequest


def config(options: TimelapseOptions) -> dict[str, Any]:
    """Return how a printer is recorded; only what matters in its mode."""
    if options.mode is TimelapseMode.OFF:
        return {"type": "off"}
    common = {
        "type": options.mode.value,
        "fps": options.fps,
        "postRoll": int(options.post_roll_s),
        "renderAfterPrint": options.render.value,
    }
    if options.mode is TimelapseMode.TIMED:
        return {**common, "interval": _whole(options.interval_s)}
    return {
        **common,
        "retractionZHop": options.retraction_z_hop,
        "minDelay": options.min_delay_s,
    }


def video(found: Video) -> dict[str, Any]:
    """Return a finished video."""
    return {
        "name": found.name,
        "size": human_size(found.size),
        "bytes": found.size,
        "date": _date(found.modified),
        "timestamp": found.modified,
        "url": f"/downloads/timelapse/{quote(found.name)}",
    }


def recording(found: Recording) -> dict[str, Any]:
    """Return pictures that are no video yet."""
    return {
        "name": found.name,
        "size": human_size(found.size),
        "bytes": found.size,
        "date": _date(found.modified),
        "count": found.frames,
        "recording": found.recording,
        "rendering": found.rendering,
        "processing": found.queued,
    }


def changed(present: TimelapseOptions, given: Mapping[str, Any]) -> TimelapseOptions:
    """Return the options with what was sent; negative values are refused."""
    changes: dict[str, Any] = {}
    for key, field, least in (
        ("interval", "interval_s", 1.0),
        ("fps", "fps", 1.0),
        ("postRoll", "post_roll_s", 0.0),
        ("retractionZHop", "retraction_z_hop", 0.0),
        ("minDelay", "min_delay_s", 0.0),
    ):
        if key in given:
            changes[field] = _at_least(least, given[key], key)
    if "fps" in changes:
        changes["fps"] = int(changes["fps"])
    wanted = given.get("type")
    if wanted in set(TimelapseMode):
        changes["mode"] = TimelapseMode(str(wanted))
    return replace(present, **changes)


def human_size(size: float) -> str:
    """Return bytes as people read them: 120.6KB."""
    for unit in ("bytes", "KB", "MB", "GB"):
        if size < 1024 or unit == "GB":
            return f"{size:.1f}{unit}"
        size /= 1024
    raise AssertionError("the last unit takes everything")


def _at_least(least: float, value: object, key: str) -> float:
    if isinstance(value, str):  # a form
        try:
            value = float(value)
        except ValueError:
            value = None
    number = body.number(value, key)
    if number < least or number > 86400:
        message = f"{key} is invalid"
        raise InvalidRequest(message)
    return number


def _date(at: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at))


def _whole(value: float) -> float:
    return int(value) if value == int(value) else value
