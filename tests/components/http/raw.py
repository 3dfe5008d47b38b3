"""HTTP by hand: for clients that do what no library would."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from tests.serving import Running
from tests.waiting import deadline


@dataclass(slots=True)
class Wire:
    """An open connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, text: str | bytes) -> None:
        self.writer.write(text.encode() if isinstance(text, str) else text)
        await self.writer.drain()

    async def head(self) -> tuple[int, dict[str, str]]:
        """Read the head of an answer: status, headers in small letters."""
        async with deadline("the head of an answer"):
            lines = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {}
        for line in lines[1:-2]:
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
        return int(lines[0].split()[1]), headers

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        """Read an answer whose length is told."""
        status, headers = await self.head()
        length = int(headers.get("content-length", "0"))
        async with deadline("the body of an answer"):
            return status, headers, await self.reader.readexactly(length)

    async def closed(self) -> bytes:
        """Read until the server closes, and return what came."""
        async with deadline("the end of the connection"):
            with suppress(ConnectionError):
                return await self.reader.read()
        return b""


@asynccontextmanager
async def wire(running: Running) -> AsyncIterator[Wire]:
    """Connect to the server."""
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
    try:
        yield Wire(reader, writer)
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


def request(method: str, path: str, *headers: str, host: str = "localhost") -> str:
    """Return the head of a request."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *headers]
    return "\r\n".join(lines) + "\r\n\r\n"
