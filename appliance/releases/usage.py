"""Which releases are needed: current, previous, on trial, or still run by an engine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from appliance.releases.slots import CURRENT, PREVIOUS, Slots

WAITING = ".installing-"


def prune(slots: Slots, in_use: Sequence[str]) -> list[str]:
    """Delete the releases that nobody needs: neither current, nor previous, nor running."""
    wanted = {slots.version_at(CURRENT), slots.version_at(PREVIOUS), *in_use}
    trial = slots.state().trial
    if trial is not None:
        wanted |= {trial.version, trial.back_to}
    gone = [version for version in slots.installed() if version not in wanted]
    for version in gone:
        slots.remove(version)
    return gone


def used_by_processes(slots: Slots) -> list[str]:
    """Return the releases that processes run from: an engine keeps its own while it prints."""
    prefix = os.fsencode(slots.root) + b"/"
    found = set()
    for entry in Path("/proc").iterdir():
        try:
            first = (entry / "cmdline").read_bytes().partition(b"\0")[0]
        except OSError:
            continue
        if first.startswith(prefix):
            found.add(os.fsdecode(first[len(prefix) :].partition(b"/")[0]))
    return sorted(found)


def sweep(slots: Slots) -> None:
    """Remove what an installation that was killed has left."""
    for left in slots.root.glob(f"{WAITING}*"):
        shutil.rmtree(left, ignore_errors=True)
