"""The hub of one printer: hears the bus, renders once, tells every client.

`current` is rendered once per tick and position in the dialogue; all clients that kept up
share that position. A client that does not keep up is left out until it does and then gets
the newest state with what it missed, as far as the printer remembers it. Events are not
merged: a client that lets them pile up is closed by its outlet.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections import deque
from collections.abc import Mapping
from typing import Any

import orjson

from appliance.components.octoprint_api.push import console_events, messages, printer_events
from appliance.components.octoprint_api.push.client import Client, Message
from appliance.components.octoprint_api.push.event import Event, marking
from appliance.components.octoprint_api.push.messages import Cursor
from appliance.components.octoprint_api.push.printer_events import NOTIFICATION
from appliance.components.octoprint_api.push.subscription import Subscription, parse
from appliance.components.octoprint_api.settings.preferences import Preferences
from appliance.core import Appliance
from appliance.domain.auth import AUTH
from appliance.domain.identity import ANONYMOUS, Identity
from appliance.domain.permissions import Permission
from appliance.domain.printer import ConsoleGrew, Printer, PrinterChanged
from appliance.domain.telling import OctoPrintEventTold
from appliance.errors import AccessError

_LOGGER = logging.getLogger(__name__)

TICK_S = 0.5
_MOST_MARKINGS = 100
# So many clients are told before anything else may happen.
_SLICE = 50
# Events about people are for those who administer. In a crowd everybody would be told of
# everybody: the square of its size; nobody can follow more than so many in such a time.
_MOST_ABOUT_PEOPLE = 20
_ABOUT_PEOPLE_S = 10.0
_FOR_ADMINS = frozenset(
    {"ClientOpened", "ClientAuthed", "ClientClosed", "UserLoggedIn", "UserLoggedOut"}
)

_Variant = tuple[Cursor, Subscription, bool]


class Hub:
    """Everything that is pushed about one printer."""

    def __init__(
        self,
        appliance: Appliance,
        printer: Printer,
        preferences: Preferences,
        timelapse: Mapping[str, Any] | None,
    ) -> None:
        self.printer = printer
        self._preferences = preferences
        self._appliance = appliance
        self._auth = appliance.use(AUTH)
        self._clients: dict[int, Client] = {}
        self._markings: deque[dict[str, Any]] = deque(maxlen=_MOST_MARKINGS)
        self._timelapse = timelapse
        self._position: Event | None = None  # what was told last
        self._version = 0  # grows with everything that `current` tells
        self._ticker: asyncio.Task[None] | None = None
        self._config_hash = hashlib.md5(
            repr(sorted(appliance.configuration.components)).encode(), usedforsecurity=False
        ).hexdigest()
        self._about_people: deque[float] = deque(maxlen=_MOST_ABOUT_PEOPLE)

    # --- clients ------------------------------------------------------------------------

    @property
    def clients(self) -> int:
        """How many listen."""
        return len(self._clients)

    def join(self, client: Client, who: Identity = ANONYMOUS) -> None:
        """Greet a new client, and log it in if it has shown a key already."""
        self._clients[client.number] = client
        client.outlet.send(orjson.dumps(messages.connected(self._config_hash)))
        self.tell(Event("ClientOpened", {"remoteAddress": client.outlet.address}))
        if self._ticker is None or self._ticker.done():
            name = f"push of {self.printer.id}"
            self._ticker = self._appliance.tasks.supervise(self._tick_while_heard, name)
        if not who.anonymous and who.sees(self.printer.id):
            self._welcome(client, who)

    def leave(self, client: Client) -> None:
        """Forget a client."""
        if self._clients.pop(client.number, None) is not None:
            self.tell(Event("ClientClosed", {"remoteAddress": client.outlet.address}))

    def receive(self, client: Client, text: str | bytes) -> None:
        """Obey what a client says: auth, throttle, subscribe. The rest means nothing."""
        try:
            message = orjson.loads(text)
        except orjson.JSONDecodeError:
            return
        if not isinstance(message, dict):
            return
        if "subscribe" in message:
            client.wish = parse(message["subscribe"])
        if "throttle" in message:
            client.throttle(message["throttle"])
        if isinstance(message.get("auth"), str):
            self._authenticate(client, message["auth"])

    def recheck(self, reason: str) -> None:
        """Let nobody go on whose credential is void by now."""
        for client in list(self._clients.values()):
            if not client.identity.anonymous and not self._auth.still_valid(client.identity):
                client.log_out()
                self._refuse(client, reason)

    def _authenticate(self, client: Client, pair: str) -> None:
        user, _, session = pair.rpartition(":")
        try:
            who = self._auth.identify_handle(user, session)
            who.check_printer(self.printer.id)
        except AccessError:
            client.log_out()
            self._refuse(client, "stale")
            return
        self._welcome(client, who)

    def _refuse(self, client: Client, reason: str) -> None:
        client.outlet.send(orjson.dumps({"reauthRequired": {"reason": reason}}))

    def _welcome(self, client: Client, who: Identity) -> None:
        again = not client.identity.anonymous
        held = client.log_in(who)
        if not again:
            self._tell_history(client)
            if who.may(Permission.TIMELAPSE_LIST):
                client.outlet.send(orjson.dumps({"timelapse": self._timelapse}))
            for message in held:
                client.tell(message)
        payload = {"username": who.user, "remoteAddress": client.outlet.address}
        self.tell(Event("ClientAuthed", payload))

    def _tell_history(self, client: Client) -> None:
        client.cursor = messages.cursor_of(self.printer)
        if not client.listens:
            return
        minutes = self._preferences.of(self.printer.id)["temperature"]["cutoff"]
        cut = time.time() - minutes * 60
        content = messages.history(self.printer, self._markings, cut)
        wanted = messages.for_subscription(content, client.wish, terminal=client.terminal)
        client.outlet.send(orjson.dumps({"history": wanted}))

    # --- what is told -------------------------------------------------------------------

    def tell(self, event: Event) -> None:
        """Tell an event to everybody who wants it."""
        mark = marking(event)
        if mark is not None:
            self._markings.append(
                {"type": mark.type, "label": mark.label, "time": time.time()}
            )
            self._version += 1
        admins = event.type in _FOR_ADMINS
        if not admins:
            told = OctoPrintEventTold(self.printer.id, event.type, event.payload)
            self._appliance.bus.fire(told)
        if not self._clients or (admins and not self._worth_telling()):
            return
        body = orjson.dumps({"event": {"type": event.type, "payload": event.payload}})
        permission = Permission.ADMIN if admins else Permission.STATUS
        self._send(Message("event", event.type, body, permission))
        if mark is not None:
            self.tell(Event("ChartMarked", {"type": mark.type, "label": mark.label}))

    def _worth_telling(self) -> bool:
        """Return whether an event about people is not one of too many in a short time."""
        times, now = self._about_people, time.monotonic()
        if len(times) == _MOST_ABOUT_PEOPLE and now - times[0] < _ABOUT_PEOPLE_S:
            return False
        times.append(now)
        return True

    def tell_plugin(
        self, plugin: str, data: Any, permission: Permission = Permission.STATUS
    ) -> None:
        """Tell what a plugin of that name would."""
        if self._clients:
            body = orjson.dumps({"plugin": {"plugin": plugin, "data": data}})
            self._send(Message("plugin", plugin, body, permission))

    def tell_timelapse(self, config: Mapping[str, Any] | None) -> None:
        """Tell that the timelapse is configured in another way."""
        self._timelapse = config
        body = orjson.dumps({"timelapse": config})
        self._send(Message("timelapse", "timelapse", body, Permission.TIMELAPSE_LIST))

    def tell_rendering(self, progress: float) -> None:
        """Tell how far the rendering of a timelapse is, in percent."""
        body = orjson.dumps({"renderProgress": {"progress": progress}})
        self._send(Message("renderProgress", "", body, Permission.TIMELAPSE_LIST))

    def changed(self, event: PrinterChanged) -> None:
        """Tell what is different now."""
        self._version += 1
        for told in printer_events.of_change(event.previous, event.snapshot):
            self.tell(told)
        for plugin, data in printer_events.plugin_news(event.previous, event.snapshot):
            if plugin != NOTIFICATION or self._tells_notifications():
                self.tell_plugin(plugin, data)

    def _tells_notifications(self) -> bool:
        plugins = self._preferences.of(self.printer.id)["plugins"]
        return bool(plugins[NOTIFICATION]["enable"])

    def console_grew(self, event: ConsoleGrew) -> None:
        """Tell what the lines mean."""
        self._version += 1
        if console_events.asks_for_position(event.lines):
            self._position = None
        for told in console_events.of_lines(event.lines, self.printer.snapshot):
            if told.type == console_events.POSITION:
                if told == self._position:
                    continue  # the firmware repeats it every second or two, unasked
                self._position = told
            self.tell(told)

    def _send(self, message: Message) -> None:
        for client in list(self._clients.values()):
            client.tell(message)

    # --- the state ----------------------------------------------------------------------

    async def _tick_while_heard(self) -> None:
        while self._clients:
            rendered = self._render()
            for start in range(0, len(rendered), _SLICE):
                for client, body in rendered[start : start + _SLICE]:
                    if client.number in self._clients and client.listens:
                        client.outlet.send(body)
                await asyncio.sleep(0)  # requests get in between
            await asyncio.sleep(TICK_S)

    def _render(self) -> list[tuple[Client, bytes]]:
        """Render `current` for each position in the dialogue at which there are clients."""
        contents: dict[Cursor, dict[str, Any]] = {}
        bodies: dict[_Variant, bytes] = {}
        rendered: list[tuple[Client, bytes]] = []
        newest = messages.cursor_of(self.printer)
        for client in self._clients.values():
            if not client.listens or not client.due() or client.owed == self._version:
                continue
            variant = (client.cursor, client.wish, client.terminal)
            body = bodies.get(variant)
            if body is None:
                content = contents.get(client.cursor)
                if content is None:
                    content = messages.current(self.printer, self._markings, client.cursor)
                    contents[client.cursor] = content
                wanted = messages.for_subscription(
                    content, client.wish, terminal=client.terminal
                )
                body = bodies[variant] = orjson.dumps({"current": wanted})
            rendered.append((client, body))
            client.cursor = newest
            client.owed = self._version
        return rendered
