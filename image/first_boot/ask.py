"""Asks the system and the appliance how they are; whoever does not answer is None."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_TIMEOUT_S = 20.0
_LONG_S = 120.0


def patient(words: Sequence[str]) -> str | None:
    """Do as `run`, for what may take a minute."""
    return run(words, _LONG_S)


def run(words: Sequence[str], timeout_s: float = _TIMEOUT_S) -> str | None:
    """Run a program; what it prints, or None if it is not there or fails."""
    try:
        done = subprocess.run(  # noqa: S603 - words of ours, no shell
            words, capture_output=True, text=True, timeout=timeout_s, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def appliance(control: Path, path: str) -> Any:
    """Return the answer of the running appliance to a GET, as root may ask it."""
    connection = _Local(control)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return json.loads(answer.read()) if answer.status == 200 else None
    except (OSError, ValueError, http.client.HTTPException):
        return None
    finally:
        connection.close()


class _Local(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=_TIMEOUT_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))
