"""What of a request is written down: in the access log, and in the audit log."""

from __future__ import annotations

import logging

from aiohttp.web import Request, StreamResponse

from appliance.components.http.errors import SAFE_METHODS
from appliance.domain.audit import Audit
from appliance.web import Match

_ACCESS = logging.getLogger("appliance.access")

# Parameters of paths that open something.
_SECRET = frozenset({"app_token", "user_token"})


def log_access(request: Request, found: Match, response: StreamResponse) -> None:
    """Log one line; the query may hold keys and is left out."""
    if not _ACCESS.isEnabledFor(logging.DEBUG):
        return
    who = found.identity.origin if found.identity is not None else "-"
    path = request.rel_url.raw_path if found.declared is None else _path(found)
    address = found.address or "local"
    _ACCESS.debug("%s %s %s %s %d", address, who, request.method, path, response.status)


def record_deed(
    audit: Audit | None, request: Request, found: Match, response: StreamResponse
) -> None:
    """Write a request that may have changed something into the audit log."""
    route, who = found.declared, found.identity
    if audit is None or route is None or who is None:
        return
    if request.method in SAFE_METHODS and not route.acts:
        return
    if who.anonymous:
        return  # nothing was proven: logins are told by the authority itself
    target = " ".join(value for name, value in found.items() if name not in _SECRET)
    audit.record(
        who,
        f"{request.method} {route.path}",
        address=found.address,
        target=f"{target} {found.note}".strip(),
        printer_id=found.printer.id if route.per_printer and found.printer else None,
        outcome=str(response.status),
    )


def _path(found: Match) -> str:
    """Return the path with its parameters, but for those that open something."""
    assert found.declared is not None
    path = found.declared.path
    for name, value in found.items():
        shown = "***" if name in _SECRET else value
        path = path.replace(f"{{{name}:.*}}", shown).replace(f"{{{name}}}", shown)
    return f"{found.base_path}{path}"
