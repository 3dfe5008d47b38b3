"""``machine.update.*``: where Gantry can update itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from appliance.components.moonraker_api.method import (
    Argument,
    Asked,
    Kind,
    Method,
    get,
    post,
)
from appliance.components.moonraker_api.methods import access
from appliance.components.moonraker_api.render import updates as render
from appliance.domain.permissions import Scope, scope
from appliance.domain.updates import UpdateBusy, UpdateRefused, Updates
from appliance.web import HttpError

_BASE = "/machine/update"
# What changes the code that runs asks for credentials given a moment ago.
_FRESH_ADMIN = scope(Scope.ADMIN, fresh=True)
_SERVICE_UNAVAILABLE = 503


class UpdateMethods:
    """The handlers. A print is no reason to wait: it goes on."""

    def __init__(self, updates: Updates) -> None:
        self._updates = updates

    def methods(self) -> Iterable[Method]:
        """Declare the calls, the deprecated ones too."""
        name = Argument("name", default=None)
        needed = Argument("name")
        refresh = Argument("refresh", Kind.FLAG, default=False)
        yield get(f"{_BASE}/status", access.READ, self.status, refresh)
        yield post(f"{_BASE}/refresh", access.ADMIN, self.refresh, name)
        yield post(f"{_BASE}/upgrade", _FRESH_ADMIN, self.upgrade, name)
        yield post(f"{_BASE}/full", _FRESH_ADMIN, self.upgrade)
        yield post(f"{_BASE}/client", _FRESH_ADMIN, self.upgrade, needed)
        yield post(f"{_BASE}/rollback", _FRESH_ADMIN, self.rollback, needed)
        yield post(f"{_BASE}/recover", _FRESH_ADMIN, self.recover, needed)

    async def status(self, _asked: Asked) -> dict[str, Any]:
        """Return what runs and what there is; ``refresh`` is ignored, as by its authors."""
        return render.status(self._updates.status)

    async def refresh(self, asked: Asked) -> dict[str, Any]:
        """Ask for new releases."""
        _check_name(asked)
        try:
            return render.status(await self._updates.check())
        except UpdateBusy as error:
            raise HttpError(_SERVICE_UNAVAILABLE, str(error)) from error

    async def upgrade(self, asked: Asked) -> str:
        """Begin to install what is available; notifications tell the rest."""
        _check_name(asked)
        await self._updates.install()
        return "ok"

    async def rollback(self, asked: Asked) -> str:
        """Start again with the previous release."""
        _check_name(asked)
        await self._updates.go_back()
        return "ok"

    async def recover(self, asked: Asked) -> str:
        """Refuse: releases are whole or not there, so there is nothing to recover."""
        _check_name(asked)
        raise UpdateRefused("a release is never changed, so it needs no recovery: roll back")


def _check_name(asked: Asked) -> None:
    name = asked.params.get("name")
    if name not in (None, render.NAME):
        message = f"Updater {name} not available"
        raise HttpError(404, message)
