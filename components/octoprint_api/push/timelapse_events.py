"""What happens to recordings, in OctoPrint's words: pure functions of the facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from appliance.components.octoprint_api.push.event import Event
from appliance.domain import timelapse


def told(event: object) -> Event:
    """Tell what happened to a recording."""
    return KINDS[type(event)](event)


def _post_roll(event: timelapse.PostRollStarted) -> Event:
    return Event(
        "PostRollStart",
        {
            "postroll_duration": event.duration_s,
            "postroll_length": event.length_s,
            "postroll_fps": event.fps,
        },
    )


def _movie(event: timelapse.RenderStarted | timelapse.RenderDone) -> dict[str, Any]:
    return {
        "gcode": event.gcode,
        "movie": event.video,
        "movie_basename": event.video,
        "movie_prefix": event.gcode.rpartition(".")[0] or event.gcode,
    }


def _failed(event: Any) -> Event:
    payload = {**_movie(event), "reason": "returncode", "error": event.error}
    return Event("MovieFailed", payload)


KINDS: Mapping[type, Callable[[Any], Event]] = {
    timelapse.CaptureStarted: lambda e: Event("CaptureStart", {"file": e.file}),
    timelapse.CaptureDone: lambda e: Event("CaptureDone", {"file": e.file}),
    timelapse.CaptureFailed: lambda e: Event(
        "CaptureFailed", {"file": e.file, "error": e.error}
    ),
    timelapse.PostRollStarted: _post_roll,
    timelapse.PostRollEnded: lambda _: Event("PostRollEnd"),
    timelapse.RenderStarted: lambda e: Event("MovieRendering", _movie(e)),
    timelapse.RenderDone: lambda e: Event("MovieDone", _movie(e)),
    timelapse.RenderFailed: _failed,
}
