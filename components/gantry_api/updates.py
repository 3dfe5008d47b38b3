"""``/api/gantry/updates``: what runs, what there is, install it, go back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace

from appliance import web
from appliance.components.gantry_api.incoming import chunks
from appliance.components.gantry_api.routing import route
from appliance.domain.permissions import Scope
from appliance.domain.updates import Updates, UpdateStatus
from appliance.errors import InvalidRequest
from appliance.outgoing import server_of

_PATH = "/updates"
BUNDLE_LIMIT = 512 << 20  # bytes
_BACK_BODY = {"type": "object", "properties": {"version": {"type": "string"}}}
_ACCEPTED = web.Exchange(statuses=(202,))


class UpdatesApi:
    """The routes. What changes the code that runs asks for the password again."""

    def __init__(self, updates: Updates) -> None:
        self._updates = updates

    def routes(self) -> Iterable[web.Route]:
        """Declare them."""
        admin = Scope.ADMIN
        yield route("GET", _PATH, self.show, Scope.READ)
        yield route("POST", f"{_PATH}/check", self.check, admin)
        yield route(
            "POST", f"{_PATH}/install", self.install, admin, fresh=True, exchange=_ACCEPTED
        )
        yield route(
            "POST",
            f"{_PATH}/upload",
            self.upload,
            admin,
            fresh=True,
            body_limit=BUNDLE_LIMIT,
            exchange=web.Exchange(statuses=(202,), multipart=True),
        )
        yield route(
            "POST",
            f"{_PATH}/back",
            self.go_back,
            admin,
            fresh=True,
            exchange=web.Exchange(statuses=(202,), body=_BACK_BODY),
        )

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Return what runs, what is installed and available, and what is being done."""
        status = self._updates.status
        if Scope.ADMIN not in web.identity(request).scopes:
            status = _in_brief(status)
        return _shown(status)

    async def check(self, _request: web.Request) -> web.StreamResponse:
        """Ask the channel what there is."""
        return _shown(await self._updates.check())

    async def install(self, request: web.Request) -> web.StreamResponse:
        """Install what is available and start again with it; a print goes on."""
        status = await self._updates.install()
        web.note(request, f"update to {status.version}")
        return _shown(status, 202)

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Install a bundle, sent as the body or as the part ``file`` of a form."""
        status = await self._updates.install_bundle(chunks(request), request.content_length)
        web.note(request, f"update to {status.version}")
        return _shown(status, 202)

    async def go_back(self, request: web.Request) -> web.StreamResponse:
        """Start again with the previous release, or with ``version``, which is installed."""
        version = (await web.json_body(request, empty=True)).get("version")
        if version is not None and not isinstance(version, str):
            raise InvalidRequest("'version' is the name of a release that is installed")
        status = await self._updates.go_back(version)
        web.note(request, f"go back to {status.version}")
        return _shown(status, 202)


def _in_brief(status: UpdateStatus) -> UpdateStatus:
    """Leave out what a self-test has said: it may quote the configuration."""
    outcome = status.outcome
    if outcome is not None:
        outcome = replace(outcome, reason=outcome.reason.partition("\n")[0])
    error = None if status.error is None else status.error.partition("\n")[0]
    return replace(status, outcome=outcome, error=error)


def _shown(status: UpdateStatus, code: int = 200) -> web.StreamResponse:
    # The address may hold a password or a token; people need to know the server only.
    channel = None if status.channel is None else f"https://{server_of(status.channel)}"
    return web.json_response({**asdict(status), "channel": channel}, code)
