"""Where the control socket of an appliance is: the way in for commands on this machine.

It speaks the same HTTP as the ports, and whoever can open it is the owner of the files
anyway, so that ``gantry print`` and ``gantry user`` need no password.
"""

from __future__ import annotations

import http.client
import os
import socket
from pathlib import Path
from typing import Any

import orjson

from appliance.errors import GantryError
from appliance.processes import runtime_path

# An AF_UNIX path ends at 107 bytes.
MAX_PATH = 107


def socket_path(config: Path) -> Path:
    """Return the path of the control socket of the appliance with that folder."""
    config = config.absolute()
    path = config / ".storage" / "control.sock"
    if len(os.fsencode(path)) <= MAX_PATH:
        return path
    return runtime_path(config, "control", "sock")


def running_socket(config: Path) -> Path | None:
    """Return the control socket of the appliance on that folder if one answers."""
    path = socket_path(config)
    probe = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        probe.connect(str(path))
    except OSError:
        return None
    finally:
        probe.close()
    return path


class Refused(GantryError):
    """The appliance did not do it; the text is its own."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status  # of HTTP; 0: there was no answer


class ControlConnection(http.client.HTTPConnection):
    """HTTP over the control socket; blocks."""

    def __init__(self, path: Path, timeout_s: float = 30.0) -> None:
        super().__init__("localhost", timeout=timeout_s)
        self._path = path

    def connect(self) -> None:
        """Connect."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))

    def ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Send JSON and return the JSON object of the answer; errors raise `Refused`."""
        content = None if body is None else orjson.dumps(body)
        return read_object(self.open(method, path, content, "application/json"))

    def open(
        self, method: str, path: str, body: Any = None, content_type: str | None = None
    ) -> http.client.HTTPResponse:
        """Send a body (bytes or an open file) and return the answer, unread, if it is good."""
        headers = {} if content_type is None else {"Content-Type": content_type}
        try:
            self.request(method, path, body=body, headers=headers)
            response = self.getresponse()
            if response.status < http.client.BAD_REQUEST:
                return response
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            message = f"the appliance does not answer: {error}"
            raise Refused(message) from error
        raise Refused(_reason(content, response.status), response.status)


def read_object(response: http.client.HTTPResponse) -> dict[str, Any]:
    """Read the JSON object of an answer; an empty one is none."""
    data: dict[str, Any] = orjson.loads(response.read() or b"{}")
    return data


def _reason(content: bytes, status: int) -> str:
    try:
        said = orjson.loads(content)["error"]
    except (ValueError, KeyError, TypeError):
        return f"HTTP status {status}"
    return str(said["message"] if isinstance(said, dict) else said)
