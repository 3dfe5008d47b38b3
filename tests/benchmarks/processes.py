"""Processes under measurement: started, ended, and what they used, from the kernel."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parent.parent.parent
_END_S = 15.0
_SCHEDULED = 2  # CPUCLOCK_SCHED of the kernel's clock ids


class BenchmarkFailed(Exception):
    """Something could not be measured; the text says why."""


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process so far, to the nanosecond."""
    return time.clock_gettime((~pid << 3) | _SCHEDULED)


@contextlib.contextmanager
def python(
    module: str,
    *arguments: object,
    log: Path | None = None,
    environment: dict[str, str] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a module of this checkout with pipes to its standard streams; end it afterwards."""
    with contextlib.ExitStack() as stack:
        errors = None if log is None else stack.enter_context(log.open("ab"))
        process = subprocess.Popen(
            [sys.executable, "-m", module, *(str(argument) for argument in arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=CHECKOUT,
            env={**_environment(), **(environment or {})},
            start_new_session=True,
        )
        try:
            yield process
        finally:
            end(process)


def _environment() -> dict[str, str]:
    """Return ours, in which Python may keep its bytecode: else each start would compile."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process politely, then surely."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


def said(process: subprocess.Popen[bytes], start: str) -> str:
    """Read what a process prints up to the line that begins with ``start``; return that."""
    assert process.stdout is not None
    for line in process.stdout:
        text = line.decode()
        if text.startswith(start):
            return text
    message = f"{process.args!r} ended with {process.wait()} before it said {start!r}"
    raise BenchmarkFailed(message)


def answer(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    """Read the next line of JSON that a process prints."""
    result: dict[str, Any] = json.loads(said(process, "{"))
    return result


def ask(process: subprocess.Popen[bytes], words: str) -> dict[str, Any]:
    """Write a line to a process and read the line of JSON that it answers."""
    assert process.stdin is not None
    process.stdin.write(words.encode() + b"\n")
    process.stdin.flush()
    return answer(process)


def find(*words: str) -> int:
    """Return the id of the process whose command line holds all ``words``."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                line = (entry / "cmdline").read_text().split("\0")
                if all(any(word in part for part in line) for word in words):
                    return int(entry.name)
    message = f"no process has {' and '.join(words)} in its command line"
    raise BenchmarkFailed(message)


def kill(pid: int) -> None:
    """Kill a process that we had started by way of another one."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 9)


def memory(pid: int) -> dict[str, float]:
    """Return the memory of a process in MB: its share (``pss``) and what is only its own."""
    fields = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, value = line.split(":")
        fields[name] = int(value.split()[0]) / 1024
    return {
        "pss": fields["Pss"],
        "private": fields["Private_Clean"] + fields["Private_Dirty"],
    }


def until(deadline_s: float, what: str) -> Iterator[None]:
    """Yield again and again until the time is over; then fail, saying for what we waited."""
    ends = time.monotonic() + deadline_s
    while time.monotonic() < ends:
        yield
        time.sleep(0.01)
    message = f"not within {deadline_s:g} s: {what}"
    raise BenchmarkFailed(message)


def quietly(pids: Sequence[int], seconds: float) -> list[float]:
    """Return the CPU seconds that processes use in a while in which nobody asks them."""
    before = [cpu_seconds(pid) for pid in pids]
    time.sleep(seconds)
    return [cpu_seconds(pid) - then for pid, then in zip(pids, before, strict=True)]
