"""``/api/gantry/configuration/versions``: what was in force before, and going back to it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from appliance import web
from appliance.components.gantry_api import plan
from appliance.components.gantry_api.configuring import digest_of
from appliance.components.gantry_api.routing import route
from appliance.config import CONFIGURATION_FILE, Configuration
from appliance.config.nodes import decode
from appliance.config.report import ConfigurationError, hide_line, redact
from appliance.config.write import ConfigurationWriter, SettingRefused
from appliance.core import Appliance
from appliance.domain.permissions import Scope
from appliance.errors import FileMissing

_PATH = "/configuration/versions"
_BODY = {
    "type": "object",
    "required": ["digest"],
    "properties": {"digest": {"type": "string"}},
}


class VersionsApi:
    """The routes. Only versions of configuration.yaml: secrets.yaml is never shown."""

    def __init__(self, appliance: Appliance, writer: ConfigurationWriter) -> None:
        self._appliance = appliance
        self._writer = writer
        self._file = appliance.paths.config / CONFIGURATION_FILE

    def routes(self) -> Iterable[web.Route]:
        """Declare them."""
        yield route("GET", _PATH, self.all, Scope.ADMIN)
        yield route("POST", f"{_PATH}/{{id}}/plan", self.plan, Scope.ADMIN, fresh=True)
        yield route(
            "POST",
            f"{_PATH}/{{id}}/restore",
            self.restore,
            Scope.ADMIN,
            fresh=True,
            exchange=web.Exchange(body=_BODY),
        )

    async def all(self, _request: web.Request) -> web.StreamResponse:
        """List the versions that are kept, the latest first."""
        found = await asyncio.to_thread(self._writer.versions.all)
        shown = [asdict(each) for each in found if each.file == CONFIGURATION_FILE]
        return web.json_response({"versions": shown})

    async def plan(self, request: web.Request) -> web.StreamResponse:
        """Return what going back would do: the lines, the sections, what restarts."""
        before, after = await self._texts(request)
        found, problems = await self._checked(after)
        now = self._appliance.configuration
        secrets = now.secrets | (found.secrets if found is not None else frozenset())
        return web.json_response(
            {
                "valid": not problems,
                "problems": problems,
                "diff": [_shown(line, secrets) for line in plan.diff(before, after)],
                "digest": digest_of(before),
                **(
                    plan.NOTHING
                    if found is None
                    else plan.effect(now, found, self._writer.catalogue)
                ),
            }
        )

    async def restore(self, request: web.Request) -> web.StreamResponse:
        """Go back to a version; ``digest`` is that of the file that was there at the plan."""
        before, after = await self._texts(request)
        if (await web.json_body(request)).get("digest") != digest_of(before):
            message = f"{CONFIGURATION_FILE} was changed in the meantime; look again"
            raise SettingRefused(message)
        new = await self._writer.replace(self._file, before, after)
        effect = plan.effect(self._appliance.configuration, new, self._writer.catalogue)
        self._appliance.adopt(new)
        web.note(request, f"restore {CONFIGURATION_FILE} {request.match_info['id']}")
        return web.json_response({"digest": digest_of(after), **effect})

    async def _texts(self, request: web.Request) -> tuple[str, str]:
        """Return the file as it is and as it was."""
        wanted = request.match_info["id"]
        if not wanted.endswith(f"-{CONFIGURATION_FILE}"):
            raise FileMissing("there is no such version")
        kept = await asyncio.to_thread(self._writer.versions.read, wanted)
        present = await asyncio.to_thread(self._file.read_bytes)
        return decode(present), decode(kept)

    async def _checked(self, text: str) -> tuple[Configuration | None, list[dict[str, Any]]]:
        try:
            return await self._writer.check({self._file: text}), []
        except ConfigurationError as error:
            secrets = self._appliance.configuration.secrets
            return None, [
                {"line": each.place.line, "message": redact(each.message, secrets)}
                for each in error.problems
            ]


def _shown(line: str, secrets: Iterable[str]) -> str:
    """Return a line without secrets: those that are known, and what looks like one."""
    return hide_line(CONFIGURATION_FILE, redact(line, secrets))
