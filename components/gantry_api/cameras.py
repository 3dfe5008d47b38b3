"""``/api/gantry/cameras``: the cameras of a printer, each through our own door.

A page with a strict policy shows nothing from elsewhere, and a browser on the way may reach
us and not the camera.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from appliance import web
from appliance.components.gantry_api.routing import route
from appliance.domain.camera import Camera, Cameras, StreamKind
from appliance.domain.permissions import Scope

_MOVING = frozenset({StreamKind.MJPEG, StreamKind.MJPEG_ADAPTIVE, StreamKind.USTREAMER})


class CamerasApi:
    """The route."""

    def __init__(self, cameras: Callable[[], Cameras | None]) -> None:
        self._cameras = cameras

    def routes(self) -> Iterable[web.Route]:
        """Declare it."""
        yield route("GET", "/cameras", self.show, Scope.READ, per_printer=True)

    async def show(self, request: web.Request) -> web.StreamResponse:
        """List the cameras; addresses are relative to the page, null where there is none."""
        cameras = self._cameras()
        found = [] if cameras is None else cameras.of(web.printer(request).id)
        return web.json_response({"cameras": [render(camera) for camera in found]})


def render(camera: Camera) -> dict[str, Any]:
    """Return a camera as a page shows it."""
    streams = camera.stream is not None and camera.kind in _MOVING
    return {
        "id": camera.id,
        "name": camera.name,
        "stream": f"webcam/{camera.id}/stream" if streams else None,
        "snapshot": f"webcam/{camera.id}/snapshot" if camera.takes_pictures else None,
        "flip_horizontal": camera.flip_horizontal,
        "flip_vertical": camera.flip_vertical,
        "rotation": camera.rotation,
        "aspect_ratio": camera.aspect_ratio,
    }
