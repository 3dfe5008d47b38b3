"""The branch ``webcam``: the camera of the printer and how timelapses are rendered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from appliance.components.octoprint_api.settings.homes import Changes, Here, YamlPath
from appliance.config import CONFIGURATION_FILE
from appliance.config.yaml import read_document
from appliance.domain.camera import CAMERAS, Camera, without_credentials
from appliance.errors import InvalidRequest
from appliance.records import dataclass

_WEBCAM = "webcam"
_TIMELAPSE = "timelapse"


@dataclass(frozen=True, slots=True)
class _Option:
    """A setting of the camera: its name in the YAML, how it is read and taken."""

    name: str
    read: Callable[[Camera | None], Any]
    take: Callable[[Any], Any]


def _as_is(kind: type, words: str) -> Callable[[Any], Any]:
    def take(value: Any) -> Any:
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            message = f"expected {words}"
            raise InvalidRequest(message)
        return value

    return take


_text, _truth, _number = (
    _as_is(str, "a text"),
    _as_is(bool, "true or false"),
    _as_is(int, "a whole number"),
)
_OPTIONS: Mapping[str, _Option] = {
    "streamUrl": _Option(
        "stream", lambda camera: _shown(camera.stream) if camera else "", _text
    ),
    "snapshotUrl": _Option(
        "snapshot", lambda camera: _shown(camera.snapshot) if camera else "", _text
    ),
    "flipH": _Option("flip_horizontal", lambda c: bool(c and c.flip_horizontal), _truth),
    "flipV": _Option("flip_vertical", lambda c: bool(c and c.flip_vertical), _truth),
    "rotate90": _Option(
        "rotation",
        lambda camera: bool(camera and camera.rotation == 270),
        lambda value: 270 if _truth(value) else 0,  # OctoPrint turns counter-clockwise
    ),
    "streamRatio": _Option(
        "aspect_ratio", lambda camera: camera.aspect_ratio if camera else "16:9", _text
    ),
    "snapshotTimeout": _Option(
        "timeout", lambda camera: int(camera.timeout_s) if camera else 5, _number
    ),
    "snapshotSslValidation": _Option(
        "verify_tls", lambda camera: camera.verify_tls if camera else True, _truth
    ),
}
# Of the renderer; the path of ffmpeg can only be set in the YAML, for it is executed.
_RENDERING: Mapping[str, tuple[str, Any, Callable[[Any], Any]]] = {
    "bitrate": ("bitrate", "10000k", _text),
    "ffmpegThreads": ("threads", 1, _number),
    "ffmpegVideoCodec": ("codec", "libx264", _text),
    "renderAfterPrintDelay": ("render_delay", 0, _number),
}


def read(here: Here) -> dict[str, Any]:
    """Return the branch."""
    camera = first_camera(here)
    rendering = here.appliance.configuration.components.get(_TIMELAPSE, {})
    return {
        **{name: option.read(camera) for name, option in _OPTIONS.items()},
        **{
            name: _whole(rendering.get(option, default))
            for name, (option, default, _) in _RENDERING.items()
        },
        "cacheBuster": False,
        "defaultWebcam": "classic",
        "ffmpegPath": rendering.get("ffmpeg"),
        "snapshotWebcam": "classic" if camera is not None else None,
        "streamTimeout": 5,
        "streamWebrtcIceServers": [],
        "timelapseEnabled": bool(rendering),
        "watermark": False,
        "webcamEnabled": camera is not None,
        "webcams": [_described(each) for each in cameras(here)],
    }


async def add_changes(here: Here, given: object, changes: Changes) -> None:
    """Add what must be written for the branch."""
    if not isinstance(given, Mapping):
        raise InvalidRequest("webcam must be an object")
    camera = first_camera(here)
    wanted = {
        option.name: _taken(option, given[name], name)
        for name, option in _OPTIONS.items()
        if name in given and given[name] != option.read(camera)
    }
    if wanted:
        wanted = {key: value for key, value in wanted.items() if value != ""}
        await _write_camera(here, camera, wanted, changes)
    rendering = here.appliance.configuration.components.get(_TIMELAPSE, {})
    for name, (option, default, take) in _RENDERING.items():
        if name in given and given[name] != _whole(rendering.get(option, default)):
            changes.common[_TIMELAPSE, option] = take(given[name])


def cameras(here: Here) -> list[Camera]:
    """Return the cameras that see the printer."""
    known = here.appliance.find(CAMERAS)
    return [] if known is None else list(known.of(here.printer.id))


def first_camera(here: Here) -> Camera | None:
    """Return the camera that clients of one camera see."""
    return next(iter(cameras(here)), None)


async def _write_camera(
    here: Here, camera: Camera | None, wanted: Mapping[str, Any], changes: Changes
) -> None:
    """Change the camera where it stands, or add one for this printer."""
    directory = here.appliance.configuration.directory
    document = await asyncio.to_thread(read_document, directory, CONFIGURATION_FILE)
    written = document.data.get(_WEBCAM)
    base: YamlPath
    if camera is None or (camera.printer is None and not here.alone):
        added = dict(wanted) if here.alone else {**wanted, "printer": here.printer.id}
        kept = written if isinstance(written, list) else [written] if written else []
        changes.common[_WEBCAM,] = [*kept, added]
        return
    if isinstance(written, list):
        entries = here.appliance.configuration.components[_WEBCAM]
        index = next(i for i, entry in enumerate(entries) if entry["id"] == camera.id)
        base = (_WEBCAM, index)
    else:
        base = (_WEBCAM,)
    for key, value in wanted.items():
        changes.common[*base, key] = value


def _taken(option: _Option, value: Any, name: str) -> Any:
    try:
        return option.take(value)
    except InvalidRequest as error:
        message = f"webcam.{name}: {error}"
        raise InvalidRequest(message) from error


def _shown(url: str | None) -> str:
    return without_credentials(url) or ""


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value == int(value) else value


def _described(camera: Camera) -> dict[str, Any]:
    stream, snapshot = _shown(camera.stream), _shown(camera.snapshot)
    compat = {
        "cacheBuster": False,
        "stream": stream,
        "streamRatio": camera.aspect_ratio,
        "streamTimeout": 5,
        "streamWebrtcIceServers": [],
    }
    return {
        "name": camera.id,
        "displayName": camera.name,
        "provider": "gantry",
        "canSnapshot": camera.takes_pictures,
        "snapshotDisplay": snapshot,
        "flipH": camera.flip_horizontal,
        "flipV": camera.flip_vertical,
        "rotate90": camera.rotation == 270,
        "extras": compat,
        "compat": {
            **compat,
            "snapshot": snapshot,
            "snapshotTimeout": int(camera.timeout_s),
            "snapshotSslValidation": camera.verify_tls,
        },
    }
