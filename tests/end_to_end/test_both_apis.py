"""Wishes through both APIs at once, in any order: never an error of ours, always one truth."""

from __future__ import annotations

import asyncio
import random
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.running import Running, running
from tests.end_to_end.test_survival import gcode
from tests.thoroughness import THOROUGH
from tests.waiting import eventually_answers

STEPS = 30
# What Moonraker's words may be for each of OctoPrint's; see docs of both.
AGREED = {
    "Operational": {("ready", "standby"), ("ready", "complete"), ("ready", "cancelled"),
                    ("ready", "error")},
    "Starting": {("ready", "printing")},
    "Printing": {("ready", "printing")},
    "Pausing": {("ready", "printing"), ("ready", "paused")},
    "Paused": {("ready", "paused")},
    "Resuming": {("ready", "printing"), ("ready", "paused")},
    "Cancelling": {("ready", "printing")},
    "Finishing": {("ready", "printing")},
}  # fmt: skip
OCTOPRINT: list[tuple[str, dict[str, Any]]] = [
    ("/api/job", {"command": "start"}),
    ("/api/job", {"command": "pause", "action": "pause"}),
    ("/api/job", {"command": "pause", "action": "resume"}),
    ("/api/job", {"command": "cancel"}),
    ("/api/connection", {"command": "connect"}),
    ("/api/connection", {"command": "disconnect"}),
    ("/api/printer/command", {"command": "M112"}),
]
MOONRAKER: list[tuple[str, dict[str, Any]]] = [
    ("/printer/print/start", {"filename": "zigzag.gcode"}),
    ("/printer/print/pause", {}),
    ("/printer/print/resume", {}),
    ("/printer/print/cancel", {}),
    ("/printer/firmware_restart", {}),
    ("/printer/gcode/script", {"script": "M105"}),
]


async def agree(one: Running) -> bool:
    """Whether both say the same; asked again while something is on its way."""
    before = (await one.get("/api/job"))["state"]
    text = before.split(" (")[0]
    link = (await one.get("/server/info"))["result"]["klippy_state"]
    if text not in AGREED:
        return link in ("startup", "shutdown", "disconnected", "error")
    async with one.client.get("/printer/objects/query?print_stats") as response:
        if response.status != 200:  # gone meanwhile: asked again
            return False
        told = await response.json()
    return (link, told["result"]["status"]["print_stats"]["state"]) in AGREED[text]


async def wish(one: Running, path: str, body: dict[str, Any]) -> None:
    async with one.client.post(path, json=body) as response:
        told = await response.text()
        assert response.status < 500 or response.status == 503, (path, body, told)


@pytest.mark.timeout(60 + 60 * THOROUGH)
@pytest.mark.parametrize("seed", range(THOROUGH))
async def test_no_order_of_wishes_breaks_it(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    async with running(tmp_path / "config", speed=100) as one:
        await one.operational()
        await one.print_file("zigzag.gcode", gcode(300))
        for _ in range(STEPS):
            both = [chance.choice(OCTOPRINT[:5] * 3 + OCTOPRINT), chance.choice(MOONRAKER)]
            await asyncio.gather(*(wish(one, path, body) for path, body in both))
            await eventually_answers(partial(agree, one), f"both agree after {both}")
        await one.post("/printer/firmware_restart", {})
        await eventually_answers(partial(idle, one), "a way back to work")
        await one.print_file("zigzag.gcode", gcode(20))
        await eventually_answers(partial(idle, one), "it prints again")


async def idle(one: Running) -> bool:
    """Connect where nobody does, end what goes on; True once the printer obeys and rests."""
    state = (await one.get("/api/job"))["state"]
    if state.startswith("Offline"):
        await one.post("/printer/firmware_restart", {})
    elif state == "Paused":
        await one.post("/api/job", {"command": "cancel"})
    return bool(state == "Operational")
