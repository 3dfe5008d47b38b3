"""How much of which spool was used: pure counting, and what is kept over a restart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from appliance.domain.job import Job
from appliance.records import dataclass


@dataclass(slots=True)
class Reel:
    """The spool on one printer, and up to where its job was counted."""

    spool_id: int | None = None
    job_id: str | None = None
    counted_mm: float = 0.0  # of that job, whatever the spool was
    by_hand_mm: float = 0.0  # net, since the last job or the change of the spool
    furthest_mm: float = 0.0  # the most of it so far: what is pulled back is used once


@dataclass(slots=True)
class Usage:
    """What printers use, until it is reported."""

    reels: dict[str, Reel] = field(default_factory=dict)  # per printer
    pending: dict[int, float] = field(default_factory=dict)  # mm per spool

    def reel(self, printer_id: str) -> Reel:
        """Return what is on a printer."""
        return self.reels.setdefault(printer_id, Reel())

    def count(self, printer_id: str, job: Job) -> bool:
        """Take note of what a job has extruded by now; return whether a spool lost some."""
        reel = self.reel(printer_id)
        extruded = sum(job.filament_mm)
        if reel.job_id != job.id:
            reel.job_id, reel.counted_mm = job.id, 0.0
            reel.by_hand_mm = reel.furthest_mm = 0.0
        used = extruded - reel.counted_mm
        if used <= 0:  # retracted: it was used the first time already
            return False
        reel.counted_mm = extruded
        if reel.spool_id is None:
            return False
        self.add(reel.spool_id, used)
        return True

    def count_by_hand(self, printer_id: str, moved_mm: float) -> bool:
        """Take note of filament that moved without a job; return whether a spool lost some."""
        reel = self.reel(printer_id)
        reel.by_hand_mm += moved_mm
        used = reel.by_hand_mm - reel.furthest_mm
        if used <= 0:
            return False
        reel.furthest_mm = reel.by_hand_mm
        if reel.spool_id is None:
            return False
        self.add(reel.spool_id, used)
        return True

    def put_on(self, printer_id: str, spool_id: int | None) -> None:
        """Have another spool on a printer."""
        reel = self.reel(printer_id)
        reel.spool_id = spool_id
        reel.by_hand_mm = reel.furthest_mm = 0.0

    def add(self, spool_id: int, used_mm: float) -> None:
        """Have something reported, or reported again after a failure."""
        self.pending[spool_id] = self.pending.get(spool_id, 0.0) + used_mm

    def take(self, spool_id: int) -> float:
        """Take out what is to be reported of a spool now."""
        return self.pending.pop(spool_id, 0.0)

    def plain(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return {
            "reels": {
                name: [reel.spool_id, reel.job_id, reel.counted_mm]
                for name, reel in self.reels.items()
            },
            "pending": {str(spool_id): used for spool_id, used in self.pending.items()},
        }


def from_plain(data: Mapping[str, Any] | None) -> Usage:
    """Read what a former life has kept."""
    if data is None:
        return Usage()
    reels = {name: Reel(*kept) for name, kept in data["reels"].items()}
    pending = {int(spool_id): float(used) for spool_id, used in data["pending"].items()}
    return Usage(reels, pending)
