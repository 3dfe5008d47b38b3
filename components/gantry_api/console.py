"""``/api/gantry/console``: the dialogue with a printer, with who said each line."""

from __future__ import annotations

from collections.abc import Iterable

from appliance import web
from appliance.components.gantry_api.routing import route
from appliance.domain.permissions import Scope
from appliance.errors import InvalidRequest

MOST_LINES = 1000


class ConsoleApi:
    """The route."""

    def routes(self) -> Iterable[web.Route]:
        """Declare it."""
        yield route(
            "GET",
            "/console",
            self.lines,
            Scope.READ,
            per_printer=True,
            exchange=web.Exchange(query={"after": {"type": "integer"}}),
        )

    async def lines(self, request: web.Request) -> web.StreamResponse:
        """Return the lines after a number, oldest first; all that are kept without one.

        Numbers begin anew with a new print engine: ``last`` is lower then.
        """
        after = _number(request.query.get("after", "-1"))
        kept = web.printer(request).console
        last = kept[-1].number if kept else -1
        new = [line for line in kept if line.number > after or last < after][-MOST_LINES:]
        return web.json_response(
            {
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
        )


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise InvalidRequest("'after' is the number of a line") from None
