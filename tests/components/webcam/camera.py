"""A camera on the network: answers with pictures, or with whatever a test wants."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

# The smallest picture that ffmpeg and everybody else takes for one: grey, 16 x 16.
JPEG = bytes.fromhex(
    "ffd8ffe000104a46494600010200000100010000fffe00104c61766335392e33372e31303000ffdb"
    "004300083e3e493e49555555555555645d6468686864646464686868707070838383707070686870"
    "707c7c83838f938f8787838793939b9b9bbabab2b2d9d9e0ffffffffc4004a000100000000000000"
    "00000000000000000001010000000000000000000000000000000010010000000000000000000000"
    "0000000000110100000000000000000000000000000000ffc0001108001000100301220002110003"
    "1100ffda000c03010002110311003f00000fffd9"
)


class FakeCamera:
    """What the camera does; ``answer`` may be replaced."""

    def __init__(self) -> None:
        self.url = ""
        self.asked = 0
        self.stall = asyncio.Event()
        self.stall.set()
        self.answer: Callable[[], web.StreamResponse] = lambda: web.Response(
            body=JPEG, content_type="image/jpeg"
        )

    async def snapshot(self, _request: web.Request) -> web.StreamResponse:
        self.asked += 1
        await self.stall.wait()
        return self.answer()

    async def stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={"Content-Type": "multipart/x-mixed-replace; boundary=b"}
        )
        await response.prepare(request)
        for _ in range(3):
            await response.write(b"--b\r\nContent-Type: image/jpeg\r\n\r\n" + JPEG + b"\r\n")
        return response

    @property
    def application(self) -> web.Application:
        application = web.Application()
        application.router.add_get("/snapshot", self.snapshot)
        application.router.add_get("/stream", self.stream)
        return application


@asynccontextmanager
async def camera_server() -> AsyncIterator[FakeCamera]:
    camera = FakeCamera()
    runner = web.AppRunner(camera.application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
    camera.url = f"http://127.0.0.1:{port}"
    try:
        yield camera
    finally:
        camera.stall.set()
        await runner.cleanup()
