"""What a test may leave behind: nothing. Threads, file descriptors, processes, tasks."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

GRACE_S = 30.0
_PR_SET_CHILD_SUBREAPER = 36
# Opened once by the machinery and kept.
_KEPT_FILES = ("/dev/null", "/dev/urandom", "anon_inode:[pidfd]")


@dataclass(frozen=True, slots=True)
class Belongings:
    """What this process has at a moment."""

    threads: frozenset[threading.Thread]
    files: frozenset[tuple[int, str]]
    children: frozenset[int]

    @classmethod
    def now(cls) -> Belongings:
        return cls(frozenset(threading.enumerate()), _open_files(), _children())


def adopt_orphans() -> None:
    """Become the parent of processes whose own parent died, so that they are seen."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def left_behind(before: Belongings) -> list[str]:
    """Return what is there now and was not before; kill processes among it."""
    if not _leaks(before):
        return []
    gc.collect()
    leaks = _settled(lambda: _leaks(before))
    for pid in _children() - before.children:
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    return leaks


async def tasks_left_behind() -> list[str]:
    """Return the tasks that still run beside the one that asks; cancel them."""
    current = asyncio.current_task()
    ends = time.monotonic() + GRACE_S
    while tasks := [task for task in asyncio.all_tasks() if task is not current]:
        if time.monotonic() > ends:
            break
        await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    return [f"task {task.get_name()}: {task.get_coro()}" for task in tasks]


def _settled(look: Callable[[], list[str]]) -> list[str]:
    """Look again for a while: what is ending may end."""
    ends = time.monotonic() + GRACE_S
    while (leaks := look()) and time.monotonic() < ends:
        time.sleep(0.01)
    return leaks


def _leaks(before: Belongings) -> list[str]:
    _reap_orphans(before)
    now = Belongings.now()
    files = {
        (number, target)
        for number, target in now.files - before.files
        if target not in _KEPT_FILES
    }
    return [
        *(f"thread {thread.name}" for thread in now.threads - before.threads),
        *(f"open file {number}: {target}" for number, target in sorted(files)),
        *(f"process {pid}: {_command(pid)}" for pid in now.children - before.children),
    ]


def _open_files() -> frozenset[tuple[int, str]]:
    found = set()
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - cheap, at every test
        with contextlib.suppress(FileNotFoundError):  # that of listdir itself
            found.add((int(name), os.readlink(f"/proc/self/fd/{name}")))  # noqa: PTH115
    return frozenset(found)


def _children() -> frozenset[int]:
    found: set[int] = set()
    for thread in Path("/proc/self/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            found.update(map(int, (thread / "children").read_text().split()))
    return frozenset(found)


def _reap_orphans(before: Belongings) -> None:
    for pid in _children() - before.children:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)


def _command(pid: int) -> str:
    try:
        content = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):  # before it is opened, or after that
        return "gone"
    return content.replace(b"\0", b" ").decode(errors="replace").strip() or "ending"
