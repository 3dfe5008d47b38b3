"""``/api/gantry/backups``: make, list, take away, bring and restore backups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from aiohttp.web import FileResponse

from appliance import web
from appliance.components.gantry_api.incoming import chunks
from appliance.components.gantry_api.routing import route
from appliance.domain.backup import BackupInfo, Backups
from appliance.domain.permissions import Scope
from appliance.errors import InvalidRequest

_PATH = "/backups"
_ONE = f"{_PATH}/{{name}}"
UPLOAD_LIMIT = 16 << 30  # bytes; the disk says no before that
_PASSPHRASE = {"type": "string", "minLength": 8}
_CREATE_BODY = {
    "type": "object",
    "properties": {"files": {"type": "boolean"}, "passphrase": _PASSPHRASE},
}
_RESTORE_BODY = {"type": "object", "properties": {"passphrase": _PASSPHRASE}}


class BackupsApi:
    """The routes. What leaves or replaces everything asks for the password again."""

    def __init__(self, backups: Backups) -> None:
        self._backups = backups

    def routes(self) -> Iterable[web.Route]:
        """Declare them."""
        yield route("GET", _PATH, self.list, Scope.ADMIN)
        yield route(
            "POST",
            _PATH,
            self.create,
            Scope.ADMIN,
            exchange=web.Exchange(statuses=(201,), body=_CREATE_BODY),
        )
        yield route(
            "POST",
            f"{_PATH}/upload",
            self.upload,
            Scope.ADMIN,
            fresh=True,
            body_limit=UPLOAD_LIMIT,
            exchange=web.Exchange(statuses=(201,), multipart=True),
        )
        yield route(
            "GET",
            _ONE,
            self.download,
            Scope.ADMIN,
            fresh=True,
            exchange=web.Exchange(media_type="application/octet-stream"),
        )
        yield route(
            "DELETE", _ONE, self.delete, Scope.ADMIN, exchange=web.Exchange(statuses=(204,))
        )
        yield route(
            "POST",
            f"{_ONE}/restore",
            self.restore,
            Scope.ADMIN,
            fresh=True,
            exchange=web.Exchange(statuses=(202,), body=_RESTORE_BODY),
        )

    async def list(self, _request: web.Request) -> web.StreamResponse:
        """List the backups, the newest first."""
        found = await self._backups.list()
        return web.json_response(
            {"backups": [asdict(each) for each in found], "busy": self._backups.busy}
        )

    async def create(self, request: web.Request) -> web.StreamResponse:
        """Make a backup and return it; with ``files`` the G-code is in it."""
        body = await web.json_body(request, empty=True)
        files = body.get("files", False)
        if not isinstance(files, bool):
            raise InvalidRequest("'files' is true or false")
        made = await self._backups.create(files=files, passphrase=_passphrase(body))
        web.note(request, f"back up as {made.name}")
        return web.json_response(self._shown(made), 201)

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Take a backup from elsewhere, as the body or as the part ``file`` of a form."""
        size = request.content_length
        taken = await self._backups.receive(chunks(request), size)
        web.note(request, f"take the backup {taken.name}")
        return web.json_response(self._shown(taken), 201)

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Return the file of a backup."""
        path = await self._backups.path(request.match_info["name"])
        web.note(request, f"download {path.name}")
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Disposition": f'attachment; filename="{path.name}"',
            "Cache-Control": "no-store",
        }
        return FileResponse(path, headers=headers)

    async def delete(self, request: web.Request) -> web.StreamResponse:
        """Delete a backup."""
        name = request.match_info["name"]
        await self._backups.delete(name)
        web.note(request, f"delete the backup {name}")
        return web.no_content()

    async def restore(self, request: web.Request) -> web.StreamResponse:
        """Check a backup, back up what is there, and start again with it; a print goes on."""
        body = await web.json_body(request, empty=True)
        name = request.match_info["name"]
        web.note(request, f"restore {name}")
        restored = await self._backups.restore(name, _passphrase(body))
        return web.json_response({**self._shown(restored), "restart": True}, 202)

    def _shown(self, backup: BackupInfo) -> dict[str, Any]:
        return {**asdict(backup), "folder": str(self._backups.folder)}


def _passphrase(body: dict[str, Any]) -> str | None:
    passphrase = body.get("passphrase")
    if passphrase is not None and not isinstance(passphrase, str):
        raise InvalidRequest("'passphrase' is a text")
    return passphrase or None
