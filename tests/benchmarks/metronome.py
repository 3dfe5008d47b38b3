"""A host that does nothing but keep so many lines on the wire: what a wire can carry.

``python -m tests.benchmarks.metronome PORT FILE WINDOW``: with a window of one it is the
perfect ping-pong client by which the wired peer proves itself, with more it shows how
far sending ahead can get at all.
"""

from __future__ import annotations

import os
import sys
import time
import tty

from appliance.components.serial_printer.engine.framing import frame

BANNER_S = 0.2


def main() -> None:
    """Send the file and end."""
    port, path, window = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with open(path, "rb") as file:  # noqa: PTH123 - bytes, line by line
        lines = [frame(number, text.rstrip()) for number, text in enumerate(file, 1)]
    descriptor = os.open(port, os.O_RDWR | os.O_NOCTTY)
    tty.setraw(descriptor)
    time.sleep(BANNER_S)
    os.read(descriptor, 4096)
    sent = taken = 0
    while taken < len(lines):
        while sent < len(lines) and sent - taken < window:
            os.write(descriptor, lines[sent])
            sent += 1
        taken += os.read(descriptor, 4096).count(b"\n")
    os.close(descriptor)


if __name__ == "__main__":
    main()
