"""When a picture is taken by layer: pure decisions about two snapshots."""

from __future__ import annotations

from appliance.domain.printer import Snapshot

# Heights are compared as the slicers write them: thousandths of a millimetre.
_SAME_MM = 0.0005


class LayerTrigger:
    """Says when a layer is done."""

    def __init__(self, retraction_z_hop: float, min_delay_s: float) -> None:
        self._hop = retraction_z_hop
        self._min_delay_s = min_delay_s
        self._taken_at: float | None = None
        self._owed = False

    def due(self, before: Snapshot, now: Snapshot, time_s: float) -> bool:
        """Return whether to take a picture; one that came too early is taken later."""
        self._owed = self._owed or self._is_new_layer(before, now)
        if not self._owed:
            return False
        if self._taken_at is not None and time_s < self._taken_at + self._min_delay_s:
            return False
        self._owed = False
        self._taken_at = time_s
        return True

    def _is_new_layer(self, before: Snapshot, now: Snapshot) -> bool:
        if now.job is not None and now.job.layer is not None:
            former = before.job.layer if before.job is not None else None
            return now.job.layer != former
        old, new = before.motion.position, now.motion.position
        if old is None or new is None or abs(new.z - old.z) < _SAME_MM:
            return False
        return not (self._hop and abs(abs(new.z - old.z) - self._hop) < _SAME_MM)
