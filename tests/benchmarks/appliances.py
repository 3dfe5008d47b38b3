"""A whole appliance as people run it, ``gantry run --config DIR``, and its HTTP API."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from appliance.processes import runtime_path
from tests.benchmarks.engines import MODULE as ENGINE
from tests.benchmarks.processes import (
    CHECKOUT,
    BenchmarkFailed,
    cpu_seconds,
    find,
    kill,
    python,
    until,
)

KEY = "key-of-the-benchmarks-0123456789"
PRINTER = "bench"
START_S = 60.0
ONLINE_S = 30.0
# As script/run and the unit of the image start it.
LEAN = {
    "PYTHONOPTIMIZE": "2",
    "MALLOC_ARENA_MAX": "2",
    "FROZENLIST_NO_EXTENSIONS": "1",
}
# What a configuration may hold without an option of its own.
COMPONENTS = (
    "file_manager",
    "history",
    "audit",
    "job_queue",
    "webcam",
    "octoprint_api",
    "moonraker_api",
    "zeroconf",
)


@dataclass(slots=True)
class Running:
    """An appliance that answers."""

    folder: Path
    pid: int
    port: int
    answered_s: float  # from its start to the first answer
    answered_cpu_s: float

    def connection(self) -> http.client.HTTPConnection:
        """Return a connection of its own, kept alive."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def call(self, method: str, path: str, body: object = None, *, key: str = KEY) -> Any:
        """Ask something; return the JSON of the answer, None where there is none."""
        with contextlib.closing(self.connection()) as connection:
            return call(connection, method, path, body, key=key)

    def engine_pid(self) -> int:
        """Return the process of the printer's engine."""
        return find(ENGINE, str(runtime_path(self.folder, PRINTER, "sock")))

    def wait_for_state(self, text: str, seconds: float = ONLINE_S) -> None:
        """Wait until the job query says so."""
        with contextlib.closing(self.connection()) as connection:
            for _ in until(seconds, f"the state '{text}'"):
                if call(connection, "GET", "/api/job")["state"] == text:
                    return

    def start(self, name: str) -> None:
        """Print a file of its folder."""
        for _ in until(ONLINE_S, f"the file {name}"):
            with contextlib.suppress(BenchmarkFailed):
                self.call("GET", f"/api/files/local/{name}")
                break
        self.call("POST", f"/api/files/local/{name}", {"command": "select", "print": True})


def call(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: object = None,
    *,
    key: str = KEY,
) -> Any:
    """Ask something over a connection; return the JSON of the answer."""
    headers = {"Content-Type": "application/json", "X-Api-Key": key}
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    response = connection.getresponse()
    content = response.read()
    if response.status >= 300:
        message = f"{method} {path}: {response.status} {content[:200]!r}"
        raise BenchmarkFailed(message)
    return json.loads(content) if content else None


def write_configuration(
    folder: Path, port: Path | None = None, baudrate: int = 115200, more: str = ""
) -> int:
    """Write a configuration with all components; return the port of its HTTP server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        http_port: int = probe.getsockname()[1]
    text = (
        f"appliance:\n  name: Bench\nhttp:\n  host: 127.0.0.1\n  port: {http_port}\n"
        f"auth:\n  admin: admin\n  api_key: {KEY}\n"
    )
    text += "".join(
        f"{name}:\n" for name in COMPONENTS if (CHECKOUT / "components" / name).is_dir()
    )
    if port is not None:
        text += (
            f"printer:\n  - id: {PRINTER}\n    platform: serial\n"
            f"    port: {port}\n    baudrate: {baudrate}\n"
        )
    text += more
    folder.mkdir(exist_ok=True)
    (folder / "gcodes").mkdir(exist_ok=True)
    (folder / "configuration.yaml").write_text(text)
    return http_port


@contextlib.contextmanager
def appliance(
    work: Path,
    port: Path | None = None,
    baudrate: int = 115200,
    *,
    fresh: bool = True,
    more: str = "",
) -> Iterator[Running]:
    """Run an appliance on ``work/config``; G-code that lies there already is kept."""
    folder = work / "config"
    if fresh:
        for name in (".storage", "logs"):
            shutil.rmtree(folder / name, ignore_errors=True)
    http_port = write_configuration(folder, port, baudrate, more)
    # Sockets of ours only, with short paths; the processes that we look for have them too.
    os.environ["RUNTIME_DIRECTORY"] = str(work)
    begun = time.monotonic()
    log = work / "appliance.log"
    run = ("run", "--config", folder)
    with python("appliance", *run, log=log, environment=LEAN) as process:
        _wait_for_answer(http_port, process, log)
        answered = time.monotonic() - begun
        running = Running(folder, process.pid, http_port, answered, cpu_seconds(process.pid))
        engine_pid = running.engine_pid() if port is not None else None
        try:
            yield running
        finally:
            if engine_pid is not None:
                kill(engine_pid)  # else it would finish a job first


def _wait_for_answer(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Knock until HTTP answers, whatever it says; cheaply, for the processor is shared."""
    for _ in until(START_S, "an answer of the appliance"):
        if process.poll() is not None:
            message = f"the appliance did not start: {log.read_text().splitlines()[-1:]}"
            raise BenchmarkFailed(message)
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            with contextlib.closing(connection):
                connection.request("GET", "/api/version", headers={"X-Api-Key": KEY})
                connection.getresponse().read()
                return
