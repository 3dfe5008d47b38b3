"""``server.webcams.*``: the cameras of the configuration, and those that clients add."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from appliance.components.moonraker_api.database import Namespaces
from appliance.components.moonraker_api.method import (
    Argument,
    Asked,
    Kind,
    Method,
    delete,
    get,
    post,
)
from appliance.components.moonraker_api.methods import access
from appliance.domain.camera import Camera, Cameras, StreamKind, without_credentials
from appliance.errors import FileForbidden, FileMissing, InvalidRequest

NAMESPACE = "webcams"
_ITEM = "/server/webcams/item"
_UID = uuid.UUID("6d1f7f58-0f0a-4a39-9f0a-4f1f6f0f4b5e")  # names cameras of the configuration
# What a camera that a client adds is, unless it says otherwise.
_DEFAULTS: Mapping[str, Any] = {
    "location": "printer",
    "service": "mjpegstreamer",
    "enabled": True,
    "icon": "mdiWebcam",
    "target_fps": 15,
    "target_fps_idle": 5,
    "stream_url": "",
    "snapshot_url": "",
    "flip_horizontal": False,
    "flip_vertical": False,
    "rotation": 0,
    "aspect_ratio": "4:3",
    "extra_data": {},
}
# What browsers load a camera by. They take every scheme that they know out of an address,
# past blanks and control characters in it, and "javascript:" would run as our page.
_SCHEMES = frozenset({"http", "https", "ws", "wss", "rtsp", "rtsps", "rtmp", "webrtc"})
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_SKIPPED = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]")
_ADDRESSES = ("stream_url", "snapshot_url")
_HANDED_ON = (StreamKind.MJPEG, StreamKind.MJPEG_ADAPTIVE, StreamKind.USTREAMER)
_KINDS: Mapping[str, Kind] = {
    "name": Kind.TEXT,
    "enabled": Kind.FLAG,
    "target_fps": Kind.INTEGER,
    "target_fps_idle": Kind.INTEGER,
    "flip_horizontal": Kind.FLAG,
    "flip_vertical": Kind.FLAG,
    "rotation": Kind.INTEGER,
    "extra_data": Kind.OBJECT,
}


class WebcamMethods:
    """The handlers."""

    def __init__(
        self,
        cameras: Callable[[], Cameras | None],
        namespaces: Namespaces,
        tell: Callable[[str, list[dict[str, Any]]], None],
    ) -> None:
        """``tell`` tells the clients of a printer about its cameras."""
        self._cameras = cameras
        self._namespaces = namespaces
        self._tell = tell

    def methods(self) -> Iterable[Method]:
        """Declare the calls."""
        which = (Argument("name", default=None), Argument("uid", default=None))
        yield get("/server/webcams/list", access.READ, self.list_cameras)
        yield get(_ITEM, access.READ, self.get_item, *which, name="server.webcams.get_item")
        yield post(
            _ITEM, access.CONTROL, self.post_item, *which, name="server.webcams.post_item"
        )
        yield delete(
            _ITEM, access.CONTROL, self.delete_item, *which, name="server.webcams.delete_item"
        )
        yield post("/server/webcams/test", access.READ, self.test, *which)

    async def list_cameras(self, asked: Asked) -> dict[str, Any]:
        """List the cameras."""
        return {"webcams": await self._all(asked.printer.id)}

    async def get_item(self, asked: Asked) -> dict[str, Any]:
        """Return a camera."""
        return {"webcam": await self._find(asked)}

    async def post_item(self, asked: Asked) -> dict[str, Any]:
        """Add a camera, or change one that a client has added."""
        known: Mapping[str, Any] = {**_DEFAULTS, "uid": str(uuid.uuid4())}
        if asked["uid"] is not None:
            known = await self._find(asked)
        elif (same := await self._by_name(asked)) is not None:
            known = same
        _check_changeable(known)
        camera = {**known, **_given(asked.params)}
        if not camera.get("name"):
            raise InvalidRequest("No data for argument: name")
        camera |= {"uid": known["uid"], "source": "database"}
        await self._namespaces.put(asked.printer.id, NAMESPACE, (camera["uid"],), camera)
        await self._changed(asked)
        return {"webcam": camera}

    async def delete_item(self, asked: Asked) -> dict[str, Any]:
        """Remove a camera that a client has added."""
        camera = await self._find(asked)
        _check_changeable(camera)
        await self._namespaces.remove(asked.printer.id, NAMESPACE, (camera["uid"],))
        await self._changed(asked)
        return {"webcam": camera}

    async def test(self, asked: Asked) -> dict[str, Any]:
        """Say which addresses of a camera there are; only ours are tried by the server."""
        camera = await self._find(asked)
        picture = False
        cameras = self._cameras()
        if cameras is not None and camera["source"] == "config":
            for known in cameras.of(asked.printer.id):
                if _uid(known) == camera["uid"] and known.takes_pictures:
                    picture = bool((await cameras.picture(known)).data)
        return {
            "name": camera["name"],
            "snapshot_reachable": picture,
            "stream_reachable": None,
            "snapshot_url": camera["snapshot_url"],
            "stream_url": camera["stream_url"],
        }

    async def _all(self, printer_id: str) -> list[dict[str, Any]]:
        cameras = self._cameras()
        configured = [] if cameras is None else cameras.of(printer_id)
        return [*map(render, configured), *await self._added(printer_id)]

    async def _added(self, printer_id: str) -> list[dict[str, Any]]:
        try:
            found = await self._namespaces.get(printer_id, NAMESPACE, ())
        except FileMissing:
            return []
        # Clients can write there by other calls too.
        cameras = [{**_DEFAULTS, **each} for each in found.values() if isinstance(each, dict)]
        return [
            {**camera, "source": "database"}
            for camera in cameras
            if "uid" in camera and all(_is_address(camera[name]) for name in _ADDRESSES)
        ]

    async def _find(self, asked: Asked) -> dict[str, Any]:
        for camera in await self._all(asked.printer.id):
            if asked["uid"] is not None and camera["uid"] == asked["uid"]:
                return camera
            if asked["uid"] is None and camera["name"] == asked["name"]:
                return camera
        message = f"there is no webcam '{asked['uid'] or asked['name']}'"
        raise FileMissing(message)

    async def _by_name(self, asked: Asked) -> dict[str, Any] | None:
        found = await self._all(asked.printer.id)
        return next((camera for camera in found if camera["name"] == asked["name"]), None)

    async def _changed(self, asked: Asked) -> None:
        self._tell(asked.printer.id, await self._all(asked.printer.id))


def render(camera: Camera) -> dict[str, Any]:
    """Return a camera of the configuration."""
    return {
        **_DEFAULTS,
        "name": camera.name,
        "service": str(camera.kind),
        "target_fps": camera.target_fps,
        "stream_url": _shown(camera, "stream", camera.stream),
        "snapshot_url": _shown(camera, "snapshot", camera.snapshot),
        "flip_horizontal": camera.flip_horizontal,
        "flip_vertical": camera.flip_vertical,
        "rotation": camera.rotation,
        "aspect_ratio": camera.aspect_ratio,
        "source": "config",
        "uid": _uid(camera),
    }


def _given(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a client says of a camera, checked."""
    found: dict[str, Any] = {}
    for name in (*_DEFAULTS, "name"):
        if params.get(name) is not None:
            kind = _KINDS.get(name, Kind.TEXT)
            found[name] = Argument(name, kind).convert(params[name])
    if found.get("rotation", 0) not in (0, 90, 180, 270):
        raise InvalidRequest("'rotation' is 0, 90, 180 or 270")
    for name in _ADDRESSES:
        if not _is_address(found.get(name, "")):
            message = f"'{name}' has to be an address such as http://camera/stream"
            raise InvalidRequest(message)
    return found


def _is_address(value: object) -> bool:
    """Return whether a browser may load it: an address of a camera, or a path."""
    if not isinstance(value, str):
        return False
    scheme = _SCHEME.match(_SKIPPED.sub("", value))
    return scheme is None or scheme[1].lower() in _SCHEMES


def _shown(camera: Camera, kind: str, address: str | None) -> str:
    """Return where clients find it; what needs a password comes through our own door."""
    plain = without_credentials(address)
    if plain == address or camera.kind not in _HANDED_ON:
        return plain or ""
    return f"/webcam/{camera.id}/{kind}"


def _check_changeable(camera: Mapping[str, Any]) -> None:
    if camera.get("source") == "config":
        raise FileForbidden("this camera stands in configuration.yaml")


def _uid(camera: Camera) -> str:
    return str(uuid.uuid5(_UID, camera.id))
