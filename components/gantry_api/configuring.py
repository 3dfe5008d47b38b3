"""``/api/gantry/configuration``: read, check, plan and save configuration.yaml."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable
from typing import Any

from appliance import web
from appliance.components.gantry_api import hiding, plan
from appliance.components.gantry_api.routing import route
from appliance.config import CONFIGURATION_FILE, Configuration
from appliance.config.nodes import decode
from appliance.config.report import ConfigurationError, Problem, dotted, redact
from appliance.config.write import ConfigurationWriter, SettingRefused
from appliance.core import Appliance
from appliance.domain.permissions import CONFIGURATION, Scope
from appliance.errors import InvalidRequest

_PATH = "/configuration"
_BODY = {
    "type": "object",
    "required": ["text"],
    "properties": {
        "text": {"type": "string"},
        "digest": {"type": "string"},
        "apart": {"type": "boolean"},  # whether new secrets go to secrets.yaml
    },
}


class ConfigurationApi:
    """The routes. Secrets are hidden in what is shown and put back in what is saved."""

    def __init__(self, appliance: Appliance, writer: ConfigurationWriter) -> None:
        self._appliance = appliance
        self._writer = writer
        self._file = appliance.paths.config / CONFIGURATION_FILE

    def routes(self) -> Iterable[web.Route]:
        """Declare them."""
        body = web.Exchange(body=_BODY)
        yield route("GET", _PATH, self.read, CONFIGURATION)
        yield route("POST", f"{_PATH}/check", self.check, Scope.ADMIN, exchange=body)
        yield route("POST", f"{_PATH}/plan", self.plan, Scope.ADMIN, exchange=body)
        yield route("PUT", _PATH, self.save, CONFIGURATION, exchange=body)

    async def read(self, _request: web.Request) -> web.StreamResponse:
        """Return the file, its secrets hidden, and a digest to save it with."""
        text = await self._read()
        return web.json_response(
            {
                "file": CONFIGURATION_FILE,
                "text": hiding.hide(text, self._secrets),
                "digest": digest_of(text),
            }
        )

    async def check(self, request: web.Request) -> web.StreamResponse:
        """Return what is wrong with a text, each problem at its line; change nothing."""
        text, _ = await self._wish(request)
        _, problems = await self._checked(text)
        return web.json_response({"valid": not problems, "problems": problems})

    async def plan(self, request: web.Request) -> web.StreamResponse:
        """Return what saving a text would do: the lines, the sections, a restart or not.

        ``apart`` are the lines of each file if new secrets of the text go to secrets.yaml;
        null: there are none.
        """
        text, before = await self._wish(request)
        found, problems = await self._checked(text)
        secrets = self._secrets
        return web.json_response(
            {
                "valid": not problems,
                "problems": problems,
                "diff": [hiding.hide(line, secrets) for line in plan.diff(before, text)],
                "apart": None if found is None else await self._apart(text),
                **(plan.NOTHING if found is None else self._effect(found)),
            }
        )

    async def save(self, request: web.Request) -> web.StreamResponse:
        """Save a text that is valid; ``digest`` is that of the file it was made from."""
        text, before = await self._wish(request)
        body = await web.json_body(request)
        digest = body.get("digest")
        if digest != digest_of(before):
            message = f"{CONFIGURATION_FILE} was changed in the meantime; read it again"
            raise SettingRefused(message)
        if text == before:
            return web.json_response({"digest": digest, **plan.NOTHING})
        planned = None
        if body.get("apart") is True:
            planned = await self._writer.plan_text_apart(self._file, text)
        if planned is None:
            new = await self._writer.replace(self._file, before, text)
        else:
            new = await self._writer.carry_out(planned)
            text = planned.after.get(self._file, before)
        effect = self._effect(new)
        self._appliance.adopt(new)
        web.note(request, f"save {CONFIGURATION_FILE}")
        return web.json_response({"digest": digest_of(text), **effect})

    async def _apart(self, text: str) -> list[dict[str, Any]] | None:
        """Return the lines with new secrets in secrets.yaml; null: none can go there."""
        try:
            planned = await self._writer.plan_text_apart(self._file, text)
        except SettingRefused:
            return None  # a place that is shared, say: it is saved as it was typed
        return None if planned is None else plan.shown(planned, self._secrets)

    def _effect(self, after: Configuration) -> dict[str, Any]:
        return plan.effect(self._appliance.configuration, after, self._writer.catalogue)

    @property
    def _secrets(self) -> frozenset[str]:
        return self._appliance.configuration.secrets

    async def _read(self) -> str:
        return decode(await asyncio.to_thread(self._file.read_bytes))

    async def _wish(self, request: web.Request) -> tuple[str, str]:
        """Return the text that was sent, secrets restored, and the one that is there."""
        text = (await web.json_body(request)).get("text")
        if not isinstance(text, str):
            raise InvalidRequest("'text' is the whole file")
        before = await self._read()
        return hiding.restore(text, before, self._secrets), before

    async def _checked(self, text: str) -> tuple[Configuration | None, list[dict[str, Any]]]:
        try:
            return await self._writer.check({self._file: text}), []
        except ConfigurationError as error:
            return None, [self._problem(problem) for problem in error.problems]

    def _problem(self, problem: Problem) -> dict[str, Any]:
        secrets = self._secrets
        place = problem.place
        return {
            "file": place.file.name,
            "line": place.line,
            "column": place.column,
            "path": dotted(problem.path),
            "message": redact(problem.message, secrets),
            "hint": None if problem.hint is None else redact(problem.hint, secrets),
        }


def digest_of(text: str) -> str:
    """Return what says whether a text is still the one that was read."""
    return hashlib.sha256(text.encode()).hexdigest()
