"""The modes that a script leaves and returns to: SAVE_GCODE_STATE and its kin.

Klipper keeps the modes of X, Y, Z and of the extruder apart; Marlin's G90 and G91 set both.
"""

from __future__ import annotations

from dataclasses import replace

from appliance.components.moonraker_api.klipper.call import Call
from appliance.domain.telemetry import Motion
from appliance.records import dataclass

_MODES = {"G90": True, "G91": False}
_EXTRUDER_MODES = {"M82": True, "M83": False}


@dataclass(frozen=True, slots=True)
class Modes:
    """How moves are understood, and where the head is as far as known."""

    absolute: bool = True
    absolute_e: bool = True
    feedrate: float | None = None  # mm/min
    feed_factor: float = 1.0
    flow_factor: float = 1.0
    x: float | None = None
    y: float | None = None
    z: float | None = None

    @classmethod
    def of(cls, motion: Motion) -> Modes:
        """Return the modes that the printer is in."""
        at, flow = motion.position, motion.flow_factors
        return cls(
            absolute=motion.absolute,
            absolute_e=motion.absolute_e,
            feedrate=None if motion.feedrate is None else motion.feedrate * 60,
            feed_factor=motion.feed_factor or 1.0,
            flow_factor=flow[motion.tool] if motion.tool < len(flow) else 1.0,
            x=None if at is None else at.x,
            y=None if at is None else at.y,
            z=None if at is None else at.z,
        )

    def after(self, call: Call) -> Modes:
        """Return the modes after a classic command (in Klipper's sense)."""
        if call.name in ("G0", "G1"):
            return self._moved(call)
        if call.name in ("G28", "G29", "G92"):
            return replace(self, x=None, y=None, z=None)
        percent = call.number("S")
        return replace(
            self,
            absolute=_MODES.get(call.name, self.absolute),
            absolute_e=_EXTRUDER_MODES.get(call.name, self.absolute_e),
            feed_factor=percent / 100 if percent and call.name == "M220" else self.feed_factor,
            flow_factor=percent / 100 if percent and call.name == "M221" else self.flow_factor,
        )

    def _moved(self, call: Call) -> Modes:
        feedrate = call.number("F")
        return replace(
            self,
            feedrate=self.feedrate if feedrate is None else feedrate,
            x=self._to(self.x, call.number("X")),
            y=self._to(self.y, call.number("Y")),
            z=self._to(self.z, call.number("Z")),
        )

    def _to(self, present: float | None, told: float | None) -> float | None:
        if told is None:
            return present
        if self.absolute:
            return told
        return None if present is None else present + told
