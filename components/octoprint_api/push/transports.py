"""The ways a client can reach the hub: websockets, long polling, streams."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterable
from typing import Any

from appliance import web
from appliance.components.octoprint_api.push import frames
from appliance.components.octoprint_api.push.client import Client
from appliance.components.octoprint_api.push.hub import Hub
from appliance.components.octoprint_api.push.sessions import Session, Sessions
from appliance.components.octoprint_api.routing import route
from appliance.domain.identity import ANONYMOUS, Identity
from appliance.domain.permissions import public
from appliance.errors import FileMissing
from appliance.websocket import Channel

# A client that shows nothing may listen to the greeting that long.
_ANONYMOUS_S = 60.0
# A stream ends after that many bytes, so that browsers can free what they collected.
_STREAM_BYTES = 128 * 1024
_HEARTBEAT_S = 25.0
# How often a silent stream looks whether its client is still there.
_LOOK_S = 5.0
_SCRIPT = "application/javascript"
_TAKEN = frames.close(frames.ANOTHER_CONNECTION, "Another connection still open")


class RawSocket:
    """A websocket that carries bare JSON objects."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self.address = channel.address
        # The hub hears of void credentials too, and asks the client to log in again.
        channel.on_revoked = _stay_open

    @property
    def backlog(self) -> int:
        """Bytes that wait."""
        return self._channel.backlog

    def send(self, message: bytes) -> None:
        """Queue a message."""
        self._channel.send(message)

    def end(self, code: int, reason: str) -> None:
        """Begin to close."""
        self._channel.end(code, reason)

    def identified(self, who: Identity) -> None:
        """Take note of who is at the other end."""
        self._channel.identity = who


class FramedSocket(RawSocket):
    """A websocket that speaks SockJS frames."""

    def send(self, message: bytes) -> None:
        """Queue a message in a frame."""
        super().send(frames.array((message,)))


