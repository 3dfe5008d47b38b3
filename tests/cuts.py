"""Cut the power at every step: a child does the work and is killed before its n-th step.

For n = 1, 2, ... the work is done on a copy of a prepared folder in a child process that kills
itself right before its n-th call that touches the disk, and the folder is looked at.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

CALLS = ("open", "write", "fsync", "rename", "unlink", "rmdir", "mkdir", "replace", "symlink")


def die_at(count: int) -> None:
    """Make the n-th call that touches the disk the last of this process."""
    left = count

    def guarded(call: Callable[..., object]) -> Callable[..., object]:
        def instead(*args: object, **kwargs: object) -> object:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args, **kwargs)

        return instead

    for name in CALLS:
        setattr(os, name, guarded(getattr(os, name)))


def cut_everywhere(
    folder: Path,
    prepare: Callable[[Path], None],
    work: Callable[[Path], None],
    look: Callable[[Path], None],
) -> int:
    """Return how often the power was cut; ``look`` raises if something was lost.

    Only in a process without threads.
    """
    # A kill loses nothing that was written, flushed or not: only the step counts.
    os.fsync = lambda _: None  # type: ignore[assignment]
    cuts = 0
    first = folder / "first"
    first.mkdir()
    prepare(first)
    while True:
        base = folder / str(cuts)
        shutil.copytree(first, base, symlinks=True)
        child = os.fork()
        if child == 0:
            die_at(cuts + 1)
            code = 1
            try:
                work(base)
                code = 0
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        survived = os.waitstatus_to_exitcode(status)
        if survived == 0:
            return cuts
        assert survived == -signal.SIGKILL, f"the work failed, {survived}, at cut {cuts}"
        look(base)
        shutil.rmtree(base)
        cuts += 1
