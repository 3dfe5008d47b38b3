"""JSON-RPC calls to answers, whatever they came over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from appliance.components.moonraker_api import rpc
from appliance.components.moonraker_api.client import Client
from appliance.components.moonraker_api.failures import failure
from appliance.components.moonraker_api.host import Host
from appliance.components.moonraker_api.method import Asked, Method, Methods
from appliance.domain.audit import Audit
from appliance.domain.identity import Identity

# Arguments that say what a call is about; none of them opens anything.
_TARGETS = (
    "filename",
    "path",
    "source",
    "dest",
    "root",
    "script",
    "username",
    "namespace",
    "device",
    "action",
    "topic",
)


class Dispatcher:
    """Runs calls of the method table."""

    def __init__(self, methods: Methods, find_audit: Callable[[], Audit | None]) -> None:
        self._methods = methods
        self._find_audit = find_audit

    async def answer(
        self,
        message: rpc.Message,
        host: Host,
        identity: Identity,
        address: str,
        client: Client | None = None,
    ) -> bytes | None:
        """Run every call of a message in its order; return what is to be sent back."""
        answers: list[dict[str, Any]] = []
        for item in message.items:
            if isinstance(item, rpc.Failure):
                answers.append(item.render())
                continue
            if isinstance(item, rpc.Answer):
                if client is not None:
                    client.answered(item)
                continue
            # A call before this one may have logged the client in.
            who = identity if client is None else client.identity
            asked = Asked(item.params, who, address, host, client)
            answer = await self._run(item, asked)
            if not item.notification:
                answers.append(answer)
        if not answers:
            return None
        return rpc.dump(answers if message.batch else answers[0])

    def quick(self, message: rpc.Message) -> bool:
        """Return whether facts have to wait for the answer to this message."""
        methods = [self._find(item) for item in message.items]
        return all(method is None or method.quick for method in methods)

    async def _run(self, request: rpc.Request, asked: Asked) -> dict[str, Any]:
        method = self._find(request)
        if method is None or (method.path is None and asked.client is None):
            missing = rpc.Failure(rpc.METHOD_NOT_FOUND, "Method not found", request.id)
            return missing.render()
        try:
            value = await method.call(asked)
        except Exception as error:  # noqa: BLE001 - the edge: each becomes an answer
            refused = failure(error, request.id, request.method)
            self._record(method, asked, str(refused.code))
            return refused.render()
        self._record(method, asked, "ok")
        return rpc.result(request.id, value)

    def _record(self, method: Method, asked: Asked, outcome: str) -> None:
        """Write a call that may have changed something into the audit log."""
        audit = self._find_audit()
        if audit is None or asked.identity.anonymous or method.verbs in ((), ("GET",)):
            return
        named = (asked.params.get(name) for name in _TARGETS)
        audit.record(
            asked.identity,
            method.name,
            address=asked.address,
            target=" ".join(value for value in named if isinstance(value, str)),
            printer_id=asked.host.printer.id,
            outcome=outcome,
        )

    def _find(self, item: rpc.Item) -> Method | None:
        return self._methods.find(item.method) if isinstance(item, rpc.Request) else None
