"""The control socket: tests look into the printer and do to it what hands can do.

One JSON object per line in, one per line out. A request that cannot be done is answered
with `{"error": "why"}`, one without an answer of its own with `{"done": true}`.

| request | effect |
|---|---|
| `{"do": "state"}` | everything that state.py describes |
| `{"do": "accepted", "since": n}` | the executed command lines from number n on |
| `{"do": "reset"}` | the reset button: the banner comes again |
| `{"do": "unplug", "seconds": s}` | the cable is pulled for s seconds of the real clock; |
| | with `"link": path` it comes back there; with `"power": true` the board was dead |
| `{"do": "fault", "set": {name: value}}` | switch faults, see faults.py |
| `{"do": "temperature", "heater": "tool0", "actual": x}` | put a heater at x °C |
| `{"do": "press", "what": button}` | knob, pause, resume, stop, runout, insert |
| `{"do": "panel_print", "file": path}` | print a file of the card from the menu |
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

Request = dict[str, Any]
Answer = Callable[[Request], Request]


class ControlSocket:
    """A listening Unix socket and the clients at it."""

    def __init__(self, path: Path, answer: Answer) -> None:
        self._path = path
        self._answer = answer
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(os.fspath(path))
        self._listener.listen()
        self._listener.setblocking(False)
        self._clients: dict[int, socket.socket] = {}
        self._unread: dict[int, bytes] = {}

    def readers(self) -> list[int]:
        """Return the descriptors to watch."""
        return [self._listener.fileno(), *self._clients]

    def serve(self, descriptor: int) -> None:
        """Serve one descriptor that has become readable."""
        if descriptor == self._listener.fileno():
            accepted, _ = self._listener.accept()
            self._clients[accepted.fileno()] = accepted
            self._unread[accepted.fileno()] = b""
            return
        client = self._clients.get(descriptor)
        if client is None:
            return  # a port that was unplugged by a request of this very turn
        try:
            data = client.recv(65536)
        except OSError:
            data = b""
        if not data:
            self._drop(descriptor)
            return
        *lines, self._unread[descriptor] = (self._unread[descriptor] + data).split(b"\n")
        for line in lines:
            try:
                client.sendall(json.dumps(self._reply(line)).encode() + b"\n")
            except OSError:
                self._drop(descriptor)
                return

    def _reply(self, line: bytes) -> Request:
        try:
            request = json.loads(line)
        except ValueError:
            return {"error": "not a JSON object"}
        if not isinstance(request, dict):
            return {"error": "not a JSON object"}
        try:
            return self._answer(request)
        except (KeyError, ValueError, TypeError) as error:
            return {"error": str(error.args[0]) if error.args else repr(error)}

    def _drop(self, descriptor: int) -> None:
        self._clients.pop(descriptor).close()
        del self._unread[descriptor]

    def close(self) -> None:
        """Close everything and remove the socket."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()
        self._listener.close()
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()
