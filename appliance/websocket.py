"""A websocket to one client: bounded in both directions, so that nobody holds back others.

    async def connect(request: web.Request) -> web.StreamResponse:
        async with await Channel.open(request) as channel:
            channel.send(greeting)
            async for text in channel:      # ends when either side closes
                ...
        return channel.response

Writing never waits: `send` queues, `send_latest` replaces what was queued under the same
topic, and a client that lets too much pile up, or takes nothing for half a minute, is closed
with 1013. A view that can merge its updates looks at `backlog` first. Reading is slowed down
to what one honest client needs. A socket on which nobody has proven who they are ends after
five seconds (set `identity` when they do). The Origin was checked by the guard before the
handler ran; at shutdown the server closes every channel with 1001.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from types import TracebackType
from typing import Self

from aiohttp import WSMsgType
from aiohttp.web import Request, WebSocketResponse

from appliance import web
from appliance.domain.identity import Identity

# Bytes that may wait for one client. A large message (the history that somebody asked for)
# counts as no more than this, so that it does not put out the client it was made for.
MAX_BACKLOG = 64 * 1024
LARGE_MESSAGE = 16 * 1024
MAX_MESSAGE = 1 << 20  # bytes, incoming
# Bytes handed to the transport before its own buffer, of this size, is waited for.
MAX_UNDRAINED = 16 * 1024
HEARTBEAT_S = 20.0
STALLED_S = 30.0
AUTHENTICATE_S = 5.0
# Incoming messages: this many at once, then this many a second.
BURST = 200
RATE = 50.0

GOING_AWAY = 1001
POLICY = 1008
TRY_AGAIN_LATER = 1013


class Channel:
    """One open websocket."""

    def __init__(
        self, response: WebSocketResponse, request: Request, *, authenticate_s: float | None
    ) -> None:
        self.response = response
        self.address = web.address(request)
        # Called when the credential is void from now on; closes unless a view knows better.
        self.on_revoked: Callable[[], None] = self._revoked
        self._request = request
        self._channels = web.match(request).channels
        self._identity = web.identity(request)
        self._queue: dict[object, bytes] = {}  # in order; topics replace in place
        self._backlog = 0
        self._wake = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._authenticate_s = authenticate_s
        self._allowance = float(BURST)
        self._refilled = 0.0

    @classmethod
    async def open(
        cls,
        request: Request,
        *,
        protocols: Sequence[str] = (),
        authenticate_s: float | None = AUTHENTICATE_S,
    ) -> Self:
        """Accept the websocket; ``authenticate_s`` None lets anonymous clients stay."""
        response = WebSocketResponse(
            protocols=protocols,
            heartbeat=HEARTBEAT_S,
            compress=False,  # costs memory per client, and bombs
            max_msg_size=MAX_MESSAGE,
            writer_limit=MAX_UNDRAINED,
        )
        await response.prepare(request)
        if request.transport is not None:
            request.transport.set_write_buffer_limits(high=MAX_UNDRAINED)
        return cls(response, request, authenticate_s=authenticate_s)

    async def __aenter__(self) -> Self:
        """Start to write and to wait for who it is."""
        loop = asyncio.get_running_loop()
        self._refilled = loop.time()
        self._channels.add(self)
        self._writer = loop.create_task(self._write(), name=f"websocket to {self.address}")
        if self._authenticate_s is not None and self._identity.anonymous:
            self._deadline = loop.call_later(
                self._authenticate_s, self.end, POLICY, "nobody logged in"
            )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close, whatever happened."""
        self._channels.discard(self)
        self._cancel_deadline()
        if self._writer is not None:
            self._writer.cancel()
        if self._closing is not None:
            await self._closing
        elif not self.response.closed:
            await self._close(GOING_AWAY if error is None else 1011, "")

    @property
    def identity(self) -> Identity:
        """Who is at the other end."""
        return self._identity

    @identity.setter
    def identity(self, who: Identity) -> None:
        self._identity = who
        if not who.anonymous:
            self._cancel_deadline()
            web.match(self._request).trust()

    @property
    def backlog(self) -> int:
        """Bytes that wait to be written (large messages count less); 0 = it keeps up."""
        return self._backlog

    @property
    def closed(self) -> bool:
        """Whether nothing can be sent any more."""
        return self.response.closed or self._closing is not None

    def send(self, data: str | bytes) -> None:
        """Queue a text message (bytes are UTF-8 text rendered once for many clients)."""
        self._put(object(), data)

    def send_latest(self, topic: str, data: str | bytes) -> None:
        """Queue a message in place of the one of the same topic that still waits."""
        self._put(topic, data)

    def end(self, code: int, reason: str) -> None:
        """Begin to close; the loop over the messages ends."""
        if self._closing is None and not self.response.closed:
            self._closing = asyncio.get_running_loop().create_task(
                self._close(code, reason), name=f"close websocket to {self.address}"
            )

    async def close(self, code: int, reason: str) -> None:
        """Close and wait until it is done."""
        self.end(code, reason)
        if self._closing is not None:
            await asyncio.shield(self._closing)

    async def __aiter__(self) -> AsyncIterator[str]:
        """Yield the text messages of the client; binary ones count as text."""
        while True:
            message = await self.response.receive()
            if message.type is WSMsgType.TEXT:
                text = message.data
            elif message.type is WSMsgType.BINARY:
                text = message.data.decode("utf-8", "replace")
            else:
                return
            await self._throttle()
            yield text

    def _put(self, topic: object, data: str | bytes) -> None:
        if self.closed:
            return
        content = data.encode() if isinstance(data, str) else data
        waiting = self._queue.get(topic)
        if waiting is not None:
            self._backlog -= _weight(waiting)
        elif self._backlog > MAX_BACKLOG:
            self.end(TRY_AGAIN_LATER, "too slow")
            return
        self._queue[topic] = content
        self._backlog += _weight(content)
        self._wake.set()

    async def _write(self) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self._queue:
                    topic = next(iter(self._queue))
                    content = self._queue.pop(topic)
                    try:
                        async with asyncio.timeout(STALLED_S):
                            await self.response.send_frame(content, WSMsgType.TEXT)
                    except TimeoutError:
                        self.end(TRY_AGAIN_LATER, "too slow")
                        return
                    self._backlog -= _weight(content)

    async def _close(self, code: int, reason: str) -> None:
        """Say why, give the client a moment, then let go of the connection for certain."""
        self._cancel_deadline()
        if self._writer is not None:
            self._writer.cancel()
        self._queue.clear()
        transport = self._request.transport
        with contextlib.suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(2):
                await self.response.close(code=code, message=reason.encode(), drain=False)
        if transport is not None and not transport.is_closing():
            transport.close()
        if transport is not None and transport.get_write_buffer_size():
            transport.abort()  # it does not read: nothing of it is kept

    async def _throttle(self) -> None:
        """Make a client wait that sends more than `RATE` messages a second for long."""
        now = asyncio.get_running_loop().time()
        self._allowance = min(self._allowance + (now - self._refilled) * RATE, BURST) - 1
        self._refilled = now
        if self._allowance < 0:
            await asyncio.sleep(-self._allowance / RATE)

    def _revoked(self) -> None:
        self.end(POLICY, "the credential is void")

    def _cancel_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def _weight(content: bytes) -> int:
    return min(len(content), LARGE_MESSAGE)
