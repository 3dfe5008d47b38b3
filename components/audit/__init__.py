"""Who did what with which credential, in a chain that shows every change."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from appliance.components.audit.journal import Journal
from appliance.components.audit.log import AuditLog
from appliance.components.audit.view import AuditView
from appliance.config.schema import vol
from appliance.core import Appliance, Stage, StopReason
from appliance.domain.audit import AUDIT, AuditEntry
from appliance.domain.identity import Identity, Method
from appliance.domain.logins import LoginFailed, UserLoggedIn
from appliance.web import HTTP

_LOGGER = logging.getLogger(__name__)

CONFIG_SCHEMA = vol.Schema({})


async def async_setup(appliance: Appliance, config: dict[str, Any]) -> None:
    """Go on with the chain where it was left."""
    journal = Journal(appliance.paths.storage / "audit.jsonl")
    log = AuditLog(journal, await _last(journal))

    def logged_in(event: UserLoggedIn) -> None:
        who = Identity(event.name, event.method)
        log.record(who, "login", address=event.address)

    def login_failed(event: LoginFailed) -> None:
        who = Identity(None, Method.NONE)
        log.record(
            who, "login", address=event.address, target=event.name, outcome="wrong password"
        )

    async def stop(_reason: StopReason) -> None:
        await log.flush()

    appliance.bus.listen(UserLoggedIn, logged_in)
    appliance.bus.listen(LoginFailed, login_failed)
    appliance.on_stop(Stage.STORAGE, "audit", stop)
    appliance.provide(AUDIT, log)
    appliance.use(HTTP).add_routes([AuditView(journal, log).route()])


async def _last(journal: Journal) -> AuditEntry | None:
    """Return the newest entry; what cannot be read keeps nobody from their printers."""
    try:
        return await asyncio.to_thread(journal.last)
    except OSError as error:
        _LOGGER.error("The audit log cannot be read, another chain begins: %s", error)
        return None
