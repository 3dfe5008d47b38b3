"""What the process of an update is told to do, and what it says."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from appliance.domain.updates import BundleDamaged, UpdatePhase, UpdateRefused
from appliance.errors import FileError, StorageFull
from appliance.processes import module_environment
from appliance.records import dataclass

MODULE = "appliance.releases.worker"
# An old card writes a megabyte a second.
PATIENCE_S = 3600.0

_ERRORS = {each.__name__: each for each in (BundleDamaged, UpdateRefused, StorageFull)}


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done."""

    do: str  # verify, install, offers
    root: Path
    factory: Path
    keys: Path
    config: Path
    python: Path
    file: Path  # the bundle, or the list of a channel
    signature: str = ""  # of the list, as base64

    def dump(self) -> bytes:
        """Return it as JSON."""
        return orjson.dumps(asdict(self), default=str)


def load_order(content: bytes) -> Order:
    """Read it back."""
    data: dict[str, str] = orjson.loads(content)
    paths = {
        name: Path(data[name])
        for name in ("root", "factory", "keys", "config", "python", "file")
    }
    return Order(do=data["do"], signature=data["signature"], **paths)


async def let_work(
    order: Order, progress: Callable[[UpdatePhase, float | None], None]
) -> dict[str, Any]:
    """Carry out an order in a process of its own; errors come out as if it were done here."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        MODULE,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**module_environment(), "PYTHONUNBUFFERED": "1"},
        cwd="/",
    )
    assert process.stdin is not None
    assert process.stdout is not None
    answer: dict[str, Any] = {}
    try:
        async with asyncio.timeout(PATIENCE_S):
            process.stdin.write(order.dump())
            process.stdin.close()
            while line := await process.stdout.readline():
                said = orjson.loads(line)
                if "phase" in said:
                    progress(UpdatePhase(said["phase"]), said["progress"])
                else:
                    answer = said
            await process.wait()
    except TimeoutError:
        raise UpdateRefused("it took too long") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if "error" in answer:
        raise _ERRORS.get(answer["error"], FileError)(answer["message"])
    if not answer:
        code = os.strerror(0) if process.returncode == 0 else str(process.returncode)
        message = f"the process that installs ended without a word ({code})"
        raise FileError(message)
    return answer
