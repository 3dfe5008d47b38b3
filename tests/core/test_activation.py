"""Processes that systemd starts for us: the test is the socket unit with Accept=yes."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.processes import STARTER, Activated, start_detached
from tests.waiting import DEADLINE_S, eventually_sync

ENGINE = "appliance.components.serial_printer.engine"
ROOT = Path(__file__).resolve().parents[2]


class SocketUnit:
    """Starts `appliance.activation` for each connection, as gantry-engine.socket does."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "starter"
        self.started: list[subprocess.Popen[bytes]] = []
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(self.path))
        self._listener.listen()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            with connection:
                if connection.recv(1, socket.MSG_PEEK) == b"":
                    return
                self.started.append(
                    subprocess.Popen(
                        [sys.executable, "-P", "-m", "appliance.activation"],
                        stdin=connection.fileno(),
                        stderr=subprocess.PIPE,
                        cwd="/",
                        env={**os.environ, "PYTHONPATH": str(ROOT)},
                    )
                )

    def first(self) -> subprocess.Popen[bytes]:
        """Return the process of the first connection; it may answer before it is noted."""
        return eventually_sync(lambda: self.started)[0]

    def close(self) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as last:
            last.connect(str(self.path))
            last.shutdown(socket.SHUT_WR)
            self._thread.join(DEADLINE_S)
        self._listener.close()
        for process in self.started:
            process.kill()
            process.communicate()


@pytest.fixture
def unit(short_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SocketUnit]:
    unit = SocketUnit(short_folder)
    monkeypatch.setenv(STARTER, str(unit.path))
    yield unit
    unit.close()


def _start(folder: Path) -> tuple[Activated, Path]:
    path = folder / "engine.sock"
    log = folder / "logs" / "engine.log"
    arguments = (str(path), str(folder / "journal"), str(log))
    started = start_detached(ENGINE, arguments, log)
    assert isinstance(started, Activated)
    return started, path


def test_an_engine_started_by_systemd_serves_and_its_end_is_seen(
    short_folder: Path, unit: SocketUnit
) -> None:
    started, path = _start(short_folder)
    eventually_sync(path.exists)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as core:
        eventually_sync(lambda: core.connect_ex(str(path)) == 0)
        hello = json.loads(core.makefile().readline())
    assert hello["pid"] == unit.first().pid
    assert started.poll() is None
    os.kill(hello["pid"], signal.SIGTERM)
    assert started.wait(DEADLINE_S) == 0
    assert started.poll() == 0


def test_an_engine_does_not_look_at_the_end_of_the_core(
    short_folder: Path, unit: SocketUnit
) -> None:
    started, path = _start(short_folder)
    eventually_sync(path.exists)
    del started
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as core:
        eventually_sync(lambda: core.connect_ex(str(path)) == 0)
        assert json.loads(core.makefile().readline())["pid"] == unit.first().pid


@pytest.mark.parametrize(
    ("request_line", "says"),
    [
        (b'{"module": "os", "arguments": [], "log": "/dev/null"}\n', b"not a process of"),
        (b"engine, please\n", b"not understood"),
        (b'{"module": "os"}\n', b"not understood"),
        (b"[]\n", b"not understood"),
    ],
)
def test_nothing_but_the_processes_of_printers_is_started(
    request_line: bytes, says: bytes
) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "appliance.activation"],
        input=request_line,
        capture_output=True,
        check=False,
        cwd="/",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=DEADLINE_S,
    )
    assert done.returncode == 1
    assert says in done.stderr


async def test_a_request_to_nobody_is_an_error(
    short_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(STARTER, str(short_folder / "nobody"))
    with pytest.raises(OSError, match="No such file"):
        await asyncio.to_thread(_start, short_folder)
