"""Takes commands from the broker: one after the other per printer, each answered and recorded.

Ignored are retained messages (a wish of some other time). Refused, with an answer, are those
that come too fast, reach too far, or say something that cannot be.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from appliance.components.mqtt.commands import COMMANDS, EMERGENCY, Command, Wish, parse
from appliance.components.mqtt.connection import Outgoing
from appliance.components.mqtt.render.values import json
from appliance.components.mqtt.session import Session
from appliance.components.mqtt.topics import check_topic, fits
from appliance.core import Appliance
from appliance.domain.audit import AUDIT
from appliance.domain.identity import Identity, Method
from appliance.domain.mqtt import MqttMessage
from appliance.domain.permissions import Scope
from appliance.domain.printer import Printer
from appliance.errors import DomainError, InvalidRequest
from appliance.records import dataclass
from appliance.seldom import Seldom

_LOGGER = logging.getLogger(__name__)
_REFUSED = "%s: command %s over MQTT: %s"

ORIGIN = "mqtt"
MQTT_IDENTITY = Identity(user=None, method=Method.MQTT, credential=ORIGIN)
# Commands that may wait for the one before; and how many may come in how long.
MAX_WAITING = 20
BURST = 20
PER_SECOND = 5.0
LONGEST_ANSWER = 1000


class Rate:
    """Lets so many through at once, and so many a second."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._left = float(BURST)
        self._last = clock()

    def take(self) -> bool:
        """Return whether one more may pass."""
        now = self._clock()
        self._left = min(BURST, self._left + (now - self._last) * PER_SECOND)
        self._last = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class TooManyCommands(InvalidRequest):
    """They come faster than any person or automation wishes something."""


@dataclass(frozen=True, slots=True)
class Order:
    """A command that was understood, and who waits for the answer."""

    command: Command
    item: str
    message: MqttMessage
    values: dict[str, Any]
    sender_id: Any = None

    @property
    def name(self) -> str:
        """Return what was wished, as in the topic."""
        return f"{self.command.name}/{self.item}" if self.item else self.command.name


class Desk:
    """The commands of one printer."""

    def __init__(
        self,
        appliance: Appliance,
        session: Session,
        printer: Printer,
        base: str,
        scopes: frozenset[Scope],
        more: Iterable[Command] = (),
    ) -> None:
        self._commands = {**COMMANDS, **{command.name: command for command in more}}
        self._appliance = appliance
        self._session = session
        self._printer = printer
        self._base = base
        self._scopes = scopes
        self._rate = Rate()
        self._waiting: deque[Order] = deque()
        self._worker: asyncio.Task[None] | None = None
        self._flood = Seldom()

    def start(self) -> None:
        """Listen."""
        self._session.listen(f"{self._base}/command/#", self.take)

    def take(self, message: MqttMessage) -> None:
        """Take a message from the broker."""
        if message.retained:
            return
        levels = message.topic.removeprefix(f"{self._base}/command/").split("/")
        name, item = levels[0], "/".join(levels[1:])
        try:
            order = self._understand(name, item, message)
        except DomainError as error:
            called = f"{name}/{item}" if item else name
            if not isinstance(error, TooManyCommands) or self._flood.due():
                _LOGGER.warning(_REFUSED, self._printer.id, called, error)
            self._answer(message, called, None, str(error))
            return
        if order.command is EMERGENCY:  # overtakes everything
            self._drop_waiting()
            self._appliance.tasks.spawn(self._obey(order), "mqtt emergency stop")
            return
        self._waiting.append(order)
        if self._worker is None or self._worker.done():
            self._worker = self._appliance.tasks.spawn(self._work(), "mqtt commands")

    def _understand(self, name: str, item: str, message: MqttMessage) -> Order:
        if name == EMERGENCY.name and not item and self._scopes:
            return Order(EMERGENCY, "", message, {}, parse(EMERGENCY, message.payload)[1])
        if not self._rate.take() or len(self._waiting) >= MAX_WAITING:
            raise TooManyCommands("too many commands, wait a moment")
        command = self._commands.get(name)
        if command is None or command.item != bool(item):
            raise InvalidRequest("there is no such command")
        if command.scope not in self._scopes:
            message_ = f"'commands:' of the component mqtt does not allow '{command.scope}'"
            raise InvalidRequest(message_)
        values, sender_id = parse(command, message.payload)
        return Order(command, item, message, values, sender_id)

    def _drop_waiting(self) -> None:
        while self._waiting:
            order = self._waiting.popleft()
            reason = "not done: an emergency stop came"
            _LOGGER.warning(_REFUSED, self._printer.id, order.name, reason)
            self._answer(order.message, order.name, order.sender_id, reason)

    async def _work(self) -> None:
        while self._waiting:
            await self._obey(self._waiting.popleft())

    async def _obey(self, order: Order) -> None:
        wish = Wish(self._appliance, self._printer, order.item, order.values, ORIGIN)
        error = None
        try:
            await order.command.run(wish)
        except DomainError as failure:
            error = str(failure)
            _LOGGER.warning(_REFUSED, self._printer.id, order.name, error)
        self._record(order, error)
        self._answer(order.message, order.name, order.sender_id, error)

    def _record(self, order: Order, error: str | None) -> None:
        audit = self._appliance.find(AUDIT)
        if audit is not None:
            audit.record(
                MQTT_IDENTITY,
                f"mqtt {order.command.name}",
                target=order.item,
                printer_id=self._printer.id,
                outcome="ok" if error is None else "refused",
            )

    def _answer(
        self, message: MqttMessage, name: str, sender_id: Any, error: str | None
    ) -> None:
        answer: dict[str, Any] = {"command": name[:LONGEST_ANSWER], "ok": error is None}
        if error is not None:
            answer["error"] = error[:LONGEST_ANSWER]
        if isinstance(sender_id, str | int | float):
            answer["id"] = sender_id
        topic = self._response_topic(message)
        self._session.send(
            Outgoing(topic, json(answer), message.qos, correlation=message.correlation)
        )

    def _response_topic(self, message: MqttMessage) -> str:
        """Return where the sender wants the answer, unless that would be a command again."""
        own = f"{self._base}/response"
        wanted = message.response_topic
        if not wanted or wanted.startswith("$"):
            return own
        try:
            check_topic(wanted)
        except InvalidRequest:
            return own
        prefix = self._base.rpartition("/")[0]
        return own if fits(f"{prefix}/+/command/#", wanted) else wanted
