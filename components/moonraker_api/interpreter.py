"""Carries out what a script in Klipper's language means."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson

from appliance.bus import Bus
from appliance.components.moonraker_api.failures import not_connected
from appliance.components.moonraker_api.host import Host
from appliance.components.moonraker_api.klipper.context import Context
from appliance.components.moonraker_api.klipper.modes import Modes
from appliance.components.moonraker_api.klipper.steps import Do, Say, Send, Step, Verb
from appliance.components.moonraker_api.klipper.translation import translate
from appliance.components.moonraker_api.words import DISCONNECTED, READY, state_message
from appliance.domain.machine import Link
from appliance.domain.macros import Macro
from appliance.domain.printer import Printer, PrinterChanged
from appliance.errors import InvalidRequest, NotPrinting, PrinterOffline

Start = Callable[[str, str | None], Awaitable[Any]]
RenderMacro = Callable[[Macro, Mapping[str, str]], tuple[str, ...]]


class Interpreter:
    """The G-code of one printer's clients."""

    def __init__(self, host: Host, bus: Bus, start: Start, render: RenderMacro) -> None:
        """``start`` prints a file for a user."""
        self._host = host
        self._printer = host.printer
        self._bus = bus
        self.start = start
        self._render = render
        self._saved: dict[str, Modes] = {}

    @property
    def state(self) -> str:
        """The state of the printer in Klipper's words."""
        return self._host.state

    async def run(self, script: str, *, origin: str, user: str | None = None) -> None:
        """Run a script to its end."""
        context = Context(
            self._printer.snapshot,
            self._printer.profile,
            self._host.macros,
            self._render,
            self._saved,
        )
        steps = translate(script, context)
        self._host.store.command(script.strip(), time.time())
        if Do(Verb.EMERGENCY_STOP) in steps:
            await self.emergency_stop(origin)
            return
        try:
            await self._carry_out(steps, origin, user)
        except InvalidRequest as error:
            self._host.say(f"!! {error}")
            raise

    async def emergency_stop(self, origin: str) -> None:
        """Stop everything now."""
        if self._host.state == DISCONNECTED:
            raise not_connected()
        if self._printer.snapshot.link is not Link.HALTED:
            await self._printer.emergency_stop(origin=origin)

    async def restart(self, *, firmware: bool) -> None:
        """Connect anew; with ``firmware``, or when it has halted, reset the board first."""
        if firmware or self._printer.snapshot.link is Link.HALTED:
            await self._printer.reset()
        else:
            await self._printer.connect()

    async def pause(self, origin: str) -> None:
        """Pause; without a print it means nothing."""
        try:
            await self._printer.pause(origin=origin)
        except NotPrinting:
            self._host.say("// Nothing is printed that could be paused")

    async def resume(self, origin: str) -> None:
        """Go on; without a paused print it means nothing."""
        try:
            await self._printer.resume(origin=origin)
        except NotPrinting:
            self._host.say("// Print is not paused, resume aborted")

    async def cancel(self, origin: str) -> None:
        """Cancel; without a print it means nothing."""
        try:
            await self._printer.cancel(origin=origin)
        except NotPrinting:
            self._host.say("// Nothing is printed that could be cancelled")

    def require_ready(self) -> None:
        """Raise unless the printer obeys commands."""
        state = self._host.state
        if state == DISCONNECTED:
            raise not_connected()
        if state != READY:
            raise InvalidRequest(state_message(self._printer.snapshot))

    async def _carry_out(self, steps: list[Step], origin: str, user: str | None) -> None:
        lines: list[str] = []
        for step in steps:
            if isinstance(step, Send):
                lines.append(step.line)
                continue
            await self._send(lines, origin)
            lines = []
            if isinstance(step, Say):
                self._host.say(step.text)
            else:
                await self._do(step, origin, user)
        await self._send(lines, origin)

    async def _send(self, lines: list[str], origin: str) -> None:
        if lines:
            self.require_ready()
            self._host.store.expect(lines)
            try:
                answers = await self._printer.send(lines, origin=origin, wait=True)
            except PrinterOffline as error:
                self.require_ready()  # says it in the words of the state it is in now
                raise InvalidRequest(str(error)) from error
            refused = next((line for line in answers if line.startswith("!!")), None)
            if refused is not None:  # by a printer that runs Klipper itself
                raise InvalidRequest(refused.lstrip("! "))

    async def _do(self, step: Do, origin: str, user: str | None) -> None:
        of_the_print = {
            Verb.PAUSE: self.pause,
            Verb.RESUME: self.resume,
            Verb.CANCEL: self.cancel,
        }
        if (act := of_the_print.get(step.verb)) is not None:
            await act(origin)
            return
        match step.verb:
            case Verb.RESTART | Verb.FIRMWARE_RESTART:
                await self.restart(firmware=step.verb is Verb.FIRMWARE_RESTART)
            case Verb.START:
                await self.start(step.argument, user)
            case Verb.EXCLUDE:
                await self._printer.exclude(step.argument)
            case Verb.ANSWER:
                await self._printer.answer(int(step.argument), origin=origin)
            case Verb.DISMISS:
                await self._dismiss()
            case Verb.WAIT:
                await self._wait(step.argument)
            case Verb.ENDSTOPS:
                await self._endstops(origin)
            case Verb.REMOTE:
                self._call_remote(step.argument)

    async def endstops(self, origin: str) -> dict[str, str]:
        """Ask for the endstops and return them."""
        self.require_ready()
        self._host.store.expect(["M119"])
        await self._printer.send(["M119"], origin=origin, wait=True)
        found = self._printer.snapshot.endstops
        return {name.removesuffix("_min"): state for name, state in found.items()}

    async def _endstops(self, origin: str) -> None:
        found = await self.endstops(origin)
        self._host.say(" ".join(f"{name}:{state}" for name, state in found.items()))

    def _call_remote(self, argument: str) -> None:
        """Call a method that an agent has registered; none is a note, as for Klipper."""
        try:
            method, params = orjson.loads(argument)
        except ValueError:
            raise InvalidRequest("this is no call of a remote method") from None
        if not isinstance(method, str) or not isinstance(params, dict):
            raise InvalidRequest("this is no call of a remote method")
        if not self._host.agents.call(method, params):
            self._host.say(f"// Remote method '{method}' is not registered")

    async def _dismiss(self) -> None:
        """Put the last print away, for everybody who looks at this printer by this API."""
        job = self._printer.snapshot.job
        if self._printer.snapshot.phase.active:
            raise InvalidRequest("SDCARD_RESET_FILE cannot be run while a print goes on")
        self._host.dismissed = None if job is None else job.id
        await self._printer.select(None)
        self._host.touch()

    async def _wait(self, argument: str) -> None:
        """Wait until a temperature is between two bounds, or the printer is gone."""
        heater, least, most = argument.split()
        reached = asyncio.Event()

        def look(_event: PrinterChanged | None = None) -> None:
            known = self._printer.snapshot.heaters.get(heater)
            actual = None if known is None else known.actual
            warm = actual is not None and float(least) <= actual <= float(most)
            if warm or not self._printer.snapshot.operational:
                reached.set()

        unsubscribe = self._bus.listen(PrinterChanged, look)
        try:
            look()
            await reached.wait()
        finally:
            unsubscribe()
        self.require_ready()


class Language:
    """Klipper's language for everybody; implements `appliance.domain.macros.Interpreter`."""

    def __init__(self, interpreters: Mapping[str, Interpreter]) -> None:
        self._interpreters = interpreters

    async def run(self, script: str, printer: Printer, *, origin: str) -> None:
        """Run a script to its end."""
        await self._interpreters[printer.id].run(script, origin=origin)
