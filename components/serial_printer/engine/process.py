"""The engine as a process: arguments, locks, signals, logging."""

from __future__ import annotations

import asyncio
import fcntl
import gc
import logging
import signal
import sys
import time
from pathlib import Path
from typing import TextIO

from appliance.systemd import feed_watchdog

from .priority import raise_priority
from .service import Service

_LOGGER = logging.getLogger(__name__)

# The reader thread must not keep the event loop from the interpreter for 5 ms at a time.
SWITCH_INTERVAL_S = 0.0005
# How long an engine that was told to leave may still take, and hold the lock.
ENDING_S = 10.0
_LOOK_EVERY_S = 0.05


def main() -> int:
    """Run one print engine until it is told to stop.

    Arguments: the path of the socket, of the journal, of the log. They come from the core,
    so a parser of arguments (0.4 MB of memory) has nothing to explain to anybody.
    """
    socket, journal, log = (Path(argument) for argument in sys.argv[1:4])
    logging.basicConfig(
        filename=log,
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    lock = _lock(socket)
    if lock is None:
        _LOGGER.error("Another engine serves %s", socket)
        return 3
    with lock:
        raise_priority()
        gc.collect()
        gc.freeze()  # what was imported is never garbage
        try:
            asyncio.run(_serve(socket, journal))
        except Exception:
            _LOGGER.exception("The engine failed")
            return 1
    return 0


async def _serve(path: Path, journal: Path) -> None:
    service = Service(path, journal)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, service.quit.set)
    # Ctrl-C in a terminal is for the core, which decides what becomes of a print.
    loop.add_signal_handler(signal.SIGINT, lambda: None)
    fed = loop.create_task(feed_watchdog())
    try:
        await service.run()
    finally:
        fed.cancel()


def _lock(path: Path) -> TextIO | None:
    """Take the lock of a socket, also from an engine that is just ending."""
    handle = path.with_suffix(".lock").open("w")
    ends = time.monotonic() + ENDING_S
    if not _locked(handle):
        _LOGGER.info("The engine before this one is still ending")
    while not _locked(handle):
        if time.monotonic() > ends:
            handle.close()
            return None
        time.sleep(_LOOK_EVERY_S)
    path.unlink(missing_ok=True)  # of an engine that was killed
    return handle


def _locked(handle: TextIO) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
