"""Why another server was not reached, in words; never the URL, which may hold a password."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable

import pytest

from appliance.errors import DeviceFailed
from appliance.outgoing import Caller

Client = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.close()


async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"hello, I am a printer\r\n\r\n")
    writer.close()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (None, "nobody listens there"),
        (hang_up, "it broke off"),
        (babble, "it answers nothing that could be understood"),
    ],
)
async def test_why_a_server_was_not_reached(
    unused_tcp_port: int, answer: Client | None, reason: str
) -> None:
    server = answer and await asyncio.start_server(answer, "127.0.0.1", unused_tcp_port)
    caller = Caller(loopback=True)
    with pytest.raises(DeviceFailed) as failed:
        await caller.call("GET", f"http://u:hidden@127.0.0.1:{unused_tcp_port}/")
    await caller.close()
    if server:
        server.close()
        await server.wait_closed()
    assert str(failed.value).endswith(f"cannot be called: {reason}")
    assert "hidden" not in str(failed.value)


async def test_a_name_that_nobody_has(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **_options: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    # A computer without network asks for longer than we wait.
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    caller = Caller()
    with pytest.raises(DeviceFailed, match="no computer of that name is known"):
        await caller.call("GET", "http://nobody.invalid/")
    await caller.close()
