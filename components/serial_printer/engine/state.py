"""Everything the engine knows, as one mutable place that yields frozen snapshots."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace

from appliance.domain.job import Job, JobFile, JobPhase
from appliance.domain.machine import Link, move_link, move_phase
from appliance.domain.printer import Connection, Fault, Snapshot
from appliance.domain.telemetry import (
    Firmware,
    Heater,
    Mesh,
    Motion,
    Position,
    Prompt,
    SdCard,
    SerialHealth,
    TemperatureSample,
)
from appliance.domain.wire import to_plain

from .dialogue import Dialogue
from .replies import Reading
from .tracker import Tracker

# 30 minutes at one sample a second.
SAMPLES = 1800
# Of a firmware that tells of ever more; each is in every sample.
MOST_HEATERS = 32


class State:
    """The present state; ``changed`` is called for what must be told at once."""

    def __init__(self, heaters: tuple[str, ...], changed: Callable[[], None]) -> None:
        self.link = Link.OFFLINE
        self.phase = JobPhase.NONE
        self.connection = Connection()
        self.fault: Fault | None = None
        self.firmware: Firmware | None = None
        self.configured_heaters = heaters
        self.heaters: dict[str, Heater] = {}
        self.offsets: dict[str, float] = {}
        self.job: Callable[[], Job | None] = lambda: None
        self.selected: JobFile | None = None
        self.prompt: Prompt | None = None
        self.waiting_for_user = False
        self.notification: str | None = None
        self.sd = SdCard()
        self.mesh: Mesh | None = None
        self.endstops: dict[str, str] = {}
        self.filament_present: dict[str, bool] = {}
        self.fan_rpm: tuple[float | None, ...] = ()
        self.reconnects = 0
        self.tracker = Tracker()
        self.reported: Position | None = None
        self.reported_at = 0.0
        self.speed: float | None = None
        self.extruder_speed: float | None = None
        # As JSON text: a sixth of the memory that the objects would take.
        self.samples: deque[str] = deque(maxlen=SAMPLES)
        self._changed = changed

    @property
    def hears_emergency(self) -> bool:
        """Whether the firmware hears M108 and the like while it is busy."""
        firmware = self.firmware
        return firmware is not None and firmware.capabilities.get("EMERGENCY_PARSER", False)

    def set_link(self, link: Link) -> None:
        """Move the link; an illegal move is an error of ours."""
        self.link = move_link(self.link, link)
        self._changed()

    def set_phase(self, phase: JobPhase) -> None:
        """Move the job."""
        self.phase = move_phase(self.link, self.phase, phase)
        self._changed()

    def touch(self) -> None:
        """Tell the present state at once: something that people wait for has changed."""
        self._changed()

    def begin_connection(self) -> None:
        """Forget what was measured; the heaters of the profile exist from now on."""
        self.fault = None
        self.firmware = None
        self.heaters = {name: Heater() for name in self.configured_heaters}
        self.prompt = None
        self.waiting_for_user = False
        self.sd = SdCard()
        self.reported = None

    def read_temperatures(self, readings: Mapping[str, Reading]) -> None:
        """Take a temperature report; the printer's targets win over ours."""
        for name, reading in readings.items():
            heater = f"tool{self.tracker.tool}" if name == "tool" else name
            if heater not in self.heaters and len(self.heaters) >= MOST_HEATERS:
                continue
            known = self.heaters.get(heater, Heater())
            target = known.target if reading.target is None else reading.target
            if reading.target is not None and self._controllable(heater):
                self.tracker.targets[heater] = reading.target
            self.heaters[heater] = Heater(
                known.actual if reading.actual is None else reading.actual,
                target if target is not None or not self._controllable(heater) else 0.0,
                known.power if reading.power is None else reading.power,
            )

    def apply_targets(self) -> None:
        """Show the targets that were sent, until the printer reports its own."""
        for name, target in self.tracker.targets.items():
            known = self.heaters.get(name)
            if known is not None and known.target != target:
                self.heaters[name] = replace(known, target=target)

    def targets_off(self) -> None:
        """Note that every heater was commanded off."""
        for name, heater in self.heaters.items():
            if heater.target:
                self.heaters[name] = replace(heater, target=0.0)

    def report_position(self, axes: Mapping[str, float], now: float) -> None:
        """Take a position report and measure the speed since the last one."""
        position = Position(
            axes.get("x", 0.0), axes.get("y", 0.0), axes.get("z", 0.0), axes.get("e", 0.0)
        )
        before, pause = self.reported, now - self.reported_at
        if before is not None and 0.05 < pause < 5.0:
            distance = (
                (position.x - before.x) ** 2
                + (position.y - before.y) ** 2
                + (position.z - before.z) ** 2
            ) ** 0.5
            self.speed = distance / pause
            self.extruder_speed = max((position.e - before.e) / pause, 0.0)
        self.reported, self.reported_at = position, now

    def sample(self) -> str | None:
        """Remember the temperatures of this second; return them as JSON."""
        if not any(heater.actual is not None for heater in self.heaters.values()):
            return None
        sample = TemperatureSample(
            round(time.time(), 3),
            {
                name: heater
                for name, heater in self.heaters.items()
                if heater.actual is not None
            },
        )
        text = json.dumps(to_plain(sample))
        self.samples.append(text)
        return text

    def snapshot(self, dialogue: Dialogue) -> Snapshot:
        """Return everything known now."""
        tracker = self.tracker
        return Snapshot(
            link=self.link,
            phase=self.phase,
            connection=self.connection,
            fault=self.fault,
            firmware=self.firmware,
            heaters=dict(self.heaters),
            offsets=dict(self.offsets),
            motion=self._motion(),
            fans=tuple(tracker.fans.get(n, 0.0) for n in range(max(tracker.fans) + 1)),
            fan_rpm=self.fan_rpm,
            job=self.job(),
            selected=self.selected,
            prompt=self.prompt,
            waiting_for_user=self.waiting_for_user,
            busy=not dialogue.window.empty,
            message=tracker.message,
            notification=self.notification,
            sd=self.sd,
            mesh=self.mesh,
            endstops=dict(self.endstops),
            filament_present=dict(self.filament_present),
            health=self._health(dialogue),
        )

    def _controllable(self, heater: str) -> bool:
        return heater.startswith("tool") or heater in ("bed", "chamber")

    def _motion(self) -> Motion:
        tracker = self.tracker
        position = self.reported
        if tracker.x is not None and time.monotonic() - self.reported_at > 2.5:
            position = Position(tracker.x, tracker.y or 0.0, tracker.z or 0.0, tracker.e)
        tools = max([*tracker.flow_factors, tracker.tool, 0]) + 1
        return Motion(
            position=position,
            homed="".join(axis for axis in "xyz" if axis in tracker.homed),
            absolute=tracker.absolute,
            absolute_e=tracker.absolute_e,
            feedrate=None if tracker.feedrate is None else tracker.feedrate / 60,
            speed=self.speed,
            extruder_speed=self.extruder_speed,
            feed_factor=tracker.feed_factor,
            flow_factors=tuple(tracker.flow_factors.get(n, 1.0) for n in range(tools)),
            z_offset=tracker.z_offset,
            tool=tracker.tool,
            steppers_on=tracker.steppers_on,
            extruded_mm=round(tracker.extruded_in_all, 2),
        )

    def _health(self, dialogue: Dialogue) -> SerialHealth:
        window = dialogue.window
        latencies = sorted(dialogue.latencies)
        count = len(latencies)
        return SerialHealth(
            lines_sent=window.sent,
            bytes_sent=dialogue.bytes_sent,
            bytes_received=dialogue.bytes_received,
            resends=window.again,
            resend_requests=window.requests,
            timeouts=dialogue.patience.timeouts,
            ok_latency_ms=round(sum(latencies) / count * 1000, 2) if count else None,
            ok_latency_p99_ms=round(latencies[int(count * 0.99)] * 1000, 2) if count else None,
            window_lines=window.max_lines,
            window_bytes=window.max_bytes,
            planner_free=dialogue.planner_free,
            meatpack=window.packed,
            reconnects=self.reconnects,
        )
