"""A power cut in mid-print, as a client of Gantry's own API lives through it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from tests.end_to_end.running import Running, running
from tests.engine_harness import commands, foreign, motion
from tests.serial_printer.test_power_cut import CUT, layered, wall
from tests.waiting import eventually_answers

RECOVERY = "/api/gantry/recovery"
CONTENT = layered(16)


async def in_layer(one: Running, number: int) -> bool:
    told = await one.get("/printer/objects/query?print_stats")
    info = told["result"]["status"]["print_stats"]["info"]
    return (info["current_layer"] or 0) >= number


async def stopped(one: Running) -> bool:
    return bool((await one.get("/api/job"))["state"] != "Printing")


async def test_the_steps_are_shown_and_only_a_confirmation_begins_them(
    tmp_path: Path,
) -> None:
    async with running(tmp_path / "config", speed=30) as one:
        await one.operational()
        async with one.client.get(RECOVERY) as response:
            assert response.status in (404, 409)
        await one.hold(wall(6))
        await one.print_file("layers.gcode", CONTENT.encode())
        await eventually_answers(partial(in_layer, one, 4), "the fourth layer")
        await one.simulator(CUT)
        await one.let_go()
        await eventually_answers(partial(stopped, one), "the cut is noticed")
        await one.operational()
        plan = await one.get(RECOVERY)
        assert plan["steps"]
        assert await one.post(RECOVERY, {}) == 400
        assert await one.post(RECOVERY, {"job_id": "another"}) == 400
        since = len(await one.accepted())
        assert motion((await one.accepted())[since:]) == []
        assert await one.post(RECOVERY, {"job_id": plan["job_id"]}) == 200
        await eventually_answers(partial(done, one, since), "the rest is printed", 60.0)
        after = foreign((await one.accepted())[since:])
        moves = [line for line in motion(after) if line.startswith("G1 X")]
        wanted = [line for line in motion(commands(CONTENT)) if line.startswith("G1 X")]
        assert moves == wanted[-len(moves) :]
        assert len(moves) >= 20
        assert not any(line.startswith("G28") and "Z" in line for line in after)


async def done(one: Running, since: int) -> bool:
    return "M107" in (await one.accepted())[since:] and not await printing(one)


async def printing(one: Running) -> bool:
    return bool((await one.get("/api/job"))["state"] != "Operational")
