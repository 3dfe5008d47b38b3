"""OctoPrint's virtual printer behind a pseudo terminal: a program for OctoPrint's Python.

    python virtual_printer.py LINK EXECUTED '{"settings": {...}, "corrupt": 0.02, "seed": 1}'

With "overrun" what does not fit into its receive buffer is lost, as on a real board.

LINK becomes the terminal; every executed move is appended to the file EXECUTED. Nothing of
Gantry is imported here: the point is that it is somebody else's idea of a firmware.
"""

from __future__ import annotations

import contextlib
import json
import os
import pty
import random
import signal
import sys
import tempfile
import threading
import tty
from functools import partial
from pathlib import Path
from typing import Any

from octoprint.plugin import plugin_manager  # type: ignore[import-not-found]
from octoprint.plugins.virtual_printer import (  # type: ignore[import-not-found]
    VirtualPrinterPlugin,
)
from octoprint.plugins.virtual_printer.virtual import (  # type: ignore[import-not-found]
    VirtualPrinter,
)
from serial import SerialTimeoutException


class Settings:
    """What the virtual printer reads its options from."""

    def __init__(self, changes: dict[str, Any], folder: str) -> None:
        self._folder = folder
        self._values = {**VirtualPrinterPlugin().get_settings_defaults(), **changes}

    def get(self, path: list[str], **_: Any) -> Any:
        value: Any = self._values
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    def get_int(self, path: list[str], **_: Any) -> int:
        return int(self.get(path) or 0)

    def get_float(self, path: list[str], **_: Any) -> float:
        return float(self.get(path) or 0)

    def get_boolean(self, path: list[str], **_: Any) -> bool:
        return bool(self.get(path))

    def global_get_basefolder(self, _: str) -> str:
        return self._folder


def corrupted(line: bytes, chance: random.Random) -> bytes:
    """Flip one bit of a line's text; its number and sum stay readable.

    A sum that is no number ends the thread of the virtual printer.
    """
    start, end = line.find(b" ") + 1, line.rfind(b"*")
    if not line.startswith(b"N") or b"M110" in line or end <= start:
        return line
    damaged = bytearray(line)
    damaged[chance.randrange(start, end)] ^= 1
    return bytes(damaged)


def feed(
    master: int, printer: Any, share: float, chance: random.Random, *, overrun: bool
) -> None:
    """Hand over what the host writes, a line at a time: it expects no more at once."""
    unread = b""
    while True:
        try:
            unread += os.read(master, 4096)
        except OSError:
            return
        *lines, unread = unread.split(b"\n")
        for whole in lines:
            line = whole + b"\n"
            if chance.random() < share:
                line = corrupted(line, chance)
            with contextlib.suppress(SerialTimeoutException):  # there was no room at all
                written = printer.write(line)
                while written < len(line) and not overrun:
                    written += printer.write(line[written:])


def tell(master: int, printer: Any) -> None:
    while True:
        line = printer.readline()
        if line:
            os.write(master, line.rstrip(b"\n") + b"\n")


def main() -> None:
    link, executed, options = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    plugin_manager(init=True, plugin_folders=[], plugin_bases=[], plugin_entry_points=[])
    folder = tempfile.mkdtemp(dir=executed.parent)
    printer = VirtualPrinter(Settings(options["settings"], folder), None, folder)
    perform = printer._performMove

    def remembered(line: str) -> None:
        with executed.open("a") as file:
            file.write(line.strip() + "\n")
        perform(line)

    printer._performMove = remembered
    master, slave = pty.openpty()
    tty.setraw(slave)
    link.symlink_to(os.ttyname(slave))
    chance = random.Random(options.get("seed", 0))
    share = options.get("corrupt", 0.0)
    overrun = bool(options.get("overrun"))
    if overrun:
        printer.write_timeout = 0.001
    feeding = partial(feed, master, printer, share, chance, overrun=overrun)
    threading.Thread(target=feeding, daemon=True).start()
    print("ready", flush=True)
    tell(master, printer)


if __name__ == "__main__":
    main()
