"""The cameras of the appliance; implements `appliance.domain.camera.Cameras`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from appliance.components.webcam.device import LocalCamera
from appliance.components.webcam.fetching import PictureSource
from appliance.components.webcam.options import build, cameras
from appliance.components.webcam.trying import try_out
from appliance.config.schema import vol
from appliance.core import Appliance
from appliance.domain.camera import Camera, CameraUnavailable, Picture
from appliance.errors import InvalidRequest
from appliance.processes import runtime_path

_STREAM_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=30)


class CameraService:
    """What is configured, and the connections to it."""

    def __init__(self, appliance: Appliance) -> None:
        self._appliance = appliance
        self._cameras: dict[str, Camera] = {}
        self._sources: dict[str, PictureSource] = {}
        self._streams: dict[str, tuple[aiohttp.ClientSession, str]] = {}
        self._sessions: list[aiohttp.ClientSession] = []
        self._processes: list[asyncio.Task[None]] = []
        self._devices: dict[str, str] = {}  # ids of cameras by their devices
        self._trying = asyncio.Lock()

    async def configure(self, entries: Sequence[Mapping[str, Any]]) -> None:
        """Go by these cameras from now on."""
        await self.close()
        common = self._open_session(None)
        for entry, camera in zip(entries, build(entries), strict=True):
            self._cameras[camera.id] = camera
            session, address, stream = common, camera.snapshot, camera.stream
            if "device" in entry:
                socket = runtime_path(self._appliance.paths.config, camera.id, "cam")
                local = LocalCamera(entry, socket)
                name = f"camera {camera.id}"
                self._processes.append(self._appliance.tasks.supervise(local.run, name))
                session = self._open_session(local.socket)
                self._devices[entry["device"]] = camera.id
                address, stream = "http://localhost/snapshot", "http://localhost/stream"
            if address is not None:
                self._sources[camera.id] = PictureSource(camera, session, address)
            if stream is not None and not stream.startswith("/"):
                self._streams[camera.id] = (session, stream)

    async def close(self) -> None:
        """Let go of every camera."""
        for process in self._processes:
            process.cancel()
        await asyncio.gather(*self._processes, return_exceptions=True)
        for source in self._sources.values():
            await source.close()
        for session in self._sessions:
            await session.close()
        for known in (self._cameras, self._sources, self._streams, self._devices):
            known.clear()
        self._sessions.clear()
        self._processes.clear()

    def of(self, printer_id: str) -> Sequence[Camera]:
        """Return the cameras that see that printer, its own first."""
        own = [camera for camera in self._cameras.values() if camera.printer == printer_id]
        return [*own, *(each for each in self._cameras.values() if each.printer is None)]

    def get(self, camera_id: str) -> Camera:
        """Return that camera."""
        try:
            return self._cameras[camera_id]
        except KeyError:
            raise CameraUnavailable("there is no such camera") from None

    async def picture(self, camera: Camera) -> Picture:
        """Take a picture."""
        source = self._sources.get(camera.id)
        if source is None:
            message = f"camera '{camera.name}' has no URL for pictures"
            raise CameraUnavailable(message)
        return await source.picture()

    async def try_out(self, options: Mapping[str, Any]) -> Picture:
        """Take a picture with a camera that is not configured; one at a time."""
        try:
            (entry,) = cameras([{"name": "Camera", **options}])
        except vol.Invalid as error:
            raise InvalidRequest(str(error)) from None
        if (known := self._devices.get(entry.get("device", ""))) is not None:
            return await self.picture(self.get(known))
        async with self._trying:
            return await try_out(entry, self._appliance.paths.config)

    @asynccontextmanager
    async def open_stream(self, camera_id: str) -> AsyncIterator[aiohttp.ClientResponse]:
        """Open the stream of a camera."""
        known = self._streams.get(camera_id)
        if known is None:
            raise CameraUnavailable("that camera has no stream to hand on")
        session, address = known
        camera = self.get(camera_id)
        async with session.get(
            address, ssl=camera.verify_tls, timeout=_STREAM_TIMEOUT, max_redirects=3
        ) as response:
            yield response

    def _open_session(self, socket: Path | None) -> aiohttp.ClientSession:
        connector = aiohttp.UnixConnector(str(socket)) if socket is not None else None
        session = aiohttp.ClientSession(connector=connector, auto_decompress=False)
        self._sessions.append(session)
        return session
