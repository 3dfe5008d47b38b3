"""``/api/util/test``: whether a path is there, a name resolved, an address near.

Asking other servers (``url`` and ``server``) is refused: whoever could do that here could
look around in the network behind us.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
import socket
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from appliance import web
from appliance.components.octoprint_api import body
from appliance.components.octoprint_api.routing import route
from appliance.core import Appliance
from appliance.domain.permissions import Permission
from appliance.errors import InvalidRequest, PermissionMissing

_COMMANDS: Mapping[str, tuple[str, ...]] = {
    "path": ("path",),
    "url": ("url",),
    "server": ("host", "port"),
    "resolution": ("name",),
    "address": (),
}
_ACCESS = {"r": os.R_OK, "w": os.W_OK, "x": os.X_OK}
_RESOLVE_S = 5.0


class UtilTest:
    """Tests for pages of settings."""

    def __init__(self, appliance: Appliance) -> None:
        self._folder = appliance.paths.config

    def routes(self) -> Iterable[web.Route]:
        """Declare the route."""
        yield route("POST", "/api/util/test", self.post, Permission.ADMIN, per_printer=False)

    async def post(self, request: web.Request) -> web.StreamResponse:
        """Test what is asked."""
        name, parameters = await body.command(request, _COMMANDS)
        if name == "path":
            path = _text(parameters, "path")
            result = await asyncio.to_thread(test_path, self._folder, path, parameters)
        elif name == "resolution":
            result = await _test_resolution(_text(parameters, "name"))
        elif name == "address":
            given = parameters.get("address") or web.address(request)
            result = test_address(given)
        else:
            raise PermissionMissing("other servers are not asked from here")
        return web.json_response(result)


def test_path(folder: Path, path: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Look at a path inside the configuration folder; of others nothing is told."""
    wanted = Path(os.path.abspath(folder / path))  # noqa: PTH100 - normalises .. as well
    inside = wanted.is_relative_to(folder)
    exists = inside and wanted.exists()
    kinds = {"file": wanted.is_file, "dir": wanted.is_dir}
    wanted_kind = kinds.get(parameters.get("check_type", ""))
    typeok = exists and (wanted_kind is None or wanted_kind())
    mode = 0
    for letter in parameters.get("check_access") or ():
        mode |= _ACCESS.get(letter, 0)
    access = exists and os.access(wanted, mode or os.F_OK)
    return {
        "path": path,
        "exists": exists,
        "typeok": typeok,
        "broken_symlink": inside and wanted.is_symlink() and not exists,
        "access": access,
        "result": exists and typeok and access,
    }


def test_address(given: object) -> dict[str, Any]:
    """Say whether an address is of the own network."""
    try:
        address = ipaddress.ip_address(str(given))
    except ValueError:
        raise InvalidRequest("that is no address") from None
    return {"address": str(address), "is_lan_address": address.is_private}


async def _test_resolution(name: str) -> dict[str, Any]:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(_RESOLVE_S):
            await loop.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError):
        return {"name": name, "result": False}
    return {"name": name, "result": True}


def _text(parameters: Mapping[str, Any], name: str) -> str:
    value = parameters[name]
    if not isinstance(value, str) or not value or "\0" in value:
        message = f"'{name}' must be a text"
        raise InvalidRequest(message)
    return value
