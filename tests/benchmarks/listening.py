"""Clients of the push API or of Moonraker's websocket, in a process of their own.

``python -m tests.benchmarks.listening PORT AUTH CLIENTS [moonraker]`` opens them one after
the other over raw sockets, logs each in (and subscribes to everything) and prints the seconds
that it took; for each line on its standard input it prints how many frames and bytes have come
so far, and how many clients were closed.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import resource
import selectors
import socket
import sys
import time
from collections.abc import Sequence
from typing import Any

HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{more}"
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: {key}\r\n\r\n"
)
# The objects that a simulated printer has; a front end lists them first.
OBJECTS = (
    "webhooks",
    "configfile",
    "toolhead",
    "motion_report",
    "gcode_move",
    "extruder",
    "heater_bed",
    "heaters",
    "fan",
    "print_stats",
    "virtual_sdcard",
    "display_status",
    "pause_resume",
    "idle_timeout",
    "system_stats",
    "bed_mesh",
    "exclude_object",
    "gcode",
    "query_endstops",
    "stepper_enable",
    "mcu",
)
TEXT = 0x81
MASKED = 0x80


class Client:
    """One websocket; it counts the frames that come and looks into none."""

    def __init__(self, port: int, path: str, first: Sequence[Any], more: str = "") -> None:
        """Ask for ``path`` with ``more`` headers, and send the ``first`` messages."""
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.settimeout(30)
        self.frames = self.bytes = 0
        key = base64.b64encode(os.urandom(16)).decode()
        handshake = HANDSHAKE.format(path=path, port=port, key=key, more=more)
        self.socket.sendall(handshake.encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            if not (data := self.socket.recv(4096)):
                raise ConnectionError(f"{path} turned a client away")
            answer += data
        head, _, self._received = answer.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 101"):
            raise ConnectionError(head.split(b"\r\n")[0].decode())
        for message in first:
            self._send(json.dumps(message).encode())

    def take(self) -> bool:
        """Take bytes; return whether the connection still stands."""
        data = self._received + self.socket.recv(1 << 16)
        if data == self._received:
            return False
        at = 0
        while (end := _end_of_frame(data, at)) is not None:
            self.frames += 1
            self.bytes += end - at
            at = end
        self._received = data[at:]
        return True

    def _send(self, text: bytes) -> None:
        # A mask of zeros leaves the text as it is.
        assert len(text) < 65536
        length = bytes([MASKED | 126]) + len(text).to_bytes(2, "big")
        self.socket.sendall(bytes([TEXT]) + length + b"\0\0\0\0" + text)


def _end_of_frame(data: bytes, at: int) -> int | None:
    """Return where the frame that begins ``at`` ends, if it is complete."""
    if len(data) < at + 2:
        return None
    size, head = data[at + 1] & 127, 2
    if size >= 126:
        head += 2 if size == 126 else 8
        if len(data) < at + head:
            return None
        size = int.from_bytes(data[at + 2 : at + head], "big")
    end = at + head + size
    return end if end <= len(data) else None


def main() -> None:
    """Open, and listen as long as somebody asks."""
    port, auth, count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    wants = moonraker if sys.argv[4:] == ["moonraker"] else sockjs
    crowd = Crowd()
    begun = time.monotonic()
    for number in range(count):
        crowd.join(wants(port, number, auth))
        crowd.listen(0)  # those who are in read on meanwhile
    _say({"open_seconds": time.monotonic() - begun})
    crowd.selector.register(sys.stdin, selectors.EVENT_READ)
    while crowd.listen(None):
        pass


def sockjs(port: int, number: int, auth: str) -> Client:
    """Open a client of OctoPrint's push API; ``auth`` is a name and a session."""
    path = f"/sockjs/001/bench{number}/websocket"
    return Client(port, path, [[json.dumps({"auth": auth})]])


def moonraker(port: int, number: int, key: str) -> Client:
    """Open a client that subscribes to every object, as Mainsail and Fluidd do."""
    who = {"client_name": "bench", "version": str(number), "type": "web", "url": "/"}
    wish = {"objects": dict.fromkeys(OBJECTS)}
    calls = [("server.connection.identify", who), ("printer.objects.subscribe", wish)]
    messages = [
        {"jsonrpc": "2.0", "method": method, "params": params, "id": index}
        for index, (method, params) in enumerate(calls)
    ]
    return Client(port, "/websocket", messages, f"X-Api-Key: {key}\r\n")


class Crowd:
    """All clients, and whoever asks about them."""

    def __init__(self) -> None:
        self.selector = selectors.DefaultSelector()
        self._clients: list[Client] = []
        self._closed = 0

    def join(self, client: Client) -> None:
        self._clients.append(client)
        self.selector.register(client.socket, selectors.EVENT_READ, client)

    def listen(self, timeout: float | None) -> bool:
        """Take what came; return False once nobody asks any more."""
        for key, _ in self.selector.select(timeout):
            client = key.data
            if client is None:
                if not sys.stdin.readline():
                    return False
                frames = sum(client.frames for client in self._clients)
                received = sum(client.bytes for client in self._clients)
                _say({"frames": frames, "bytes": received, "closed": self._closed})
            elif not _stands(client):
                self.selector.unregister(client.socket)
                self._closed += 1
        return True


def _stands(client: Client) -> bool:
    with contextlib.suppress(ConnectionError):
        return client.take()
    return False


def _say(what: dict[str, float]) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main()
