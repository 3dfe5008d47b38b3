"""Processes for work that keeps a core busy: they are nice, and nobody's lock is held.

A thread will not do: it is preempted while it holds the interpreter's lock, and then the event
loop waits for it behind every other process of the machine.
"""

from __future__ import annotations

import asyncio
import sys

from appliance.processes import module_environment
from appliance.records import dataclass


class ChildFailed(Exception):
    """The process died or took too long; the text says which."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a process wrote."""

    output: bytes
    errors: bytes

    @property
    def complaint(self) -> str:
        """The last line that it wrote to standard error."""
        return self.errors.decode("utf-8", "replace").strip().rpartition("\n")[2][:200]


async def run(module: str, *arguments: str, patience_s: float, given: int | bytes) -> Answer:
    """Run a module of ours; ``given``: an open file, or data, for its standard input.

    It is killed when it takes too long, and when whoever waits for it is cancelled.
    """
    data = given if isinstance(given, bytes) else None
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        stdin=given if isinstance(given, int) else asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=module_environment(),
        cwd="/",
    )
    answer = None
    try:
        async with asyncio.timeout(patience_s):
            answer = Answer(*await process.communicate(data))
    except TimeoutError:
        raise ChildFailed("it took too long") from None
    finally:
        if answer is None:
            await _end(process)
    if process.returncode != 0:
        message = answer.complaint or f"the process ended with {process.returncode}"
        raise ChildFailed(message)
    return answer


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill a process whose answer nobody waits for, and close its pipes."""
    if process.returncode is None:
        process.kill()
    if process.stdin is not None:
        process.stdin.close()
    await process.communicate()
