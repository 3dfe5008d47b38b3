"""SockJS clients of the push API, in a process of their own, over raw sockets.

``python -m tests.benchmarks.listening PORT AUTH CLIENTS`` opens them one after the other,
logs each in and prints the seconds that it took; for each line on its standard input it
prints how many frames have come so far, and how many clients were closed.
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

HANDSHAKE = (
    "GET /sockjs/001/{name}/websocket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: {key}\r\n\r\n"
)
TEXT = 0x81
MASKED = 0x80


class Client:
    """One websocket; it counts the frames that come and looks into none."""

    def __init__(self, port: int, number: int, auth: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.settimeout(30)
        self.frames = 0
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            HANDSHAKE.format(name=f"bench{number}", port=port, key=key).encode()
        )
        answer = b""
        while b"\r\n\r\n" not in answer:
            if not (data := self.socket.recv(4096)):
                raise ConnectionError(f"client {number} was turned away")
            answer += data
        head, _, self._received = answer.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 101"):
            raise ConnectionError(head.split(b"\r\n")[0].decode())
        self._send(json.dumps([json.dumps({"auth": auth})]).encode())

    def take(self) -> bool:
        """Take bytes; return whether the connection still stands."""
        data = self._received + self.socket.recv(1 << 16)
        if data == self._received:
            return False
        at = 0
        while (end := _end_of_frame(data, at)) is not None:
            self.frames += 1
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
    crowd = Crowd()
    begun = time.monotonic()
    for number in range(count):
        crowd.join(Client(port, number, auth))
        crowd.listen(0)  # those who are in read on meanwhile
    _say({"open_seconds": time.monotonic() - begun})
    crowd.selector.register(sys.stdin, selectors.EVENT_READ)
    while crowd.listen(None):
        pass


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
                _say({"frames": frames, "closed": self._closed})
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
