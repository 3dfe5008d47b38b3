"""R16, S30: clients that hold on and never read cost little, and hold nobody back."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from tests.components.http.raw import request
from tests.serving import API_KEY
from tests.waiting import deadline

MEBIBYTE = 1 << 20
MOST_GROWTH = 8 * MEBIBYTE
HALF_OPEN = 600
NEVER_READING = 50


@dataclass(slots=True)
class Server:
    """A server in a process of its own."""

    url: str
    pid: int
    client: aiohttp.ClientSession

    @property
    def port(self) -> int:
        port = urlsplit(self.url).port
        assert port is not None
        return port

    @property
    def memory(self) -> int:
        """Resident memory in bytes."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    async def get(self, path: str) -> tuple[int, str]:
        headers = {"X-Api-Key": API_KEY}
        async with (
            deadline(path),
            self.client.get(self.url + path, headers=headers) as response,
        ):
            return response.status, await response.text()

    async def websockets(self) -> int:
        """Return how many are open, as the server says."""
        _, text = await self.get("/metrics")
        line = next(each for each in text.splitlines() if each.startswith("gantry_websockets"))
        return int(line.split()[1])


@asynccontextmanager
async def server(directory: Path, files: int = 4096) -> AsyncIterator[Server]:
    process = await asyncio.create_subprocess_exec(
        *("prlimit", f"--nofile={files}"),
        sys.executable,
        "-m",
        "tests.components.http.server_process",
        str(directory),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        async with deadline("the server"):
            url = (await process.stdout.readline()).decode().strip()
        async with aiohttp.ClientSession() as client:
            yield Server(url, process.pid, client)
    finally:
        process.stdin.close()
        async with deadline("the end of the server"):
            assert await process.wait() == 0


async def silent(port: int, stack: AsyncExitStack, first: str) -> socket.socket:
    """Connect, say something, and never read."""
    connection = stack.enter_context(socket.socket())
    connection.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(connection, ("127.0.0.1", port))
    await loop.sock_sendall(connection, first.encode())
    return connection


async def test_s30_half_open_connections_cost_little(tmp_path: Path) -> None:
    async with server(tmp_path) as running, AsyncExitStack() as stack:
        for _ in range(50):
            await running.get("/api/state")
        before = running.memory
        for _ in range(HALF_OPEN):
            await silent(running.port, stack, "GET /api/state HTTP/1.1\r\nX-Half: ")
        for _ in range(50):
            status, _ = await running.get("/api/state")
            assert status == 200
        assert running.memory - before < MOST_GROWTH


async def test_r16_readers_that_never_read_cost_little(tmp_path: Path) -> None:
    upgrade = request(
        "GET",
        "/chat",
        f"X-Api-Key: {API_KEY}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    )
    async with server(tmp_path) as running, AsyncExitStack() as stack:
        for _ in range(50):
            await running.get("/api/state")
        before = running.memory
        sockets = [await silent(running.port, stack, upgrade) for _ in range(NEVER_READING)]

        async with deadline("all websockets are open"):
            while await running.websockets() < NEVER_READING:
                pass
        flood = b"flood 2000"
        for each in sockets:
            each.send(bytes([0x81, 0x80 | len(flood)]) + b"\0\0\0\0" + flood)
        async with deadline("all websockets are gone"):
            while await running.websockets():
                assert (await running.get("/api/state"))[0] == 200
        assert running.memory - before < MOST_GROWTH


async def test_more_connections_than_files_leave_files_to_be_opened(tmp_path: Path) -> None:
    many, files = 400, 256
    async with server(tmp_path, files) as running, AsyncExitStack() as open_ones:
        for number in range(many):
            own = (f"127.0.0.{2 + number % 200}", 0)
            _, writer = await asyncio.open_connection(
                "127.0.0.1", running.port, local_addr=own
            )
            writer.write(b"GET /open HTTP/1.1\r\n")  # and never its end
            open_ones.callback(writer.close)
        descriptors = Path(f"/proc/{running.pid}/fd")
        async with deadline("an answer"):
            while True:
                with contextlib.suppress(aiohttp.ClientError):
                    if (await running.get("/open"))[0] == 200:
                        break
        # Who was accepted with others at once has been sent away by now.
        assert len(list(descriptors.iterdir())) < files - 32
