"""A print engine by itself, without an appliance: started, called, printing."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from appliance.components.serial_printer.contract import EngineSettings
from appliance.domain.wire import to_plain
from tests.benchmarks.processes import BenchmarkFailed, python, until

MODULE = "appliance.components.serial_printer.engine"
CONNECT_S = 20.0
Frame = dict[str, Any]


class Engine:
    """The client's end of an engine's socket."""

    def __init__(self, pid: int, path: Path) -> None:
        self.pid = pid
        self._socket = _connected(path)
        self._rest = b""
        self._frames: list[Frame] = []
        self._calls = 0

    def close(self) -> None:
        self._socket.close()

    def call(self, verb: str, **arguments: object) -> None:
        """Call a verb and wait until it is answered."""
        self._calls += 1
        number = self._calls
        frame = {"call": number, "verb": verb, "with": arguments}
        self._socket.sendall(json.dumps(frame).encode() + b"\n")
        answer = self.wait_for(lambda frame: frame.get("answer") == number, CONNECT_S)
        if "error" in answer:
            message = f"{verb}: {answer['error']['message']}"
            raise BenchmarkFailed(message)

    def connect(self, port: Path, baudrate: int = 115200, **settings: Any) -> None:
        """Configure the engine and connect it to a port."""
        wanted = EngineSettings(port=str(port), baudrate=baudrate, **settings)
        self.call("configure", settings=to_plain(wanted))
        self.call("connect")
        self.wait_for(
            lambda frame: frame.get("changed", {}).get("link") == "online", CONNECT_S
        )
        time.sleep(0.5)  # for what it asks once it is online

    def start(self, path: Path) -> None:
        """Begin to print a file."""
        size = path.stat().st_size
        file = {"origin": "local", "path": path.name, "display": path.name, "size": size}
        self.call("start", request={"file": file, "kind": "file", "local_path": str(path)})

    def wait_for_end(self, deadline_s: float) -> None:
        """Wait until the job is complete."""
        frame = self.wait_for(lambda frame: frame.get("event") == "job_ended", deadline_s)
        if frame["job"]["result"] != "complete":
            message = f"the job ended as {frame['job']['result']}: {frame['job']['cause']}"
            raise BenchmarkFailed(message)

    def listen(self, seconds: float) -> None:
        """Take frames for a while, as a core does all the time."""
        with contextlib.suppress(TimeoutError):
            self.wait_for(lambda _: False, seconds)

    def wait_for(self, wanted: Callable[[Frame], bool], deadline_s: float) -> Frame:
        """Take frames up to one that is wanted, and return it."""
        ends = time.monotonic() + deadline_s
        while True:
            while self._frames:
                if wanted(frame := self._frames.pop(0)):
                    return frame
            self._socket.settimeout(max(ends - time.monotonic(), 0.001))
            data = self._socket.recv(1 << 16)
            if not data:
                message = "the engine went away"
                raise BenchmarkFailed(message)
            *lines, self._rest = (self._rest + data).split(b"\n")
            self._frames += [json.loads(line) for line in lines]


@contextlib.contextmanager
def engine(folder: Path) -> Iterator[Engine]:
    """Run an engine as the appliance does: without docstrings, with one heap."""
    path = folder / "engine.sock"
    lean = {"MALLOC_ARENA_MAX": "1", "PYTHONOPTIMIZE": "2"}
    arguments = (path, folder / "journal", folder / "engine.log")
    with python(MODULE, *arguments, environment=lean) as process:
        client = Engine(process.pid, path)
        try:
            yield client
        finally:
            client.close()
            process.kill()  # in the middle of a job it would say farewell first
            (folder / "journal").unlink(missing_ok=True)


def _connected(path: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    for _ in until(CONNECT_S, f"an engine at {os.fspath(path)}"):
        with contextlib.suppress(FileNotFoundError, ConnectionRefusedError):
            connection.connect(os.fspath(path))
            return connection
    raise AssertionError
