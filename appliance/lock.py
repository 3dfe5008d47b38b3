"""One appliance per configuration folder: a lock that the kernel frees when we die."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from appliance.errors import GantryError
from appliance.storage import make_private_directory


class Locked(GantryError):
    """Somebody else holds the lock."""


def core_lock(directory: Path) -> contextlib.AbstractContextManager[None]:
    """Hold the lock of the one appliance on a configuration folder."""
    what = f"Gantry is running already on {directory}"
    return lock_file(directory / ".storage" / "core.lock", what)


@contextlib.contextmanager
def lock_file(path: Path, what: str) -> Iterator[None]:
    """Hold the lock on ``path`` in the block, or raise `Locked`; the file names the holder."""
    make_private_directory(path.parent)
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    descriptor = os.open(path, flags, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode("ascii", "replace").strip() or "unknown"
            message = f"{what} (process {holder})"
            raise Locked(message) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)
