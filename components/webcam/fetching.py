"""Pictures over HTTP, with limits: a camera is a stranger on the network."""

from __future__ import annotations

import asyncio

import aiohttp

from appliance.domain.camera import Camera, CameraUnavailable, Picture
from appliance.outgoing import reason_of

MOST_BYTES = 10 * 1024 * 1024
# Many clients ask at once, and a page asks again and again: they share what is this fresh.
FRESH_S = 0.25

_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
)


class PictureSource:
    """Takes pictures from one camera, one at a time; whoever asks meanwhile shares it."""

    def __init__(self, camera: Camera, session: aiohttp.ClientSession, address: str) -> None:
        self.camera = camera
        self._session = session
        self._address = address
        self._running: asyncio.Task[Picture] | None = None
        self._last: tuple[float, Picture] | None = None

    async def picture(self) -> Picture:
        """Return a picture of now."""
        now = asyncio.get_running_loop().time()
        if self._last is not None and now - self._last[0] < FRESH_S:
            return self._last[1]
        if self._running is None:
            self._running = asyncio.create_task(
                self._fetch(), name=f"picture of {self.camera.id}"
            )
            self._running.add_done_callback(self._done)
        return await asyncio.shield(self._running)

    async def close(self) -> None:
        """Give up what is under way."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _fetch(self) -> Picture:
        camera = self.camera
        try:
            async with (
                asyncio.timeout(camera.timeout_s),
                self._session.get(
                    self._address, ssl=camera.verify_tls, max_redirects=3
                ) as response,
            ):
                if response.status != 200:
                    message = f"camera '{camera.name}' answers {response.status}"
                    raise CameraUnavailable(message)
                data = await _read(response, camera.name)
        except TimeoutError:
            message = f"camera '{camera.name}' gave no picture in {camera.timeout_s:g} s"
            raise CameraUnavailable(message) from None
        except (aiohttp.ClientError, OSError) as error:
            message = f"camera '{camera.name}' cannot be reached: {reason_of(error)}"
            raise CameraUnavailable(message) from error
        picture = Picture(data, media_type(data, camera.name))
        self._last = (asyncio.get_running_loop().time(), picture)
        return picture

    def _done(self, task: asyncio.Task[Picture]) -> None:
        self._running = None
        if not task.cancelled():
            task.exception()  # told to whoever waits; nobody may


def media_type(data: bytes, name: str) -> str:
    """Return what kind of picture the bytes are; whatever the camera says it is."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    message = f"what camera '{name}' sends is no picture"
    raise CameraUnavailable(message)


async def _read(response: aiohttp.ClientResponse, name: str) -> bytes:
    data = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        data += chunk
        if len(data) > MOST_BYTES:
            message = f"camera '{name}' sends more than {MOST_BYTES // 2**20} MB"
            raise CameraUnavailable(message)
    return bytes(data)
