"""An engine that hangs (stopped, starved, stuck in the disk) holds nobody up for ever."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from appliance.components.serial_printer import client as client_module
from appliance.components.serial_printer.client import EngineClient
from appliance.errors import PrinterOffline
from tests.waiting import deadline


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
