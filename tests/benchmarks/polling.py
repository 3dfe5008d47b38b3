"""Clients that poll one path of an API, in a process of their own, over raw sockets.

``python -m tests.benchmarks.polling PORT PATH KEY CLIENTS SECONDS [PAUSE_S]``: each client
asks again as soon as it has its answer, or after a pause. Prints the latencies in seconds.
"""

from __future__ import annotations

import heapq
import json
import select
import socket
import sys
import time

HEADERS_END = b"\r\n\r\n"


class Client:
    """One connection, kept alive, with one request on its way at most."""

    def __init__(self, port: int, request: bytes) -> None:
        self._request = request
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._asked_at = 0.0
        self._received = b""

    def ask(self) -> None:
        self._asked_at = time.monotonic()
        self.socket.sendall(self._request)

    def take(self) -> float | None:
        """Take bytes; return the seconds since the question once the answer is complete."""
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("the server closed the connection")
        self._received += data
        head, end, body = self._received.partition(HEADERS_END)
        if not end or len(body) < _content_length(head):
            return None
        if not head.startswith(b"HTTP/1.1 200"):
            raise ConnectionError(head.split(b"\r\n")[0].decode())
        self._received = b""
        return time.monotonic() - self._asked_at


def _content_length(head: bytes) -> int:
    _, _, rest = head.lower().partition(b"\r\ncontent-length:")
    return int(rest.split(b"\r\n")[0])


def main() -> None:
    """Poll and print."""
    port, path, key = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    count, seconds = int(sys.argv[4]), float(sys.argv[5])
    pause_s = float(sys.argv[6]) if len(sys.argv) > 6 else 0.0
    request = (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-Api-Key: {key}\r\n\r\n".encode()
    )
    clients = {client.socket.fileno(): client for client in _made(port, request, count)}
    latencies: list[float] = []
    waiting: list[tuple[float, int]] = []
    for number, client in clients.items():
        if pause_s:  # not all at once
            waiting.append((time.monotonic() + pause_s * len(waiting) / count, number))
        else:
            client.ask()
    ends = time.monotonic() + seconds
    while (now := time.monotonic()) < ends:
        while waiting and waiting[0][0] <= now:
            clients[heapq.heappop(waiting)[1]].ask()
        until = min(waiting[0][0], ends) if waiting else ends
        for number in select.select(list(clients), [], [], max(until - now, 0))[0]:
            latency = clients[number].take()
            if latency is None:
                continue
            latencies.append(latency)
            if pause_s:
                heapq.heappush(waiting, (time.monotonic() + pause_s, number))
            else:
                clients[number].ask()
    print(json.dumps({"latencies": latencies}))


def _made(port: int, request: bytes, count: int) -> list[Client]:
    return [Client(port, request) for _ in range(count)]


if __name__ == "__main__":
    main()
