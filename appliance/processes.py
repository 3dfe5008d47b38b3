"""Processes beside the appliance that outlive it: where their sockets are, how they start."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from appliance.errors import SetupError

# One heap is enough for a process of one busy thread. It goes without docstrings if we do.
_LEAN = {"MALLOC_ARENA_MAX": "1"}
# The socket at which systemd starts a process for us, in a unit of its own; see activation.py.
STARTER = "GANTRY_STARTER"
_ROOT = Path(__file__).resolve().parent.parent


def runtime_folder() -> Path:
    """Return the folder for sockets, 0700 and ours; created when missing."""
    given = os.environ.get("RUNTIME_DIRECTORY", "").split(":")[0]
    user = os.environ.get("XDG_RUNTIME_DIR", "")
    if given:
        folder = Path(given)
    elif user and os.access(user, os.W_OK):
        folder = Path(user) / "gantry"
    else:
        folder = Path(f"/tmp/gantry-{os.getuid()}")  # noqa: S108 - owner and mode are checked
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.lstat()
    if status.st_uid != os.getuid() or folder.is_symlink():
        message = f"{folder} belongs to another user; remove it or set XDG_RUNTIME_DIR"
        raise SetupError(message)
    if not given and status.st_mode & 0o077:
        folder.chmod(0o700)
    return folder


def runtime_path(config: Path, name: str, suffix: str) -> Path:
    """Return the path of a socket or link that belongs to ``name`` of a configuration.

    AF_UNIX paths end at 107 bytes, folders of configurations may be longer: so the name is
    a hash of the folder and the id.
    """
    digest = hashlib.sha256(f"{config.resolve()}\0{name}".encode()).hexdigest()[:16]
    return runtime_folder() / f"{digest}.{suffix}"


class Detached(Protocol):
    """A process that goes on without us."""

    def poll(self) -> int | None:
        """Return the exit code if it has ended."""

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code, once it has ended; blocking."""


class Activated:
    """A process that systemd started for us: it holds the connection while it lives."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def __del__(self) -> None:
        self._connection.close()

    def poll(self) -> int | None:
        """Return 0 if it has ended; systemd alone knows the code."""
        self._connection.setblocking(False)
        try:
            return 0 if not self._connection.recv(1) else None
        except BlockingIOError:
            return None
        except ConnectionError:
            return 0

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end."""
        self._connection.settimeout(timeout)
        try:
            while self._connection.recv(1):
                pass
        except ConnectionError:
            pass
        return 0


def start_detached(module: str, arguments: Sequence[str], log: Path) -> Detached:
    """Start a Python module that outlives us; blocking, so call it in a thread.

    Neither Ctrl-C in a terminal nor the end of the appliance reaches it. What it prints
    goes to ``log``. It finds this very package, installed or not. Where systemd has a
    starter for us, the process gets a unit of its own; else a session of its own.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    if starter := os.environ.get(STARTER):
        return _ask_for(module, arguments, log, starter)
    return start_session(module, arguments, log)


def _ask_for(module: str, arguments: Sequence[str], log: Path, starter: str) -> Detached:
    request = {"module": module, "arguments": list(arguments), "log": str(log)}
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    process = Activated(connection)
    connection.connect(starter)
    connection.sendall(json.dumps(request).encode() + b"\n")
    return process


def start_session(module: str, arguments: Sequence[str], log: Path) -> subprocess.Popen[bytes]:
    """Start a Python module in a session of its own, as a child of ours."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - our own modules, no shell
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            env={**module_environment(), **_LEAN},
            cwd="/",
        )


def module_environment() -> dict[str, str]:
    """Return an environment in which a Python process finds this very package."""
    known = os.environ.get("PYTHONPATH")
    path = f"{_ROOT}{os.pathsep}{known}" if known else str(_ROOT)
    return {**os.environ, "PYTHONPATH": path}
