"""Moonraker's API over the broker: JSON-RPC in one topic, the answers in another.

What may be called is what the scopes of ``commands:`` allow, and reading. Retained requests
are ignored; a request that says when it was made (``mqtt_timestamp``) is obeyed once.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

import orjson

from appliance.components.mqtt.connection import Outgoing
from appliance.components.mqtt.desk import ORIGIN, Rate
from appliance.components.mqtt.render.values import json
from appliance.components.mqtt.session import Session
from appliance.core import Appliance
from appliance.domain.identity import Identity, Method
from appliance.domain.mqtt import MqttMessage
from appliance.domain.permissions import (
    EVERY_PERMISSION,
    Scope,
    permissions_within,
)
from appliance.domain.rpc import RPC, Rpc

MAX_PAYLOAD = 64 * 1024
MAX_RUNNING = 20
DUPLICATE = -10000
TOO_MANY = 429
_TIMESTAMP = "mqtt_timestamp"


class Requests:
    """The calls for one printer."""

    def __init__(
        self,
        appliance: Appliance,
        session: Session,
        printer_id: str,
        base: str,
        scopes: frozenset[Scope],
    ) -> None:
        self._appliance = appliance
        self._session = session
        self._printer_id = printer_id
        self._base = f"{base}/moonraker/api"
        scopes = scopes | {Scope.READ}
        self._identity = Identity(
            user=None,
            method=Method.MQTT,
            permissions=permissions_within(scopes, EVERY_PERMISSION),
            scopes=scopes,
            printers=frozenset({printer_id}),
            credential=ORIGIN,
        )
        self._rate = Rate()
        self._running: set[asyncio.Task[None]] = set()
        self._seen: deque[Any] = deque(maxlen=20)

    def start(self) -> None:
        """Listen."""
        self._session.listen(f"{self._base}/request", self.take)

    def take(self, message: MqttMessage) -> None:
        """Take a request."""
        rpc = self._appliance.find(RPC)
        if rpc is None or message.retained or len(message.payload) > MAX_PAYLOAD:
            return
        refused = self._refused(message.payload)
        if refused is not None:
            self._answer(message, json(refused))
            return
        work = self._appliance.tasks.spawn(self._run(rpc, message), "a call over MQTT")
        self._running.add(work)
        work.add_done_callback(self._running.discard)

    def _refused(self, payload: bytes) -> dict[str, Any] | None:
        """Return the answer to a request that is not obeyed."""
        try:
            data = orjson.loads(payload)
        except orjson.JSONDecodeError:
            data = None  # whoever runs it says so
        request = data if isinstance(data, dict) else {}
        params = request.get("params")
        stamp = params.get(_TIMESTAMP) if isinstance(params, dict) else None
        if stamp is not None and stamp in self._seen:
            return _error(request, DUPLICATE, "Duplicate MQTT Request")
        if len(self._running) >= MAX_RUNNING or not self._rate.take():
            return _error(request, TOO_MANY, "too many requests, wait a moment")
        if stamp is not None:
            self._seen.append(stamp)
        return None

    async def _run(self, rpc: Rpc, message: MqttMessage) -> None:
        answer = await rpc.answer(
            message.payload, self._printer_id, self._identity, f"{ORIGIN} broker"
        )
        if answer is not None:
            self._answer(message, answer)

    def _answer(self, message: MqttMessage, answer: bytes) -> None:
        topic = f"{self._base}/response"
        self._session.send(
            Outgoing(topic, answer, message.qos, correlation=message.correlation)
        )


def _error(request: dict[str, Any], code: int, text: str) -> dict[str, Any]:
    error = {"code": code, "message": text}
    return {"jsonrpc": "2.0", "error": error, "id": request.get("id")}
