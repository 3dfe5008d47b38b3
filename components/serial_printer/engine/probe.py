"""Asks who is at a serial port and says it as one line of JSON: a process of its own.

    python -m appliance.components.serial_printer.engine.probe PORT [BAUDRATE]

A board that floods us or a driver that hangs holds up nobody else.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import tempfile
from pathlib import Path

from appliance.components.serial_printer.contract import EngineSettings
from appliance.domain.detection import Found
from appliance.domain.machine import Link
from appliance.domain.wire import to_plain

from .engine import Engine

# What the firmware says of its limits follows once it is online.
SETTINGS_S = 8.0


async def ask(port: str, baudrate: int | None) -> Found:
    """Return who answers at ``port``, at every usual baud rate if none is given."""
    with tempfile.TemporaryDirectory(prefix="gantry-probe-") as folder:
        changed = asyncio.Event()
        engine = Engine(
            Path(folder) / "journal", changed=changed.set, tell=lambda _name, _about: None
        )
        engine.configure(EngineSettings(autoconnect=False, meatpack=False))
        try:
            await engine.connect(port, baudrate)
            while engine.state.link not in (Link.ONLINE, Link.FAILED, Link.HALTED):
                changed.clear()
                await changed.wait()
            return await _found(engine, port)
        finally:
            await engine.disconnect()
            await engine.shut_down("that was all")


async def _found(engine: Engine, port: str) -> Found:
    if engine.state.link is Link.ONLINE:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(
                engine.execution.execute(("M105",), "handshake"), SETTINGS_S
            )
        state = engine.state
        return Found(port, state.connection.baudrate, state.firmware, tuple(state.heaters))
    fault = engine.state.fault
    if fault is None:
        return Found(port, reason="Nobody answers.")
    return Found(port, reason=fault.message, advice=fault.advice)


def main(words: list[str]) -> None:
    """Ask, and print the answer."""
    port, *rest = words
    found = asyncio.run(ask(port, int(rest[0]) if rest else None))
    sys.stdout.write(json.dumps(to_plain(found)))


if __name__ == "__main__":
    main(sys.argv[1:])
