"""A peer that answers at once: the other end of the engine for "flat out" figures.

A process of its own with nothing but a pty and a loop, so that its cost does not count as
the engine's. ``python -m tests.benchmarks.answering LINK [--advanced]``.
"""

from __future__ import annotations

import os
import pty
import sys
import tty
from pathlib import Path

INFO = (
    b"FIRMWARE_NAME:Marlin 2.1.2 bench SOURCE_CODE_URL:none PROTOCOL_VERSION:1.0 "
    b"MACHINE_TYPE:Bench EXTRUDER_COUNT:1\nCap:AUTOREPORT_TEMP:1\n"
)


def main() -> None:
    """Serve until killed."""
    link, advanced = Path(sys.argv[1]), "--advanced" in sys.argv
    master, slave = pty.openpty()
    tty.setraw(slave)
    link.symlink_to(os.ttyname(slave))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    rest = b""
    while True:
        *lines, rest = (rest + os.read(master, 65536)).split(b"\n")
        out = []
        for line in lines:
            if not line:
                continue
            if b"M105" in line:
                out.append(b"ok T:20.0 /0.0 B:20.0 /0.0 @:0 B@:0\n")
                continue
            if b"M115" in line:
                out.append(INFO)
            if advanced and line.startswith(b"N"):
                out.append(b"ok %b P15 B3\n" % line.split(b" ", 1)[0])
            else:
                out.append(b"ok\n")
        os.write(master, b"".join(out))


if __name__ == "__main__":
    main()
