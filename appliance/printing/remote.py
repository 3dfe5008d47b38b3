"""The appliance over HTTP: what printing a file asks of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

from appliance.printing.outcome import CannotPrint, Unreachable
from appliance.records import dataclass

_CHUNK = 256 * 1024
_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=120)


@dataclass(frozen=True, slots=True)
class Address:
    """Where an appliance is reached."""

    url: str  # without a slash at its end
    socket: Path | None = None  # the control socket of this machine
    api_key: str | None = None
    printer: str | None = None  # None: the first one

    def __str__(self) -> str:
        return self.url if self.socket is None else "the appliance on this machine"

    @property
    def base(self) -> str:
        """The URL below which the API of the printer is."""
        return f"{self.url}/printers/{self.printer}" if self.printer else self.url


class Remote:
    """One appliance and one printer of it; used as ``async with``."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        address = self._address
        connector = (
            aiohttp.UnixConnector(str(address.socket)) if address.socket is not None else None
        )
        headers = {"X-Api-Key": address.api_key} if address.api_key else {}
        self._session = aiohttp.ClientSession(
            connector=connector, headers=headers, timeout=_TIMEOUT
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._session is not None
        await self._session.close()

    async def check(self) -> str:
        """Return the version; raise if this is no appliance, or we may not in."""
        answer = await self._call("GET", "/api/version")
        return str(answer["text"])

    async def connection(self) -> str:
        """Return the state of the line to the printer."""
        answer = await self._call("GET", "/api/connection")
        return str(answer["current"]["state"])

    async def connect_printer(self) -> None:
        """Let the appliance connect to its printer."""
        await self._call("POST", "/api/connection", json={"command": "connect"})

    async def job(self) -> dict[str, Any]:
        """Return the present job."""
        return await self._call("GET", "/api/job")

    async def cancel(self) -> None:
        """Cancel the present job."""
        await self._call("POST", "/api/job", json={"command": "cancel"})

    async def upload(self, file: Path, sent: Callable[[int], None]) -> str:
        """Upload a file and return its path there; ``sent`` hears the bytes so far."""
        form = aiohttp.FormData(quote_fields=False)
        form.add_field(
            "file",
            _read(file, sent),
            filename=file.name,
            content_type="application/octet-stream",
        )
        answer = await self._call("POST", "/api/files/local", data=form)
        return str(answer["files"]["local"]["path"])

    async def start(self, path: str) -> None:
        """Print an uploaded file."""
        body = {"command": "select", "print": True}
        await self._call("POST", f"/api/files/local/{path}", json=body)

    @asynccontextmanager
    async def push(self) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
        """Open the push side; yields its messages, which end when the line breaks."""
        assert self._session is not None
        url = f"{self._address.base}/sockjs/websocket"
        try:
            async with self._session.ws_connect(url, heartbeat=30) as socket:
                yield _messages(socket)
        except aiohttp.ClientError as error:
            message = f"{self._address} does not answer: {error}"
            raise Unreachable(message) from error

    async def _call(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        assert self._session is not None
        url = self._address.base + path
        try:
            async with self._session.request(method, url, **options) as response:
                content = await response.read()
                status = response.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            message = f"{self._address} does not answer: {error}"
            raise Unreachable(message) from error
        answer = _object(content)
        if status < 400:
            return answer
        reason = answer.get("error") or f"HTTP status {status}"
        if status in (401, 403) or reason == "CSRF validation failed":
            raise CannotPrint("the API key is missing or wrong: give it by --api-key")
        message = f"{self._address} refuses: {reason}"
        raise CannotPrint(message)


def _object(content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content) if content else {}
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


async def _messages(
    socket: aiohttp.ClientWebSocketResponse,
) -> AsyncIterator[dict[str, Any]]:
    async for message in socket:
        if message.type is aiohttp.WSMsgType.TEXT:
            yield json.loads(message.data)


async def _read(file: Path, sent: Callable[[int], None]) -> AsyncIterator[bytes]:
    count = 0
    reader = await asyncio.to_thread(file.open, "rb")
    try:
        while chunk := await asyncio.to_thread(reader.read, _CHUNK):
            yield chunk
            count += len(chunk)
            sent(count)
    finally:
        reader.close()
