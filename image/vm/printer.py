"""The printer at the machine's USB port: our simulator on the host's side of a pty."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

_FIRMWARE = "appliance.components.simulator.firmware"
_READY_S = 60.0


class UsbPrinter:
    """A simulated printer that is switched on as long as the block."""

    def __init__(self, folder: Path, speed: float) -> None:
        self.link = folder / "printer.tty"
        self._control = folder / "printer.sim"
        self._log = folder / "printer.log"
        self._speed = speed
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> UsbPrinter:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603
                [
                    sys.executable, "-m", _FIRMWARE, "--link", str(self.link),
                    "--control", str(self._control), "--speed", str(self._speed),
                    "--revive-on-open",
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )  # fmt: skip
        ends = time.monotonic() + _READY_S
        while not self.link.is_symlink():
            if time.monotonic() > ends or self._process.poll() is not None:
                message = f"the simulated printer does not start, see {self._log}"
                raise RuntimeError(message)
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait()

    def accepted(self) -> list[str]:
        """Return the commands that it has executed, in order."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
            link.settimeout(60)
            link.connect(str(self._control))
            lines = link.makefile("rw")
            lines.write(json.dumps({"do": "accepted", "since": 0}) + "\n")
            lines.flush()
            answer: dict[str, Any] = json.loads(lines.readline())
        taken: list[str] = answer["lines"]
        return taken
