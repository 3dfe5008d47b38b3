"""What devices do by themselves, because of a printer, a queue or the time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from appliance.domain.machine import Link
from appliance.domain.power import PowerDevice, PowerState
from appliance.domain.printer import FaultReason, Printer, Snapshot
from appliance.domain.queue import QueueState, QueueView
from appliance.errors import GantryError
from appliance.records import dataclass
from appliance.tasks import Tasks

_LOGGER = logging.getLogger(__name__)

# A hot end above this keeps its fan: it must not lose its supply yet.
COLD_C = 50.0

Switch = Callable[[bool], Awaitable[PowerDevice]]


@dataclass(frozen=True, slots=True)
class Delays:
    """How long is waited, in seconds."""

    shutdown_s: float = 0.0
    connect_s: float = 2.0


class Countdown:
    """Does something after a while, unless it is called off."""

    def __init__(self, tasks: Tasks, what: str, act: Callable[[], Awaitable[object]]) -> None:
        self._tasks = tasks
        self._what = what
        self._act = act
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, seconds: float) -> None:
        """Count from now on; it goes on if it is being counted already."""
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(seconds, self._over)

    def call_off(self) -> None:
        """Do nothing."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _over(self) -> None:
        self._timer = None
        self._tasks.spawn(self._done(), self._what)

    async def _done(self) -> None:
        try:
            await self._act()
        except GantryError as error:
            _LOGGER.warning("%s: %s", self._what, error)


class Rules:
    """The rules of one device."""

    def __init__(
        self,
        get: Callable[[], PowerDevice],
        switch: Switch,
        printer: Printer | None,
        delays: Delays,
        tasks: Tasks,
    ) -> None:
        self._get = get
        self._switch = switch
        self._printer = printer
        self._delays = delays
        name = get().name
        self._timer = Countdown(tasks, f"the timer of '{name}'", self._off)
        self._idle = Countdown(tasks, f"switch '{name}' off: idle", self._off)
        self._shutdown = Countdown(tasks, f"switch '{name}' off: shutdown", self._off)
        self._connect = Countdown(tasks, f"connect after '{name}' went on", self._reach)
        self._queue = Countdown(tasks, f"switch '{name}' on for the queue", self._on)

    def switched(self, device: PowerDevice, previous: PowerDevice) -> None:
        """Hear that the device is in another state."""
        if device.state is previous.state:
            return
        if device.state is not PowerState.ON:
            for countdown in (self._timer, self._idle, self._shutdown, self._connect):
                countdown.call_off()
            return
        if device.timer_s is not None:
            self._timer.begin(device.timer_s)
        if self._printer is not None:
            if device.connect_when_powered:
                self._connect.begin(self._delays.connect_s)
            self._look(self._printer.snapshot)

    def printer_changed(self, snapshot: Snapshot) -> None:
        """Hear of the printer that hangs on it."""
        if self._get().state is PowerState.ON:
            self._look(snapshot)

    def queue_changed(self, view: QueueView) -> None:
        """Hear of its queue: a job that can begin needs a printer with power."""
        if not self._get().on_when_job_queued or self._printer is None:
            return
        can_begin = view.state is QueueState.READY and bool(view.jobs)
        if can_begin and not self._printer.snapshot.operational:
            self._queue.begin(0.0)

    def stop(self) -> None:
        """Do nothing more."""
        countdowns = (self._timer, self._idle, self._shutdown, self._connect, self._queue)
        for countdown in countdowns:
            countdown.call_off()

    def _look(self, snapshot: Snapshot) -> None:
        device = self._get()
        if device.off_when_idle_s is not None:
            if idle(snapshot):
                self._idle.begin(device.off_when_idle_s)
            else:
                self._idle.call_off()
        if device.off_when_shutdown:
            if shut_down(snapshot):
                self._shutdown.begin(self._delays.shutdown_s)
            else:
                self._shutdown.call_off()

    async def _off(self) -> None:
        if self._get().state is not PowerState.OFF:
            await self._switch(False)

    async def _on(self) -> None:
        if self._get().state is not PowerState.ON:
            await self._switch(True)
        else:
            await self._reach()

    async def _reach(self) -> None:
        """Connect to the printer that has power now, unless somebody does already."""
        if self._printer is None:
            return
        link = self._printer.snapshot.link
        if link is not Link.ONLINE and not link.connecting:
            await self._printer.connect()


def idle(snapshot: Snapshot) -> bool:
    """Return whether nobody needs the printer, and nothing on it is hot."""
    if snapshot.phase.active or snapshot.busy:
        return False
    return all(
        not heater.target and (heater.actual is None or heater.actual < COLD_C)
        for heater in snapshot.heaters.values()
    )


def shut_down(snapshot: Snapshot) -> bool:
    """Return whether the printer was stopped for everybody's safety."""
    if snapshot.link is Link.HALTED:
        return True
    fault = snapshot.fault
    return (
        snapshot.link is Link.FAILED
        and fault is not None
        and (fault.halted or fault.reason is FaultReason.THERMAL)
    )
