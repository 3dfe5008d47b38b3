"""``/api/gantry/console``: the dialogue with a printer, with who said each line.

Asked for once, or followed: then lines come as they are said (server-sent events), and a
client that is slow, or was away, gets what it has missed of those that are kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from appliance import web
from appliance.bus import Bus
from appliance.components.gantry_api.routing import route
from appliance.core import ApplianceStopping
from appliance.domain.permissions import Scope
from appliance.domain.printer import ConsoleGrew, Printer
from appliance.errors import InvalidRequest

MOST_LINES = 1000
# Something is said at least that often, so that either side notices when the other has gone.
QUIET_S = 10.0
# Then it ends, and whoever comes again shows its credentials again.
LONGEST_S = 900.0
_QUERY = {"after": {"type": "integer"}}


class ConsoleApi:
    """The routes."""

    def __init__(self, bus: Bus) -> None:
        self._waiting: set[tuple[str, asyncio.Event]] = set()
        self._stopping = False
        bus.listen(ConsoleGrew, self._grew)
        bus.listen(ApplianceStopping, self._stop)

    def routes(self) -> Iterable[web.Route]:
        """Declare them."""
        yield route(
            "GET",
            "/console",
            self.lines,
            Scope.READ,
            per_printer=True,
            exchange=web.Exchange(query=_QUERY),
        )
        yield route(
            "GET",
            "/console/stream",
            self.stream,
            Scope.READ,
            per_printer=True,
            exchange=web.Exchange(
                query=_QUERY, media_type="text/event-stream", answer={"type": "string"}
            ),
        )

    async def lines(self, request: web.Request) -> web.StreamResponse:
        """Return the lines after a number, oldest first; all that are kept without one.

        Numbers begin anew with a new print engine: ``last`` is lower then.
        """
        after = _number(request.query.get("after", "-1"))
        return web.json_response(_said(web.printer(request), after))

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Tell the lines after a number, and then each batch as soon as it is said."""
        printer = web.printer(request)
        last = _number(request.query.get("after", "-1"))
        headers = {
            "Content-Type": "text/event-stream",
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",  # of a proxy in between
        }
        response = web.StreamResponse(headers=headers)
        until = asyncio.get_running_loop().time() + LONGEST_S
        with self._woken(printer.id) as grown:
            await response.prepare(request)
            try:
                while not self._stopping and asyncio.get_running_loop().time() < until:
                    grown.clear()
                    batch = _said(printer, last)
                    if batch["lines"] or last < 0:
                        await response.write(b"data: %b\n\n" % orjson.dumps(batch))
                        last = batch["last"]
                    if not await _in_time(grown):
                        await response.write(b":\n\n")
            except OSError:
                pass  # the client has gone
        return response

    @contextmanager
    def _woken(self, printer_id: str) -> Iterator[asyncio.Event]:
        grown = asyncio.Event()
        entry = (printer_id, grown)
        self._waiting.add(entry)
        try:
            yield grown
        finally:
            self._waiting.discard(entry)

    def _grew(self, event: ConsoleGrew) -> None:
        for printer_id, grown in self._waiting:
            if printer_id == event.printer_id:
                grown.set()

    def _stop(self, _event: ApplianceStopping) -> None:
        self._stopping = True
        for _, grown in self._waiting:
            grown.set()


async def _in_time(grown: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(QUIET_S):
            await grown.wait()
    except TimeoutError:
        return False
    return True


def _said(printer: Printer, after: int) -> dict[str, Any]:
    kept = printer.console
    last = kept[-1].number if kept else -1
    new = [line for line in kept if line.number > after or last < after][-MOST_LINES:]
    return {
        "last": last,
        "lines": [
            {
                "number": line.number,
                "time": line.time,
                "direction": line.direction,
                "text": line.text,
                "origin": line.origin,
            }
            for line in new
        ],
    }


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise InvalidRequest("'after' is the number of a line") from None
