"""One automation: when it is triggered and its conditions hold, it runs its actions."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, field
from datetime import datetime
from typing import Any

from appliance.components.automation import actions
from appliance.components.automation.actions import ORIGIN, Scene
from appliance.components.automation.conditions import Situation, holds
from appliance.components.automation.triggers import Fired
from appliance.components.automation.variables import of_printer
from appliance.core import Appliance
from appliance.domain.audit import AUDIT
from appliance.domain.identity import Identity, Method
from appliance.domain.printer import PRINTERS, Printer
from appliance.errors import DomainError
from appliance.records import dataclass

_LOGGER = logging.getLogger(__name__)

TRACES = 20
MAX_PARALLEL = 5
# An automation that causes what triggers it comes to an end here.
MAX_RUNS = 30
IN_S = 60.0
_IDENTITY = Identity(user=None, method=Method.AUTOMATION, credential=ORIGIN)


@dataclass(slots=True)
class Trace:
    """How one run went."""

    started: float  # unix seconds
    trigger: Mapping[str, Any]
    steps: list[str] = field(default_factory=list)
    outcome: str = "running"  # done, conditions, stopped, failed, cancelled
    error: str | None = None


class Automation:
    """An entry of the configuration."""

    def __init__(
        self,
        appliance: Appliance,
        config: Mapping[str, Any],
        changed: Callable[[], None],
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        self.alias: str = config["alias"]
        self.config = config
        self.traces: deque[Trace] = deque(maxlen=TRACES)
        self._appliance = appliance
        self._changed = changed
        self._now = now
        self._running: set[asyncio.Task[None]] = set()
        self._starts: deque[float] = deque(maxlen=MAX_RUNS)

    def plain(self) -> dict[str, Any]:
        """Return it as data for people; the newest run first."""
        return {"alias": self.alias, "runs": [asdict(each) for each in reversed(self.traces)]}

    def fire(self, fired: Fired) -> None:
        """Begin a run, as the mode says."""
        mode = self.config["mode"]
        if mode == "restart":
            for task in tuple(self._running):
                task.cancel()
        elif len(self._running) >= (1 if mode == "single" else MAX_PARALLEL):
            return
        if self._too_often():
            _LOGGER.error(
                "Automation '%s' ran %d times in a minute, not again so soon",
                self.alias,
                MAX_RUNS,
            )
            return
        trace = Trace(time.time(), dict(fired.data))
        self.traces.append(trace)
        work = self._run(fired, trace)
        task = self._appliance.tasks.spawn(work, f"automation {self.alias}")
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _run(self, fired: Fired, trace: Trace) -> None:
        try:
            trace.outcome = await self._act(fired, trace)
        except (DomainError, ValueError) as error:
            trace.outcome, trace.error = "failed", str(error)
            _LOGGER.warning("Automation '%s' failed: %s", self.alias, error)
        except asyncio.CancelledError:
            trace.outcome = "cancelled"
            raise
        finally:
            self._changed()

    async def _act(self, fired: Fired, trace: Trace) -> str:
        if not all(holds(each, self._situation(fired)) for each in self.config["conditions"]):
            return "conditions"
        for action in self.config["actions"]:
            name = next(key for key in action if key != "printer")
            if name == "stop_unless":
                if not holds(action[name], self._situation(fired)):
                    return "stopped"
                continue
            printer = self._printer(action.get("printer"), fired)
            scene = Scene(self._appliance, printer, self._variables(fired, printer))
            trace.steps.append(name)
            try:
                await actions.run(name, action[name], scene)
            except DomainError:
                self._record(name, printer, "failed")
                raise
            self._record(name, printer, "ok")
        return "done"

    def _situation(self, fired: Fired) -> Situation:
        printer = self._printer(None, fired)
        return Situation(
            lambda name: self._printer(name, fired),
            self._now(),
            self._variables(fired, printer),
        )

    def _variables(self, fired: Fired, printer: Printer) -> dict[str, Any]:
        return {"trigger": dict(fired.data), "printer": of_printer(printer)}

    def _printer(self, wanted: str | None, fired: Fired) -> Printer:
        """Return the printer that is named, or that the trigger is about, or the first."""
        printers = self._appliance.use(PRINTERS)
        name = wanted or fired.printer_id
        return printers.first if name is None else printers.get(name)

    def _record(self, action: str, printer: Printer, outcome: str) -> None:
        audit = self._appliance.find(AUDIT)
        if audit is not None and action != "delay":
            audit.record(
                _IDENTITY,
                f"automation {action}",
                target=self.alias,
                printer_id=printer.id,
                outcome=outcome,
            )

    def _too_often(self) -> bool:
        now = asyncio.get_running_loop().time()
        if len(self._starts) == MAX_RUNS and now - self._starts[0] < IN_S:
            return True
        self._starts.append(now)
        return False
