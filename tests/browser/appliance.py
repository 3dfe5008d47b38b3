"""A really running appliance with a simulated printer, for a browser to look at."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from tests.ports import free_port
from tests.waiting import DEADLINE_S, eventually_sync

# What packs, unpacks and analyses is nice to everybody: beside other tests it takes long.
PATIENCE_S = 4 * DEADLINE_S
RESTART = 100  # the exit code by which it asks to be started again
CHECKOUT = Path(__file__).resolve().parents[2]
USER, PASSWORD = "admin", "correct horse battery staple"
KEY = "key-of-the-browser-tests-0123456789"
CONFIGURATION = """\
appliance:
  name: Workshop   # shown as the title
http:
  host: 127.0.0.1
  port: {port}
auth:
  admin: {user}
  password: {password}
  api_key: {key}
file_manager:
frontend:
printer:
  - id: ender3
    name: Ender 3
    platform: simulator
    speed: 20
"""


def _of(pid: int) -> Path:
    return Path(f"/proc/{pid}/cmdline")


def _content(of_process: Path) -> str:
    try:
        return of_process.read_text()
    except OSError:
        return ""  # it has ended


class RunningAppliance:
    """`gantry run` in a process of its own; it can be stopped and started again.

    When it ends with the wish to be started again, it is, as script/run does it.
    """

    def __init__(
        self, directory: Path, configuration: str = CONFIGURATION, port: int | None = None
    ) -> None:
        """``configuration`` may name {port}, {user}, {password} and {key}."""
        self.directory = directory
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._lock = threading.Lock()  # between a start and a stop
        self._over = False
        (directory / "configuration.yaml").write_text(
            configuration.format(port=self.port, user=USER, password=PASSWORD, key=KEY)
        )

    @property
    def configuration(self) -> str:
        return (self.directory / "configuration.yaml").read_text()

    def start(self) -> None:
        """Start it and wait until it says that it is ready."""
        ready = threading.Event()
        self._over = False
        self._process = self.spawn()

        def read() -> None:
            while (process := self._process) is not None and process.stdout is not None:
                for line in process.stdout:
                    if re.match("Gantry is ready", line):
                        ready.set()
                ended = process.wait()
                with self._lock:
                    if self._over or not self.is_started_again(ended):
                        return
                    process.stdout.close()
                    self._process = self.spawn()

        self._reader = threading.Thread(target=read, daemon=True)
        self._reader.start()
        assert ready.wait(PATIENCE_S), (self.directory / "logs" / "gantry.log").read_text()

    def is_started_again(self, code: int) -> bool:
        """Return whether whoever looks after it starts it again after that exit code."""
        return code == RESTART

    def spawn(self) -> subprocess.Popen[str]:
        """Start the process."""
        return subprocess.Popen(
            [sys.executable, "-m", "appliance", "run", "--config", str(self.directory)],
            cwd=CHECKOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def stop(self) -> None:
        """End it, and every engine that it started."""
        with self._lock:
            self._over = True
            process, reader = self._process, self._reader
        if process is None or reader is None:
            return
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_S)
        reader.join(PATIENCE_S)
        assert process.stdout is not None
        process.stdout.close()
        self._process = self._reader = None

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Let it stand still for a while: it is there, and says nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    @contextmanager
    def held(self, module: str, when: Callable[[], object]) -> Iterator[None]:
        """Let the process of a module of ours stand still as soon as something is true.

        It goes on for a moment at a time until then, so that it is not missed.
        """

        def caught() -> int | None:
            for process in self._children(module):
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGSTOP)
                    if when():
                        return process
                    os.kill(process, signal.SIGCONT)
            return None

        process = eventually_sync(caught, f"{module} is as far as that", PATIENCE_S)
        assert process is not None
        try:
            yield
        finally:
            os.kill(process, signal.SIGCONT)

    def _children(self, module: str) -> list[int]:
        assert self._process is not None
        tasks = Path(f"/proc/{self._process.pid}/task").glob("*/children")
        children = [int(pid) for task in tasks for pid in _content(task).split()]
        return [pid for pid in children if module in _content(_of(pid)).split("\0")]

    def ask(self, method: str, path: str, body: Any = None, key: str | None = KEY) -> Any:
        """Ask its API, with the key of the administrator unless another is given."""
        headers = {"Content-Type": "application/json"}
        if key is not None:
            headers["X-Api-Key"] = key
        request = urllib.request.Request(
            f"{self.url}/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers=headers,
        )
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def upload(self, name: str, content: bytes, key: str = KEY) -> None:
        """Upload a file."""
        edge = "----edge"
        name = name.replace('"', "%22")  # as browsers do
        head = (
            f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        request = urllib.request.Request(
            f"{self.url}/api/files/local",
            method="POST",
            data=head.encode() + content + f"\r\n--{edge}--\r\n".encode(),
            headers={
                "X-Api-Key": key,
                "Content-Type": f"multipart/form-data; boundary={edge}",
            },
        )
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            answer.read()

    def printer(self) -> Any:
        """Return the printer in Gantry's words."""
        return self.ask("GET", "api/gantry/printer")

    def objects(self, *names: str) -> Any:
        """Return objects of the printer in Moonraker's words."""
        query = "&".join(names)
        return self.ask("GET", f"printer/objects/query?{query}")["result"]["status"]

    def until(self, field: str, *values: str) -> None:
        """Wait until a field of the printer has one of the values."""
        eventually_sync(
            lambda: self.printer()[field] in values, f"{field} is one of {values}", PATIENCE_S
        )

    def rest(self) -> None:
        """End what is printed, if anything is, and wait until it is over."""
        if self.printer()["phase"] not in ("none", "cancelling", "finishing"):
            with suppress(HTTPError):  # it has ended by itself meanwhile
                self.ask("POST", "printer/print/cancel")
        self.until("phase", "none")

    def sent(self) -> list[str]:
        """Return what went to the printer, as its console has it."""
        store = self.ask("GET", "server/gcode_store?count=1000")["result"]["gcode_store"]
        return [line["message"] for line in store if line["type"] == "command"]

    def written(self, below: str = "") -> list[str]:
        """Return what was written to the port; ``below`` as in printers/mini/ for another."""
        lines = self.ask("GET", f"{below}api/gantry/console")["lines"]
        return [line["text"] for line in lines if line["direction"] == "sent"]
