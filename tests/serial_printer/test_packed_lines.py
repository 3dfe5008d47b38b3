"""A board that still unpacks what it hears is reached again, whoever forgot about it."""

from __future__ import annotations

from pathlib import Path

from tests.engine_harness import engine
from tests.simulated import simulated_printer


async def test_a_board_that_nothing_resets_is_reached_again(tmp_path: Path) -> None:
    async with (
        simulated_printer(tmp_path, speed=100, meatpack=True) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        await one.call("reset")
        await one.online_again()
        await one.call("disconnect")
        await one.call("connect")
        await one.online_again()
        await one.kill()  # the journal has no job to remember it by
        await one.start()
        state = await one.online()
        assert state.health.meatpack
        assert (await one.send("M220"))[:1] == ["FR:100%"]
