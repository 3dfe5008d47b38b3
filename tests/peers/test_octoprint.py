"""The engine against a firmware of somebody else: the virtual printer of OctoPrint.

It is another reading of the same protocol, so that engine and simulator cannot share one
misunderstanding. It differs from Marlin in ways that a host must bear: "wait" when idle,
"Resend:n" with the line of the sequence error in Repetier's words, input that is not thrown
away on an error, sums that are checked before numbers.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from appliance.domain.job import JobPhase, JobResult
from tests.clients.environments import environment
from tests.engine_harness import engine
from tests.waiting import deadline

HERE = Path(__file__).resolve().parent
KEPT = HERE.parent.parent / ".venv-peers"
# A folder with a virtual environment that has OctoPrint already.
GIVEN = os.environ.get("GANTRY_OCTOPRINT_VENV")
NO_ERRORS: dict[str, Any] = {"simulated_errors": []}
# Its own debugging aid. "105:resend_with_timeout" is left out: it takes the line for
# executed without executing it.
ERRORS = {"simulated_errors": ["100:resend", "110:missing_lineno", "115:checksum_mismatch"]}
ADVANCED = {"okFormatString": "ok N{lastN} P15 B{buffer}"}


def moves(feedrate: int, count: int = 240) -> list[str]:
    return [
        f"G1 X{number % 20} Y{number % 7} E{number / 100:.2f} F{feedrate}"
        for number in range(1, count + 1)
    ]


def content(feedrate: int = 30_000, count: int = 240) -> str:
    begin = ["G90", "G92 X0 Y0 Z0 E0", "M104 S25", "M117 hello"]
    return "\n".join([*begin, *moves(feedrate, count), "M104 S0", "M84", ""])


@dataclass
class Peer:
    """A running virtual printer."""

    port: str
    executed: Path
    process: asyncio.subprocess.Process = field(repr=False)

    def moves(self) -> list[str]:
        """The moves that it has executed, in order."""
        if not self.executed.exists():
            return []
        return [line for line in self.executed.read_text().splitlines() if " E" in line]


@contextlib.asynccontextmanager
async def virtual_printer(
    tmp_path: Path, settings: dict[str, Any], **options: object
) -> AsyncIterator[Peer]:
    """Run one; OctoPrint is installed when nobody did it before."""
    python = (
        Path(GIVEN) / "bin/python"
        if GIVEN
        else await asyncio.to_thread(environment, HERE / "octoprint.txt", KEPT)
    )
    link, executed = tmp_path / "virtual", tmp_path / "executed"
    process = await asyncio.create_subprocess_exec(
        str(python), str(HERE / "virtual_printer.py"), str(link), str(executed),
        json.dumps({"settings": settings, **options}),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        async with deadline("the virtual printer starts", 120.0):  # it is slow to import
            assert await process.stdout.readline() == b"ready\n"
        yield Peer(str(link), executed, process)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
        await process.stdout.read()


# The first run installs OctoPrint.
pytestmark = pytest.mark.timeout(600)


@pytest.mark.parametrize(
    ("settings", "options", "window"),
    [
        (NO_ERRORS, {}, None),
        ({**NO_ERRORS, **ADVANCED}, {}, None),
        ({**NO_ERRORS, "rxBuffer": 256}, {}, 8),
        (ERRORS, {}, None),
        ({**ERRORS, **ADVANCED}, {}, None),
        ({**ERRORS, "brokenResend": True}, {}, 1),
        # It counts every line with a right sum, also those out of order, so that after a
        # damaged one it only keeps count when lines come one by one.
        (NO_ERRORS, {"corrupt": 0.03}, 1),
        # Its receive buffer holds 64 bytes, half of what most boards have.
        (NO_ERRORS, {"overrun": True}, None),
        ({**NO_ERRORS, **ADVANCED}, {"overrun": True}, None),
        (ERRORS, {"overrun": True}, None),
    ],
    ids=[
        "plain",
        "advanced",
        "wide",
        "errors",
        "advanced-errors",
        "no-ok",
        "corrupted",
        "small-buffer",
        "advanced-small-buffer",
        "errors-small-buffer",
    ],
)
async def test_a_print_is_intact(
    tmp_path: Path, settings: dict[str, Any], options: dict[str, Any], window: int | None
) -> None:
    path = tmp_path / "a.gcode"
    path.write_text(content())
    async with (
        virtual_printer(tmp_path, settings, **options) as peer,
        engine(tmp_path, port=peer.port, window=window) as one,
    ):
        state = await one.online()
        assert state.firmware is not None
        assert state.firmware.name.startswith("Virtual Marlin")
        await one.print_file(path)
        job = await one.ended()
        assert (job.result, job.cause) == (JobResult.COMPLETE, None)
        assert peer.moves() == moves(30_000)
        if settings.get("simulated_errors") or options:
            assert one.snapshot.health.resend_requests > 0
        assert one.snapshot.heaters["tool0"].actual is not None
        assert one.snapshot.message == "hello"


LONG = 10_000  # not over before a busy machine has paused and cancelled it


async def test_pause_resume_and_cancel(tmp_path: Path) -> None:
    path = tmp_path / "a.gcode"
    path.write_text(content(6000, LONG))
    async with (
        virtual_printer(tmp_path, NO_ERRORS) as peer,
        engine(tmp_path, port=peer.port) as one,
    ):
        await one.online()
        await one.print_file(path)
        await one.printed(40)
        await one.pause()
        await one.phase(JobPhase.PAUSED)
        moved = peer.moves()
        assert moved == moves(6000, LONG)[: len(moved)]
        await one.resume()
        await one.printed(120)
        await one.cancel()
        assert (await one.ended()).result is JobResult.CANCELLED
        moved = peer.moves()
        assert moved == moves(6000, LONG)[: len(moved)]
        assert len(moved) < LONG
