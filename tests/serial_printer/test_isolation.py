"""What one printer does is nothing to the others: each has a process of its own."""

from __future__ import annotations

import asyncio
import os
import pty
import tty
from pathlib import Path

from appliance.domain.job import JobResult
from appliance.domain.machine import Link
from tests.engine_harness import commands, engine, foreign
from tests.serial_printer.files import write, zigzag
from tests.simulated import simulated_printer


async def test_a_flood_and_a_silent_port_disturb_no_other_print(tmp_path: Path) -> None:
    content = zigzag(300)
    master, slave = pty.openpty()
    tty.setraw(slave)
    try:
        async with (
            simulated_printer(tmp_path, name="loud", speed=50) as loud,
            simulated_printer(tmp_path, name="calm", speed=50) as calm,
            engine(tmp_path, port=os.ttyname(slave), name="e1", connect=False) as waiting,
            engine(tmp_path, port=loud.port, name="e2") as flooded,
            engine(tmp_path, port=calm.port, name="e3") as printing,
        ):
            await asyncio.gather(flooded.online(), printing.online())
            await waiting.call("connect")
            await loud.fault(flood=1_000_000)  # bytes a second
            since = len(await calm.accepted())
            await printing.print_file(write(tmp_path / "a.gcode", content))
            assert (await printing.ended()).result is JobResult.COMPLETE
            await flooded.until(lambda now: now.health.bytes_received > 1_000_000)
            assert foreign(await calm.accepted(since)) == commands(content)
            health = printing.snapshot.health
            # A machine that did not run the printer for a second makes the engine ask for it:
            # nothing of the print was lost or sent again.
            assert (health.resends, health.resend_requests) == (0, 0)
            assert waiting.snapshot.link is not Link.ONLINE
            await loud.fault(flood=0)
            await flooded.send("M220")  # the rest of the flood may stand before the answer
            assert "FR:100%" in await flooded.send("M220")  # it has lost nothing either
    finally:
        os.close(master)
        os.close(slave)
