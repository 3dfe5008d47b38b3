"""An engine that hangs (stopped, starved, stuck in the disk) holds nobody up for ever."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
from pathlib import Path
from types import SimpleNamespace

import pytest

from appliance.components.serial_printer import client as client_module
from appliance.components.serial_printer.client import EngineClient
from appliance.components.serial_printer.driver import HANGS
from appliance.components.serial_printer.engine import engine as engine_module
from appliance.components.serial_printer.engine.engine import Engine
from appliance.domain.job import JobFile, JobRequest, JobResult, Origin
from appliance.domain.printer import PRINTERS
from appliance.errors import PrinterOffline
from tests.end_to_end.running import engine_processes
from tests.simulated import simulated_printer
from tests.waiting import deadline, eventually
from tests.whole import whole_appliance


async def test_a_question_to_an_engine_that_hangs_has_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "ANSWER_S", 0.01)
    over = asyncio.Event()

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    server = await asyncio.start_unix_server(hang, tmp_path / "s")
    client = EngineClient(lambda frame: None)
    await client.attach(tmp_path / "s")
    try:
        async with deadline("an error"):
            with pytest.raises(PrinterOffline, match="does not answer"):
                await client.call_soon("ports")
    finally:
        over.set()
        client.detach()
        server.close()
        await server.wait_closed()


CONFIGURATION = """
printer:
  - {{id: cube, platform: serial, port: {port}, baudrate: 115200}}
"""


async def test_an_engine_that_was_stopped_prints_on_as_if_nothing_had_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "long.gcode"
    lines = [f"G1 X{50 + n % 2 * 50} F3000" for n in range(400)]
    file.write_text("\n".join(lines))
    known = JobFile(Origin.LOCAL, file.name, file.name, file.stat().st_size)
    async with simulated_printer(tmp_path, speed=100) as machine:
        text = CONFIGURATION.format(port=machine.port)
        async with whole_appliance(tmp_path / "config", text) as appliance:
            printer = appliance.use(PRINTERS).get("cube")
            await eventually(lambda: printer.snapshot.ready)
            job = await printer.start(JobRequest(known, local_path=str(file)))
            (pid,) = engine_processes(tmp_path / "config")
            for name, seconds in (("PAUSE_S", 0.1), ("SILENT_S", 0.5), ("GRACE_S", 0.2)):
                monkeypatch.setattr(client_module, name, seconds)
            os.kill(pid, signal.SIGSTOP)
            try:
                async with deadline("an error"):
                    with pytest.raises(PrinterOffline, match="does not answer"):
                        await printer.pause(origin="test")
                assert printer.snapshot.fault == HANGS
                with pytest.raises(PrinterOffline, match="does not answer"):
                    await printer.cancel(origin="test")
            finally:
                monkeypatch.undo()
                os.kill(pid, signal.SIGCONT)
            await eventually(lambda: printer.snapshot.fault is None)
            await eventually(lambda: not printer.snapshot.phase.active)
            ended = printer.snapshot.job
        assert ended is not None
        assert (ended.id, ended.result) == (job.id, JobResult.COMPLETE)
        assert [line for line in await machine.accepted() if line in set(lines)] == lines


async def test_an_engine_that_could_not_run_holds_that_against_no_printer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Engine(tmp_path / "journal", changed=lambda: None, tell=lambda event, payload: None)
    heard = one.dialogue.patience.heard_at
    clock = itertools.chain([0.0, 500.0], itertools.repeat(500.0))
    monkeypatch.setattr(engine_module, "TICK_S", 0.0)
    monkeypatch.setattr(engine_module, "time", SimpleNamespace(monotonic=clock.__next__))
    life = asyncio.create_task(one.run())
    await eventually(lambda: one.dialogue.patience.heard_at == heard + 500.0)
    life.cancel()
    one.journal.close()
