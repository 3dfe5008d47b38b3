"""The Klipper host that clients believe to talk to: one per printer, a view of its domain.

It keeps what belongs to this API alone: who listens, the console in Klipper's words, which
finished print was put away. Everything else is rendered from the snapshot.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from appliance.components.moonraker_api import gcode_store, rpc, temperature_store
from appliance.components.moonraker_api.agents import Agents
from appliance.components.moonraker_api.client import Client
from appliance.components.moonraker_api.gcode_store import GcodeStore
from appliance.components.moonraker_api.klipper.translation import COMMANDS, help_texts
from appliance.components.moonraker_api.objects.catalogue import Objects, Status
from appliance.components.moonraker_api.objects.scene import HostLoad, ObjectOutline, Scene
from appliance.components.moonraker_api.subscriptions import Wish, changes, select
from appliance.components.moonraker_api.words import (
    DISCONNECTED,
    READY,
    SHUTDOWN,
    STARTUP,
    heater_objects,
    klippy_state,
)
from appliance.domain.macros import Macro
from appliance.domain.permissions import Scope
from appliance.domain.printer import ConsoleLine, Printer, PrinterChanged

PUSH_EVERY_S = 0.25
_STATES = {
    READY: "notify_klippy_ready",
    SHUTDOWN: "notify_klippy_shutdown",
    DISCONNECTED: "notify_klippy_disconnected",
    # What was known is void: front ends begin anew, as after a restart of Klipper.
    STARTUP: "notify_klippy_disconnected",
}


class Host:
    """One printer as Moonraker's clients see it."""

    def __init__(
        self,
        printer: Printer,
        entry: Mapping[str, Any],
        macros: Callable[[], Mapping[str, Macro]],
        gcodes: str,
    ) -> None:
        self.printer = printer
        self.entry = entry
        self.store = GcodeStore()
        self.store.take(printer.console)
        self.dismissed: str | None = None
        self.load: HostLoad | None = None
        self.outlines: tuple[ObjectOutline, ...] = ()
        self.agents = Agents(self.tell)
        self._macros = macros
        self._gcodes = gcodes
        self._objects = Objects(_commands)
        self._clients: dict[int, Client] = {}
        self._rendered: Status = {}  # what clients were told last
        self._pushed_at = 0.0
        self._timer: asyncio.TimerHandle | None = None

    # --- what is known ------------------------------------------------------------------

    @property
    def state(self) -> str:
        """The state in Klipper's words."""
        return klippy_state(self.printer.snapshot)

    @property
    def macros(self) -> Mapping[str, Macro]:
        """The macros for this printer."""
        return self._macros()

    @property
    def clients(self) -> tuple[Client, ...]:
        """Who is connected."""
        return tuple(self._clients.values())

    def names(self) -> list[str]:
        """Return the names of all printer objects."""
        return self._objects.names(self._scene())

    def render(self) -> Status:
        """Render all printer objects as they are now."""
        return self._objects.render(self._scene())

    def temperature_store(self) -> dict[str, Any]:
        """Return the temperatures of the last minutes."""
        names = heater_objects(self.printer.snapshot, self.printer.profile)
        return temperature_store.render(self.printer.temperatures, names)

    def _scene(self) -> Scene:
        printer = self.printer
        return Scene(
            snapshot=printer.snapshot,
            profile=printer.profile,
            entry=self.entry,
            macros=self._macros(),
            samples=printer.temperatures,
            dismissed=self.dismissed,
            gcodes=self._gcodes,
            load=self.load,
            outlines=self.outlines,
        )

    # --- clients ------------------------------------------------------------------------

    def add(self, client: Client) -> None:
        """Take a client in."""
        self._clients[client.id] = client

    def remove(self, client: Client) -> None:
        """Let a client go."""
        self._clients.pop(client.id, None)
        client.left()
        self.agents.remove(client)

    def client(self, number: int) -> Client | None:
        """Return the client of that id."""
        return self._clients.get(number)

    def tell(self, method: str, *params: Any, but: Client | None = None) -> None:
        """Tell a fact to everybody who may know."""
        if self._clients:
            message = rpc.notification(method, *params)
            for client in self.clients:
                if client.identity.reaches(Scope.READ) and client is not but:
                    client.tell(message)

    def say(self, text: str, *, keep: bool = True) -> None:
        """Say something on the console."""
        if keep:
            self.store.say(text, time.time())
        if self._clients:
            message = rpc.notification("notify_gcode_response", text)
            for client in self.clients:
                if client.identity.reaches(Scope.READ):
                    client.send(message)

    # --- subscriptions ------------------------------------------------------------------

    def subscribe(self, client: Client, wish: Wish) -> dict[str, dict[str, Any]]:
        """Let a client know of changes from now on; return how things are."""
        client.wish = wish
        client.told = self.render()
        return select(client.told, wish)

    def touch(self) -> None:
        """Tell subscribers what is different, soon and not too often."""
        if self._timer is None and any(client.wish for client in self.clients):
            loop = asyncio.get_running_loop()
            wait = max(self._pushed_at + PUSH_EVERY_S - loop.time(), 0.0)
            self._timer = loop.call_later(wait, self._push)

    def _push_now(self) -> None:
        if any(client.wish for client in self.clients):
            self.stop()
            self._push(at_once=True)

    def stop(self) -> None:
        """Tell nothing more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _push(self, *, at_once: bool = False) -> None:
        """Render once; find what changed once for all clients that are alike."""
        self._timer = None
        loop = asyncio.get_running_loop()
        now = self._pushed_at = loop.time()
        rendered = self._rendered = _sparing(self._rendered, self.render())
        messages: dict[tuple[int, Wish], bytes | None] = {}
        late = False
        for client in self.clients:
            if not client.wish or client.told is rendered:
                continue
            if client.channel.backlog and not at_once:
                late = True  # it gets the newest state once it has taken what it was sent
                continue
            key = (id(client.told), client.wish)
            if key not in messages:
                messages[key] = _update(client.told, rendered, client.wish, now)
            message = messages[key]
            if message is not None:
                client.send(message)
            client.told = rendered
        if late:
            self._timer = loop.call_later(PUSH_EVERY_S, self._push)

    # --- what happens -------------------------------------------------------------------

    def changed(self, event: PrinterChanged) -> None:
        """Hear that the printer is in another state."""
        before, now = klippy_state(event.previous), klippy_state(event.snapshot)
        if now != before and {before, now} != {DISCONNECTED, STARTUP}:
            self._forget_subscriptions(now)
            self._push_now()  # a client shows the reason of a shutdown at once
            self.tell(_STATES[now])
        if event.snapshot.prompt != event.previous.prompt:
            for line in gcode_store.prompt(event.snapshot.prompt):
                self.say(line)
        self.touch()

    def _forget_subscriptions(self, state: str) -> None:
        """End the subscriptions to a printer that is gone, as Moonraker does."""
        if state in (DISCONNECTED, STARTUP):
            self.store.forget_questions()
            for client in self.clients:
                client.wish = ()

    def console_grew(self, lines: Iterable[ConsoleLine]) -> None:
        """Hear lines of the dialogue."""
        for answer in self.store.take(lines):
            self.say(answer, keep=False)


def _commands(macros: Iterable[str]) -> dict[str, Any]:
    known = {name: {"help": text} for name, text in help_texts({}).items() if name in COMMANDS}
    return {**known, **{name: {"help": "G-Code macro"} for name in macros}}


def _update(old: Status, new: Status, wish: Wish, now: float) -> bytes | None:
    changed = changes(old, new, wish)
    return rpc.notification("notify_status_update", changed, now) if changed else None


def _sparing(old: Status, new: Status) -> Status:
    """Keep the objects that are as they were, so that comparing them costs nothing."""
    kept = {
        name: old[name] if old.get(name) == fields else fields for name, fields in new.items()
    }
    same = len(kept) == len(old) and all(kept[name] is old.get(name) for name in kept)
    return old if same else kept
