"""A simulated printer in a process of its own, for tests of anything that talks to one.

    async with simulated_printer(tmp_path, speed=20, advanced_ok=False) as printer:
        open_serial(printer.port)
        await printer.until(lambda state: state["homed"] == "XYZ")
        assert "G28" in await printer.accepted()

Keyword arguments are the options of the process (`reset_on_open=True` is
`--reset-on-open`, `fault={"lost_ok": 0.01}` is `--fault lost_ok=0.01`).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

MODULE = "appliance.components.simulator.firmware"
CHECKOUT = Path(__file__).resolve().parent.parent
DEADLINE = 30.0
# A test run that was killed leaves no simulator behind for longer than this.
ORPHAN_SECONDS = 300


class SimulatorFailed(Exception):
    """The simulator did not start, died, or refused a control request."""


class SimulatedPrinter:
    """The handle of one running simulator process."""

    def __init__(
        self, port: Path, control: Path, accepted: Path, process: asyncio.subprocess.Process
    ) -> None:
        self.port = str(port)
        self.accepted_file = accepted
        self.process = process
        self._control = control
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._lock = asyncio.Lock()

    async def control(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Send one control request and return the reply; raise if it was refused."""
        async with self._lock, asyncio.timeout(DEADLINE):
            if self._streams is None:
                self._streams = await asyncio.open_unix_connection(
                    str(self._control), limit=64 * 1024 * 1024
                )
            reader, writer = self._streams
            writer.write(json.dumps(request).encode() + b"\n")
            await writer.drain()
            line = await reader.readline()
        if not line:
            message = f"the simulator closed its control socket at {request}"
            raise SimulatorFailed(message)
        reply: dict[str, Any] = json.loads(line)
        if "error" in reply:
            message = f"{request}: {reply['error']}"
            raise SimulatorFailed(message)
        return reply

    async def state(self) -> dict[str, Any]:
        """Everything the printer knows of itself."""
        return await self.control({"do": "state"})

    async def accepted(self, since: int = 0) -> list[str]:
        """The command lines that were executed, without number, checksum and comment."""
        reply = await self.control({"do": "accepted", "since": since})
        lines: list[str] = reply["lines"]
        return lines

    async def fault(self, **faults: object) -> None:
        """Switch faults on or off while the printer runs."""
        await self.control({"do": "fault", "set": faults})

    async def hold(self, at: str = "") -> None:
        """Let a command take until `let_go`: the next one, or the next that begins so.

        What a test does in the middle of a print comes in the middle of it, however late.
        Nothing is lost by it: the printer says that it is busy.
        """
        await self.fault(**({"busy_at": at} if at else {"busy_forever": True}))

    async def held(self) -> None:
        """Wait until such a command takes for ever."""
        await self.until(lambda state: state["faults"]["busy_forever"] and state["busy"])

    async def let_go(self, until: str = "off") -> None:
        """Let what takes for ever come to its end; ``until`` is where it is held again."""
        await self.fault(busy_at=until, busy_forever=False)

    async def press(self, what: str) -> None:
        """Press something on the printer's own panel: resume, runout, insert, knob..."""
        await self.control({"do": "press", "what": what})

    async def until(
        self, condition: Callable[[dict[str, Any]], bool], within: float = DEADLINE
    ) -> dict[str, Any]:
        """Wait until the printer's state fulfils a condition, and return that state."""
        state: dict[str, Any] = {}
        try:
            async with asyncio.timeout(within):
                while True:
                    state = await self.state()
                    if condition(state):
                        return state
                    await asyncio.sleep(0.01)
        except TimeoutError:
            message = f"the simulated printer did not get there; its state is {state}"
            raise AssertionError(message) from None

    async def close(self) -> None:
        """Close the control connection."""
        if self._streams is not None:
            writer = self._streams[1]
            self._streams = None
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


@contextlib.asynccontextmanager
async def simulated_printer(
    tmp_path: Path, *, name: str = "printer", **options: object
) -> AsyncIterator[SimulatedPrinter]:
    """Start a simulator and end it surely; its port is the link `tmp_path/name`."""
    port = tmp_path / name
    accepted = tmp_path / f"{name}.accepted"
    log = tmp_path / f"{name}.stderr"
    # The path of a Unix socket ends at 107 bytes; pytest's folders may be longer.
    short = Path(tempfile.mkdtemp(prefix="sim"))
    options = {"idle_exit": ORPHAN_SECONDS, **options}
    try:
        with log.open("wb") as errors:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", MODULE,
                "--link", str(port),
                "--control", str(short / "control"),
                "--accepted", str(accepted),
                *arguments(options),
                cwd=CHECKOUT,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
            )  # fmt: skip
        printer = SimulatedPrinter(port, short / "control", accepted, process)
        try:
            await _ready(process, log)
            yield printer
        finally:
            await printer.close()
            await _end(process)
    finally:
        shutil.rmtree(short, ignore_errors=True)


def arguments(options: Mapping[str, object]) -> list[str]:
    """Turn keyword arguments into the options of the command line."""
    words: list[str] = []
    for key, value in options.items():
        option = key.replace("_", "-")
        match value:
            case None:
                continue
            case bool():
                words.append(f"--{option}" if value else f"--no-{option}")
            case dict():
                words += [w for k, v in value.items() for w in (f"--{option}", f"{k}={v}")]
            case list() | tuple():
                words += [f"--{option}", ",".join(str(item) for item in value)]
            case _:
                words += [f"--{option}", str(value)]
    return words


async def _ready(process: asyncio.subprocess.Process, log: Path) -> None:
    """Wait for the line `ready PATH`."""
    assert process.stdout is not None
    try:
        async with asyncio.timeout(DEADLINE):
            line = await process.stdout.readline()
    except TimeoutError:
        line = b""
    if not line.startswith(b"ready "):
        said = await asyncio.to_thread(log.read_text)
        message = f"the simulator did not start: {line!r}\n{said}"
        raise SimulatorFailed(message)


async def _end(process: asyncio.subprocess.Process) -> None:
    """End the process politely, then surely, and reap it."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(DEADLINE):
                await process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    # Reading to the end lets asyncio close the pipe's transport.
    if process.stdout is not None:
        await process.stdout.read()
