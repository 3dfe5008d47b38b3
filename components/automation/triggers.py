"""When an automation begins: each trigger listens to one kind of thing and then fires."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from appliance.components.automation.conditions import within
from appliance.components.automation.options import WEEKDAYS
from appliance.core import Appliance
from appliance.domain import job, words
from appliance.domain.estimate import progress
from appliance.domain.file_events import FileAdded
from appliance.domain.mqtt import MQTT, MqttMessage
from appliance.domain.printer import PrinterChanged, Snapshot
from appliance.domain.words import Told
from appliance.records import dataclass

# The wall clock may jump: nobody sleeps longer than this without looking at it.
LOOK_AT_CLOCK_S = 30.0
# A time that was missed by less than this (a jump, a busy machine) still counts.
LATE_S = 300.0


@dataclass(frozen=True, slots=True)
class Fired:
    """What happened, for the templates: plain data, and the printer that it is about."""

    printer_id: str | None
    data: Mapping[str, Any]


Fire = Callable[[Fired], None]


def attach(
    trigger: Mapping[str, Any],
    appliance: Appliance,
    fire: Fire,
    now: Callable[[], datetime] = datetime.now,
) -> None:
    """Let a trigger listen for as long as the appliance runs."""
    kind = trigger["trigger"]
    if kind == "event":
        _events(trigger, appliance, fire)
    elif kind == "time":
        appliance.tasks.supervise(Clock(trigger, fire, now).run, "automation clock")
    elif kind == "mqtt":
        _mqtt(trigger, appliance, fire)
    else:
        watch = Watch(trigger, _TESTS[kind], fire)
        appliance.bus.listen(PrinterChanged, watch.changed)


class Watch:
    """Fires when a test of the snapshot becomes true, and has stayed so for a while."""

    def __init__(
        self,
        trigger: Mapping[str, Any],
        test: Callable[[Mapping[str, Any], Snapshot], bool],
        fire: Fire,
    ) -> None:
        self._trigger = trigger
        self._test = test
        self._fire = fire
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def changed(self, event: PrinterChanged) -> None:
        """Look at a change."""
        wanted = self._trigger.get("printer")
        if wanted is not None and wanted != event.printer_id:
            return
        true = self._test(self._trigger, event.snapshot)
        was_true = self._test(self._trigger, event.previous)
        if not true:
            timer = self._timers.pop(event.printer_id, None)
            if timer is not None:
                timer.cancel()
        elif not was_true and self._comes_from(event.previous):
            self._wait(event.printer_id)

    def _comes_from(self, previous: Snapshot) -> bool:
        states = self._trigger.get("from")
        return states is None or words.state_word(previous) in states

    def _wait(self, printer_id: str) -> None:
        data = {"trigger": self._trigger["trigger"]}
        fired = Fired(printer_id, data)
        stays_s = self._trigger.get("for", 0.0)
        if not stays_s:
            self._fire(fired)
            return

        def stayed() -> None:
            self._timers.pop(printer_id, None)
            self._fire(fired)

        loop = asyncio.get_running_loop()
        self._timers[printer_id] = loop.call_later(stays_s, stayed)


class Clock:
    """Fires at times of the day."""

    def __init__(
        self, trigger: Mapping[str, Any], fire: Fire, now: Callable[[], datetime]
    ) -> None:
        self._times: tuple[int, ...] = tuple(trigger["at"])
        self._days = frozenset(WEEKDAYS.index(day) for day in trigger["weekday"])
        self._fire = fire
        self._now = now

    async def run(self) -> None:
        """Wait for the next time, for ever."""
        while True:
            due = self.next(self._now())
            await self._until(due)
            if (self._now() - due).total_seconds() < LATE_S:
                self._fire(Fired(None, {"trigger": "time", "at": due.strftime("%H:%M")}))

    async def _until(self, due: datetime) -> None:
        left = (due - self._now()).total_seconds()
        while left > 0:
            await asyncio.sleep(min(left, LOOK_AT_CLOCK_S))
            left = (due - self._now()).total_seconds()

    def next(self, now: datetime) -> datetime:
        """Return the first moment after ``now``."""
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        moments = (
            midnight + timedelta(days=day, seconds=second)
            for day in range(8)
            for second in self._times
            if (midnight + timedelta(days=day)).weekday() in self._days
        )
        return min(moment for moment in moments if moment > now)


def _events(trigger: Mapping[str, Any], appliance: Appliance, fire: Fire) -> None:
    wanted: frozenset[str] = frozenset(trigger["event"])
    printer: str | None = trigger.get("printer")

    def tell(printer_id: str | None, told: Told | None) -> None:
        if told is None or told.kind not in wanted:
            return
        if printer is None or printer_id is None or printer == printer_id:
            data = {"trigger": "event", "event": told.kind, **told.data}
            fire(Fired(printer_id or printer, data))

    listen = appliance.bus.listen
    listen(job.JobStarted, lambda e: tell(e.printer_id, words.of_start(e)))
    listen(job.JobPaused, lambda e: tell(e.printer_id, words.of_pause(e)))
    listen(job.JobResumed, lambda e: tell(e.printer_id, words.of_resume(e)))
    listen(job.JobEnded, lambda e: tell(e.printer_id, words.of_end(e)))
    listen(PrinterChanged, lambda e: tell(e.printer_id, words.of_change(e)))
    listen(FileAdded, lambda e: tell(None, words.of_file(e)))


def _mqtt(trigger: Mapping[str, Any], appliance: Appliance, fire: Fire) -> None:
    mqtt = appliance.use(MQTT)
    payload = trigger.get("payload")

    def heard(message: MqttMessage) -> None:
        if message.retained or (payload is not None and message.text != payload):
            return
        data = {"trigger": "mqtt", "topic": message.topic, "payload": message.text}
        fire(Fired(None, data))

    mqtt.subscribe(trigger["topic"], heard)


def _is_state(trigger: Mapping[str, Any], snapshot: Snapshot) -> bool:
    word = words.state_word(snapshot)
    if "to" in trigger:
        return word in trigger["to"]
    return word not in trigger.get("from", ())


def _is_hot(trigger: Mapping[str, Any], snapshot: Snapshot) -> bool:
    heater = snapshot.heaters.get(trigger["heater"])
    return within(None if heater is None else heater.actual, trigger)


def _is_far(trigger: Mapping[str, Any], snapshot: Snapshot) -> bool:
    done = progress(snapshot.job).completion
    return snapshot.phase.active and done is not None and done * 100 > trigger["above"]


def _is_high(trigger: Mapping[str, Any], snapshot: Snapshot) -> bool:
    layer = None if snapshot.job is None else snapshot.job.layer
    return snapshot.phase.active and layer is not None and layer >= trigger["at"]


_TESTS: Mapping[str, Callable[[Mapping[str, Any], Snapshot], bool]] = {
    "state": _is_state,
    "temperature": _is_hot,
    "progress": _is_far,
    "layer": _is_high,
}
