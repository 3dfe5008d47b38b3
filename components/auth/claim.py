"""First run: whoever reads the code on the device may become its administrator.

The code is in the log, in a file on the boot partition (where the image configures one) and
on the displays of the printers. Ten wrong ones close the way for a quarter of an hour.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
from pathlib import Path
from typing import Any

from appliance import web
from appliance.bus import Bus
from appliance.components.auth.authority import Authority
from appliance.components.auth.clock import Clock
from appliance.domain.machine import Link
from appliance.domain.permissions import public
from appliance.domain.printer import PrinterChanged, Printers
from appliance.domain.users import ADMINS
from appliance.errors import (
    InvalidRequest,
    PermissionMissing,
    PrinterError,
    TooManyAttempts,
    UserExists,
)
from appliance.storage import write_atomic
from appliance.tasks import Tasks
from appliance.web import Exchange, Family, Request, Route, StreamResponse

_LOGGER = logging.getLogger(__name__)

# Without letters and digits that look alike on a display.
ALPHABET = "23456789ABCDEFGHJKMNPQRTUVWXY"
LENGTH = 8
MAX_WRONG = 10
CLOSED_S = 900.0
SHORTEST_PASSWORD = 8

_BODY = {
    "type": "object",
    "required": ["code", "user", "password"],
    "properties": {name: {"type": "string"} for name in ("code", "user", "password")},
}


class Claim:
    """The code and the route."""

    def __init__(self, auth: Authority, clock: Clock, file: Path | None) -> None:
        self._auth = auth
        self._clock = clock
        self._file = file
        self._wrong = 0
        self._closed_until = 0.0
        self._turn = asyncio.Lock()
        self.code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))

    def route(self) -> Route:
        """Return the route."""
        return Route(
            "POST",
            "/api/gantry/claim",
            self.claim,
            public(),
            Family.GANTRY,
            exchange=Exchange(body=_BODY),
        )

    async def claim(self, request: Request) -> StreamResponse:
        """Make the caller the administrator, if they know the code."""
        data = await web.json_body(request)
        async with self._turn:
            if self._auth.claimed:
                raise UserExists("this appliance has been claimed already")
            self._check(_text(data, "code"))
            password = _text(data, "password")
            if len(password) < SHORTEST_PASSWORD:
                message = f"the password needs {SHORTEST_PASSWORD} characters"
                raise InvalidRequest(message)
            user = await self._auth.create_user(_text(data, "user"), password, groups=[ADMINS])
        _LOGGER.info(
            "'%s' has claimed this appliance from %s", user.name, web.address(request)
        )
        if self._file is not None:
            await asyncio.to_thread(self._file.unlink, missing_ok=True)
        return web.json_response({"user": user.name})

    async def announce(self, url: str) -> None:
        """Say the code where only people at the device read it."""
        _LOGGER.warning("Claim this appliance at %s/claim with the code %s", url, self.code)
        if self._file is None:
            return
        text = f"Gantry\nOpen {url}/claim and enter the code\n\n    {self.code}\n"
        try:
            await asyncio.to_thread(write_atomic, self._file, text.encode())
        except OSError as error:
            _LOGGER.error("The code cannot be written to %s: %s", self._file, error)

    def show_on(self, printers: Printers, bus: Bus, tasks: Tasks) -> None:
        """Show the code on every printer as soon as it is online."""

        def changed(event: PrinterChanged) -> None:
            came_online = event.snapshot.link is Link.ONLINE is not event.previous.link
            if came_online and not self._auth.claimed:
                tasks.spawn(self._display(printers, event.printer_id), "show claim code")

        bus.listen(PrinterChanged, changed)
        for printer in printers:
            if printer.snapshot.operational:
                tasks.spawn(self._display(printers, printer.id), "show claim code")

    async def _display(self, printers: Printers, printer_id: str) -> None:
        try:
            await printers.get(printer_id).send([f"M117 Code {self.code}"], origin="claim")
        except PrinterError as error:
            _LOGGER.info("The code cannot be shown on %s: %s", printer_id, error)

    def _check(self, code: str) -> None:
        now = self._clock.monotonic()
        if now < self._closed_until:
            raise TooManyAttempts("too many wrong codes", self._closed_until - now)
        plain = "".join(code.split()).replace("-", "").upper()
        if hmac.compare_digest(plain.encode(), self.code.encode()):
            return
        self._wrong += 1
        if self._wrong >= MAX_WRONG:
            self._wrong = 0
            self._closed_until = now + CLOSED_S
            _LOGGER.warning("Ten wrong codes: nobody can claim for a quarter of an hour")
        raise PermissionMissing("that is not the code")


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value:
        message = f"'{name}' is missing or not text"
        raise InvalidRequest(message)
    return value
