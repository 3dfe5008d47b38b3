"""``/webcam/{id}/snapshot`` and ``/stream``: cameras through our own door and permissions.

``/webcam/?action=snapshot`` and ``?action=stream`` are the camera of the printer: where the
images of OctoPrint and Klipper have it, many programs look without asking.
"""

from __future__ import annotations

import aiohttp

from appliance import web
from appliance.components.webcam.service import CameraService
from appliance.domain.camera import Camera, CameraUnavailable, Picture
from appliance.domain.permissions import Permission, permission

# A stream costs the upstream link of the camera; more viewers than that are refused.
MOST_VIEWERS = 8
_CHUNK = 64 * 1024
# Never image/svg+xml: that is a document, which may hold a script.
_STREAMS = ("multipart/x-mixed-replace", "image/jpeg", "image/png", "image/webp")
_INERT = {"Cache-Control": "no-store", "Content-Security-Policy": "sandbox"}


class CameraProxy:
    """Hands pictures and streams on."""

    def __init__(self, service: CameraService) -> None:
        self._service = service
        self._viewers: dict[str, int] = {}

    def routes(self) -> list[web.Route]:
        """Declare the routes."""
        access = permission(Permission.WEBCAM)
        return [
            web.Route(
                "GET", "/webcam/{id}/snapshot", self.snapshot, access, web.Family.GANTRY
            ),
            web.Route("GET", "/webcam/{id}/stream", self.stream, access, web.Family.GANTRY),
            web.Route(
                "GET", "/webcam", self.usual, access, web.Family.GANTRY, per_printer=True
            ),
        ]

    async def usual(self, request: web.Request) -> web.StreamResponse:
        """Answer as mjpg-streamer does, with the first camera that sees the printer."""
        ways = {"snapshot": self._snapshot, "stream": self._stream}
        way = ways.get(request.query.get("action", ""))
        if way is None:
            raise web.HttpError(400, "the action is 'snapshot' or 'stream'")
        cameras = self._service.of(web.printer(request).id)
        if not cameras:
            raise web.HttpError(404, "there is no camera")
        return await way(request, cameras[0])

    async def snapshot(self, request: web.Request) -> web.StreamResponse:
        """Return a picture of now."""
        return await self._snapshot(request, self._camera(request))

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Hand an MJPEG stream on until somebody has enough of it."""
        return await self._stream(request, self._camera(request))

    async def _snapshot(self, _request: web.Request, camera: Camera) -> web.StreamResponse:
        try:
            return picture_response(await self._service.picture(camera))
        except CameraUnavailable as error:
            raise web.HttpError(502, str(error)) from error

    async def _stream(self, request: web.Request, camera: Camera) -> web.StreamResponse:
        if self._viewers.get(camera.id, 0) >= MOST_VIEWERS:
            raise web.HttpError(503, "too many people watch that camera")
        self._viewers[camera.id] = self._viewers.get(camera.id, 0) + 1
        try:
            return await self._pass_on(request, camera.id)
        finally:
            self._viewers[camera.id] -= 1

    def _camera(self, request: web.Request) -> Camera:
        try:
            return self._service.get(request.match_info["id"])
        except CameraUnavailable as error:
            raise web.HttpError(404, str(error)) from error

    async def _pass_on(self, request: web.Request, camera_id: str) -> web.StreamResponse:
        response: web.StreamResponse | None = None
        try:
            async with self._service.open_stream(camera_id) as upstream:
                kind = upstream.headers.get("Content-Type", "")
                if not kind.lower().startswith(_STREAMS):
                    raise web.HttpError(502, "what the camera sends is no stream of pictures")
                headers = {"Content-Type": kind, **_INERT}
                response = web.StreamResponse(headers=headers)
                await response.prepare(request)
                async for chunk in upstream.content.iter_chunked(_CHUNK):
                    await response.write(chunk)
                return response
        except (aiohttp.ClientError, OSError) as error:
            if response is not None:
                return response  # one of the two ends has gone
            raise web.HttpError(502, "the camera cannot be reached") from error


def picture_response(picture: Picture) -> web.Response:
    """Answer with a picture that no browser takes for anything else."""
    return web.Response(
        body=picture.data,
        content_type=picture.media_type,
        headers=_INERT,
    )