class Transports:
    """The SockJS server."""

    def __init__(self, find_hub: Callable[[str], Hub]) -> None:
        self._find_hub = find_hub
        self._sessions = Sessions()

    def routes(self) -> Iterable[web.Route]:
        """Declare the routes; each answers everybody, messages say who somebody is."""
        session = "/sockjs/{server}/{session}"
        yield route("GET", "/sockjs", self.greet, public())
        yield route("GET", "/sockjs/info", self.info, public(), websocket=True)
        for path, method, handler in (
            ("/sockjs/websocket", "GET", self.raw_websocket),
            (f"{session}/websocket", "GET", self.websocket),
            (f"{session}/xhr", "POST", self.xhr),
            (f"{session}/xhr_streaming", "POST", self.xhr_streaming),
            (f"{session}/xhr_send", "POST", self.xhr_send),
            (f"{session}/eventsource", "GET", self.eventsource),
        ):
            yield route(method, path, handler, public(), websocket=True, csrf_exempt=True)

    async def greet(self, _request: web.Request) -> web.StreamResponse:
        """Say that SockJS is spoken here."""
        return web.Response(text="Welcome to SockJS!\n", content_type="text/plain")

    async def info(self, _request: web.Request) -> web.StreamResponse:
        """Return what the SockJS client asks before it connects."""
        return web.json_response(
            {
                "websocket": True,
                "cookie_needed": False,
                "origins": ["*:*"],
                "entropy": secrets.randbits(32),
            },
            headers={"Cache-Control": "no-store, no-cache, must-revalidate, max-age=0"},
        )

    async def raw_websocket(self, request: web.Request) -> web.StreamResponse:
        """Push over a plain websocket, one JSON object a message."""
        hub = self._hub(request)
        async with await Channel.open(request, authenticate_s=_ANONYMOUS_S) as channel:
            client = Client(RawSocket(channel))
            hub.join(client, _shown(request))
            try:
                async for text in channel:
                    hub.receive(client, text)
            finally:
                hub.leave(client)
        return channel.response

    async def websocket(self, request: web.Request) -> web.StreamResponse:
        """Push over a websocket in SockJS frames."""
        _check_names(request)
        hub = self._hub(request)
        async with await Channel.open(request, authenticate_s=_ANONYMOUS_S) as channel:
            channel.send(frames.OPEN)
            client = Client(FramedSocket(channel))
            hub.join(client)
            heart = asyncio.ensure_future(_beat(channel))
            try:
                async for text in channel:
                    for message in frames.parse(text) if text else ():
                        hub.receive(client, message)
            except frames.BadFrame:
                channel.end(1003, "not a SockJS frame")
            finally:
                heart.cancel()
                hub.leave(client)
        return channel.response

    async def xhr(self, request: web.Request) -> web.StreamResponse:
        """Answer with what waits, or wait for it."""
        session, new = self._session(request)
        if new:
            return _script(frames.OPEN)
        if not session.take():
            return _script(
                frames.close(frames.ANOTHER_CONNECTION, "Another connection still open")
            )
        try:
            return _script(await session.next_frame(_HEARTBEAT_S) or frames.HEARTBEAT)
        finally:
            session.give_back()

    async def xhr_streaming(self, request: web.Request) -> web.StreamResponse:
        """Stream frames, one a line."""
        return await self._stream(request, _SCRIPT, b"h" * 2048 + b"\n", b"%s\n")

    async def eventsource(self, request: web.Request) -> web.StreamResponse:
        """Stream frames as server-sent events."""
        return await self._stream(request, "text/event-stream", b"\r\n", b"data: %s\r\n\r\n")

    async def xhr_send(self, request: web.Request) -> web.StreamResponse:
        """Take messages of a client that polls or reads a stream."""
        session = self._sessions.find(self._key(request))
        if session is None:
            raise FileMissing("there is no such session")
        text = await request.read()
        try:
            received = frames.parse(text)
        except frames.BadFrame:
            problem = "Broken JSON encoding." if text else "Payload expected."
            return web.Response(status=500, text=problem)
        for message in received:
            session.hub.receive(session.client, message)
        return web.no_content()

    async def _stream(
        self, request: web.Request, content_type: str, prelude: bytes, frame_form: bytes
    ) -> web.StreamResponse:
        session, new = self._session(request)
        response = web.StreamResponse(
            headers={
                "Content-Type": f"{content_type}; charset=UTF-8",
                "Cache-Control": "no-store",
            }
        )
        await response.prepare(request)
        await response.write(prelude)
        if not session.take():
            await response.write(frame_form % _TAKEN)
            return response
        try:
            await _write_frames(request, response, session, frame_form, new=new)
        finally:
            session.give_back()
        return response

    def close(self) -> None:
        """End what polls and streams; websockets are closed by the server."""
        self._sessions.close()

    def _session(self, request: web.Request) -> tuple[Session, bool]:
        _check_names(request)
        key = self._key(request)
        session = self._sessions.find(key)
        if session is not None:
            return session, False
        session = self._sessions.open(key, self._hub(request), web.address(request))
        return session, True

    def _hub(self, request: web.Request) -> Hub:
        return self._find_hub(web.printer(request).id)

    def _key(self, request: web.Request) -> tuple[str, str]:
        return web.printer(request).id, request.match_info["session"]


async def _write_frames(
    request: web.Request,
    response: web.StreamResponse,
    session: Session,
    frame_form: bytes,
    *,
    new: bool,
) -> None:
    """Write frames until there were enough, or one side has gone."""
    frame: bytes | None = frames.OPEN if new else None
    sent, silent_s = 0, 0.0
    while sent < _STREAM_BYTES and not _gone(request):
        if frame is not None:
            written = frame_form % frame
            await response.write(written)
            sent, silent_s = sent + len(written), 0.0
            if session.closed:
                return
        frame = await session.next_frame(_LOOK_S)
        if frame is None:
            silent_s += _LOOK_S
            frame = frames.HEARTBEAT if silent_s >= _HEARTBEAT_S else None


def _stay_open() -> None:
    """Leave a socket open whose client has to log in again."""


def _gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


async def _beat(channel: Channel) -> None:
    while True:
        await asyncio.sleep(_HEARTBEAT_S)
        channel.send(frames.HEARTBEAT)


def _shown(request: web.Request) -> Identity:
    """Return who showed a key with the request; what a browser adds by itself is no proof."""
    who = web.identity(request)
    return ANONYMOUS if who.ambient else who


def _check_names(request: web.Request) -> None:
    """SockJS forbids dots in the names of servers and sessions."""
    if any("." in request.match_info[name] for name in ("server", "session")):
        raise FileMissing("that is no SockJS session")


def _script(frame: bytes, **options: Any) -> web.Response:
    return web.Response(body=frame + b"\n", content_type=_SCRIPT, charset="UTF-8", **options)
