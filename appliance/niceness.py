"""How our processes behave: they take what nobody else wants."""

from __future__ import annotations

import contextlib
import os

_NICENESS = 19


def be_nice() -> None:
    """Give way to every other process of the machine, above all to print engines."""
    with contextlib.suppress(OSError):  # a sandbox may forbid even that
        os.nice(_NICENESS)
