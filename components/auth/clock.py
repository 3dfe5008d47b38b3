"""The two clocks: one for what lasts, one for what is written down.

A small board has no battery clock: the wall clock may jump by years while we run, so that
durations are measured with the monotonic one.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from appliance.records import dataclass


@dataclass(frozen=True, slots=True)
class Clock:
    """Seconds, in both ways."""

    wall: Callable[[], float] = time.time  # unix seconds
    monotonic: Callable[[], float] = time.monotonic
