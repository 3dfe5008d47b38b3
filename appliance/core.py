"""The appliance: its life from configuration to ordered shutdown.

It knows components only as things with a set-up, an order and a way to stop. Everything
a component needs is reached from the `Appliance` that is passed to it: the bus, the
interfaces, the tasks, the paths and the storage.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from appliance.bus import Bus
from appliance.interfaces import Interfaces, Key
from appliance.logs import REDACTOR
from appliance.records import dataclass
from appliance.storage import Storage
from appliance.tasks import Tasks

if TYPE_CHECKING:
    from appliance.config import Configuration

_LOGGER = logging.getLogger(__name__)

T = TypeVar("T")

# Obeyed by script/run and by the systemd unit: start the appliance again.
EXIT_RESTART = 100

# One step of the shutdown may take this long before it is left behind.
STOP_STEP_TIMEOUT_S = 15.0
# After a first Ctrl-C during a print: how long a second one is waited for.
SECOND_INTERRUPT_S = 5.0


class State(StrEnum):
    """Where the appliance is in its life."""

    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"


class StopReason(StrEnum):
    """Why the appliance stops; a printer driver decides by it what becomes of a print."""

    TERMINATE = "terminate"
    INTERRUPT = "interrupt"
    CANCEL = "cancel"
    RESTART = "restart"


class Stage(IntEnum):
    """The order of the shutdown: what faces people first, what keeps data last."""

    VIEWS = 1
    DOMAIN = 2
    STORAGE = 3


@dataclass(frozen=True, slots=True)
class ApplianceStarted:
    """Every component is set up."""


@dataclass(frozen=True, slots=True)
class ApplianceStopping:
    """The shutdown begins."""

    reason: StopReason


@dataclass(frozen=True, slots=True)
class ConfigurationChanged:
    """The configuration is another one now, checked and written; ``before`` is what it was."""

    configuration: Configuration
    before: Configuration


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders of one appliance; everything that is written stays below ``config``."""

    config: Path

    @property
    def storage(self) -> Path:
        """What the machine writes: users, keys, caches, databases."""
        return self.config / ".storage"

    @property
    def logs(self) -> Path:
        """The log files."""
        return self.config / "logs"

    def resolve(self, path: str) -> Path:
        """Return ``path`` from the configuration, relative to its folder."""
        return (self.config / Path(path).expanduser()).absolute()


class Appliance:
    """Everything that components share."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.paths = Paths(configuration.directory)
        self.bus = Bus()
        self.interfaces = Interfaces()
        self.tasks = Tasks()
        self.storage = Storage(self.paths.storage)
        self.state = State.STARTING
        self.failed_components: dict[str, str] = {}
        self._stops: list[tuple[Stage, str, Callable[[StopReason], Awaitable[None]]]] = []
        self._stop_wanted: asyncio.Event = asyncio.Event()
        self._reason = StopReason.TERMINATE
        self._busy_checks: list[Callable[[], str | None]] = []

    @property
    def name(self) -> str:
        """The title of the appliance, as people read it."""
        return str(self.configuration.appliance["name"])

    def adopt(self, configuration: Configuration) -> None:
        """Go by a changed configuration from now on; whoever can follows it at once."""
        if (redactor := self.find(REDACTOR)) is not None:
            redactor.add(*configuration.secrets)
        before, self.configuration = self.configuration, configuration
        self.bus.fire(ConfigurationChanged(configuration, before))

    def provide(self, key: Key[T], implementation: T) -> None:
        """Offer an interface to other components."""
        self.interfaces.provide(key, implementation)

    def use(self, key: Key[T]) -> T:
        """Return an interface that a dependency provides."""
        return self.interfaces.use(key)

    def find(self, key: Key[T]) -> T | None:
        """Return an interface that may be absent."""
        return self.interfaces.find(key)

    def on_stop(
        self, stage: Stage, name: str, stop: Callable[[StopReason], Awaitable[None]]
    ) -> None:
        """Call ``stop`` at that stage of the shutdown; within one, last come first."""
        self._stops.append((stage, name, stop))

    def warn_before_interrupt(self, check: Callable[[], str | None]) -> None:
        """Let ``check`` say what goes on without us when Ctrl-C is pressed."""
        self._busy_checks.append(check)

    def request_stop(self, reason: StopReason) -> None:
        """Begin the shutdown; the exit code follows from the reason."""
        self._reason = reason
        self._stop_wanted.set()

    async def run_until_stopped(self) -> int:
        """Run until a signal or a component asks to stop; return the exit code."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.request_stop, StopReason.TERMINATE)
        loop.add_signal_handler(signal.SIGINT, self._interrupted)
        self.state = State.RUNNING
        self.bus.fire(ApplianceStarted())
        try:
            await self._stop_wanted.wait()
            if self._reason is StopReason.INTERRUPT:
                await self._wait_for_second_interrupt()
        finally:
            await self.stop(self._reason)
        return EXIT_RESTART if self._reason is StopReason.RESTART else 0

    async def stop(self, reason: StopReason) -> None:
        """Shut down in order; a step that fails or hangs never holds back the rest."""
        if self.state in (State.STOPPING, State.STOPPED):
            return
        self.state = State.STOPPING
        self.bus.fire(ApplianceStopping(reason))
        for stage in Stage:
            for step_stage, name, stop in reversed(self._stops):
                if step_stage is stage:
                    await self._stop_step(name, stop, reason)
            if stage is Stage.DOMAIN:
                await self.tasks.stop()
        await self.storage.close()
        self.state = State.STOPPED

    async def _stop_step(
        self, name: str, stop: Callable[[StopReason], Awaitable[None]], reason: StopReason
    ) -> None:
        try:
            await asyncio.wait_for(stop(reason), STOP_STEP_TIMEOUT_S)
        except TimeoutError:
            _LOGGER.error("'%s' did not stop within %.0f s", name, STOP_STEP_TIMEOUT_S)
        except Exception:
            _LOGGER.exception("'%s' failed to stop", name)

    def _interrupted(self) -> None:
        second = self._stop_wanted.is_set() and self._reason is StopReason.INTERRUPT
        self.request_stop(StopReason.CANCEL if second else StopReason.INTERRUPT)

    async def _wait_for_second_interrupt(self) -> None:
        """Say what goes on without us, and give a second Ctrl-C its chance to cancel."""
        goes_on = [text for check in self._busy_checks if (text := check()) is not None]
        if not goes_on:
            return
        for text in goes_on:
            _LOGGER.warning("%s Press Ctrl-C again to cancel it.", text)
        deadline = asyncio.get_running_loop().time() + SECOND_INTERRUPT_S
        self._stop_wanted.clear()
        try:
            async with asyncio.timeout_at(deadline):
                await self._stop_wanted.wait()
        except TimeoutError:
            return
