"""A picture from a camera that is not configured, so that people see it before it is."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from appliance.components.webcam.device import PROGRAM, LocalCamera
from appliance.components.webcam.fetching import MOST_BYTES, PictureSource, media_type
from appliance.components.webcam.mjpeg import FirstPicture
from appliance.components.webcam.options import build
from appliance.domain.camera import Camera, CameraUnavailable, Picture
from appliance.outgoing import reason_of
from appliance.processes import runtime_path

# A USB camera takes a second or two to its first picture, some on a Pi Zero five.
DEVICE_S = 15.0
_AGAIN_S = 0.25
# ustreamer shows a picture of its own while the device gives none, and says so.
ONLINE = "X-UStreamer-Online"


async def try_out(entry: Mapping[str, Any], config: Path) -> Picture:
    """Return what a camera with these checked options sees, or raise `CameraUnavailable`."""
    (camera,) = build([entry])
    if "device" in entry:
        async with asyncio.timeout(DEVICE_S) as limit, _running(entry, config) as device:
            try:
                return await device.picture(camera)
            except asyncio.CancelledError:
                if not limit.expired():
                    raise
        message = f"{entry['device']} gave no picture in {DEVICE_S:g} s"
        raise CameraUnavailable(message)
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        if camera.snapshot is not None:
            return await PictureSource(camera, session, camera.snapshot).picture()
        if camera.stream is None or camera.stream.startswith("/"):
            raise CameraUnavailable("it takes an address or a device to see a picture")
        return await _first_of_stream(camera, session, camera.stream)


async def _first_of_stream(
    camera: Camera, session: aiohttp.ClientSession, address: str
) -> Picture:
    try:
        async with (
            asyncio.timeout(camera.timeout_s),
            session.get(address, ssl=camera.verify_tls, max_redirects=3) as response,
        ):
            if response.status != 200:
                message = f"the camera answers {response.status}"
                raise CameraUnavailable(message)
            data = await _frame(response)
    except TimeoutError:
        message = f"the camera gave no picture in {camera.timeout_s:g} s"
        raise CameraUnavailable(message) from None
    except (aiohttp.ClientError, OSError) as error:
        message = f"the camera cannot be reached: {reason_of(error)}"
        raise CameraUnavailable(message) from error
    return Picture(data, media_type(data, camera.name))


async def _frame(response: aiohttp.ClientResponse) -> bytes:
    """Return the first picture of an MJPEG stream, or all of what is one picture."""
    moving = response.headers.get("Content-Type", "").startswith("multipart/")
    first, data, received = FirstPicture(), bytearray(), 0
    async for chunk in response.content.iter_any():
        received += len(chunk)
        if not moving:
            data += chunk
        elif (found := first.feed(chunk)) is not None:
            return found
        if received > MOST_BYTES:
            raise CameraUnavailable("what the camera sends is no stream of pictures")
    return bytes(data)


class _Device:
    """A camera at this computer that runs for as long as somebody looks."""

    def __init__(self, session: aiohttp.ClientSession, run: asyncio.Task[None]) -> None:
        self._session = session
        self._run = run

    async def picture(self, camera: Camera) -> Picture:
        """Return the first real picture."""
        while True:
            if self._run.done():
                raise CameraUnavailable(_why(self._run))
            try:
                async with self._session.get("http://localhost/snapshot") as response:
                    data = await response.read()
                    if response.status == 200 and response.headers.get(ONLINE) != "false":
                        return Picture(data, media_type(data, camera.name))
            except (aiohttp.ClientError, OSError):
                pass  # it is not listening yet
            await asyncio.sleep(_AGAIN_S)


@asynccontextmanager
async def _running(entry: Mapping[str, Any], config: Path) -> AsyncIterator[_Device]:
    local = LocalCamera(entry, runtime_path(config, f"try-{secrets.token_hex(4)}", "cam"))
    run = asyncio.create_task(local.run(), name="try a camera")
    connector = aiohttp.UnixConnector(str(local.socket))
    try:
        async with aiohttp.ClientSession(connector=connector) as session:
            yield _Device(session, run)
    finally:
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)
        await asyncio.to_thread(local.socket.unlink, missing_ok=True)


def _why(run: asyncio.Task[None]) -> str:
    error = None if run.cancelled() else run.exception()
    if isinstance(error, FileNotFoundError):
        return f"{PROGRAM} is not installed on this computer"
    return str(error) if error is not None else f"{PROGRAM} ended"
