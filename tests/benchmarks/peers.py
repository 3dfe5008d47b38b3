"""The other ends of a serial line, each a process, as context managers."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.processes import answer, ask, python, said
from tests.simulated import MODULE, arguments


@dataclass(frozen=True, slots=True)
class WiredPeer:
    """A running `wired` peer."""

    port: Path
    process: subprocess.Popen[bytes]

    def figures(self) -> dict[str, Any]:
        """Return what it saw between the marks of the file."""
        return ask(self.process, "figures")

    def emergency(self) -> float:
        """Return the moment at which the next M112 reaches the pty."""
        moment: float = answer(self.process)["emergency"]
        return moment


@dataclass(frozen=True, slots=True)
class Simulated:
    """A running simulated printer."""

    port: Path
    control: Path

    def planner(self) -> dict[str, float]:
        """Return the counts of its planner."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(self.control))
            connection.sendall(b'{"do": "state"}\n')
            with connection.makefile("rb") as lines:
                planner: dict[str, float] = json.loads(lines.readline())["planner"]
                return planner


@contextlib.contextmanager
def answering(folder: Path, *, advanced: bool = False) -> Iterator[Path]:
    """Run the peer that answers at once; yield its port."""
    port = folder / "answering"
    with python(
        "tests.benchmarks.answering", port, *(["--advanced"] if advanced else [])
    ) as peer:
        said(peer, "ready")
        try:
            yield port
        finally:
            port.unlink()


@contextlib.contextmanager
def wired(
    folder: Path,
    baudrate: int,
    *,
    advanced: bool = False,
    meatpack: bool = False,
    pace: float = 0.0,
) -> Iterator[WiredPeer]:
    """Run the peer behind a wire."""
    port = folder / "wired"
    options = ["--baudrate", str(baudrate), "--pace", str(pace)]
    if advanced:
        options.append("--advanced")
    if meatpack:
        options.append("--meatpack")
    with python("tests.benchmarks.wired", port, *options) as peer:
        said(peer, "ready")
        try:
            yield WiredPeer(port, peer)
        finally:
            port.unlink()


@contextlib.contextmanager
def simulated(folder: Path, **options: object) -> Iterator[Simulated]:
    """Run a simulated printer; as hardware does, it waits for no program of this machine."""
    port, control = folder / "simulated", folder / "control"
    words = ["--link", str(port), "--control", str(control), *arguments(options)]
    with python(MODULE, *words) as peer:
        said(peer, "ready")
        with contextlib.suppress(PermissionError):
            os.sched_setscheduler(peer.pid, os.SCHED_FIFO, os.sched_param(1))
        yield Simulated(port, control)
