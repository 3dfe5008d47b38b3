"""Become a process that the core has asked systemd for: the other end of its request.

On the image a process that outlives the core must not be in its control group. The core
connects to the socket of `gantry-engine.socket`; systemd starts this module for the
connection, in a unit of its own, as the same user and with no right that the core could
abuse. One line says what to become. The connection stays open as long as the process lives,
so the core sees its end; the end of the core is not looked at.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
from typing import Any

# What may be asked for: the printers' processes, not any module that can be imported.
PROCESSES = (
    "appliance.components.serial_printer.engine",
    "appliance.components.simulator.firmware",
)
LONGEST_REQUEST = 65536
_FOR_OWNER = 0o600


def main() -> None:
    """Read the request from standard input and run what it names."""
    request = read_request()
    log = os.open(request["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, _FOR_OWNER)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    sys.argv[1:] = request["arguments"]
    runpy.run_module(request["module"], run_name="__main__", alter_sys=True)


def read_request() -> dict[str, Any]:
    """Return ``module``, ``arguments`` and ``log``; exit where they are not ours."""
    line = b""
    while not line.endswith(b"\n") and len(line) < LONGEST_REQUEST:
        block = os.read(0, LONGEST_REQUEST)
        if not block:
            break
        line += block
    try:
        request = json.loads(line)
        module, arguments = request["module"], [str(each) for each in request["arguments"]]
        log = str(request["log"])
    except (ValueError, KeyError, TypeError):
        sys.exit("the request is not understood")
    if module not in PROCESSES:
        sys.exit(f"{module} is not a process of a printer")
    return {"module": module, "arguments": arguments, "log": log}


if __name__ == "__main__":
    main()
