"""The engine's place among the programs of the machine.

A line that is late for its ok is a blob on the part, and a print needs a few percent of
one processor: so the engine comes before everything that is not urgent. On a busy machine
it waited half a second of each ten for the processor at nice -5, and two milliseconds with
real-time priority. systemd grants that by ``LimitRTPRIO=1`` (or CAP_SYS_NICE).
"""

from __future__ import annotations

import contextlib
import logging
import os
import resource
import signal
from pathlib import Path
from types import FrameType

_LOGGER = logging.getLogger(__name__)

LONGEST_BURST_US = 1_000_000
_NICE = -5


def raise_priority(longest_burst_us: int = LONGEST_BURST_US) -> None:
    """Ask for real-time priority, or at least for more than others get.

    Threads that are started from now on get the same: one that held the interpreter and
    waited behind others would hold up the loop with it.
    """
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except PermissionError:
        _be_nicer()
        return
    # Whoever computes for so long without a pause has gone wrong; others come first then.
    signal.signal(signal.SIGXCPU, _give_way)
    _, hard = resource.getrlimit(resource.RLIMIT_RTTIME)
    with contextlib.suppress(ValueError):  # the system has a lower limit, and kills there
        resource.setrlimit(resource.RLIMIT_RTTIME, (longest_burst_us, hard))


def _give_way(_signal: int, _frame: FrameType | None) -> None:
    _LOGGER.warning("The engine was too busy for real-time priority; it gives way")
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(ProcessLookupError):
            os.sched_setscheduler(int(task.name), os.SCHED_OTHER, os.sched_param(0))
    _be_nicer()


def _be_nicer() -> None:
    try:
        os.setpriority(os.PRIO_PROCESS, 0, _NICE)
    except PermissionError:
        _LOGGER.debug("The priority stays as it is")
