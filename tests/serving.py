"""A real server on a real port for tests: the components http and auth, and your routes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import orjson
from multidict import CIMultiDictProxy

from appliance.components import auth as auth_component
from appliance.components import http as http_component
from appliance.config import Configuration
from appliance.config.schema import vol
from appliance.core import Appliance, ApplianceStarted, StopReason
from appliance.domain.auth import AUTH, Auth
from appliance.domain.printer import PRINTERS, Printer, Printers
from appliance.domain.serving import HttpListening
from appliance.logs import REDACTOR, Redactor
from appliance.web import HTTP, HttpServer, Route
from tests.waiting import eventually

API_KEY = "test-key-of-the-admin-0123456789"
PASSWORD = "correct horse battery staple"


@dataclass(slots=True)
class Running:
    """An appliance that answers, and a client for it (without cookies)."""

    appliance: Appliance
    client: aiohttp.ClientSession
    url: str
    key: str = API_KEY

    @property
    def auth(self) -> Auth:
        return self.appliance.use(AUTH)

    @property
    def http(self) -> HttpServer:
        return self.appliance.use(HTTP)

    @property
    def printers(self) -> Printers:
        return self.appliance.use(PRINTERS)

    @property
    def port(self) -> int:
        return self.http.ports[0]

    async def call(
        self,
        method: str,
        path: str,
        *,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Answer:
        """Ask something and read the whole answer."""
        sent = dict(headers or {})
        if key is not None:
            sent["X-Api-Key"] = key
        async with self.client.request(
            method, self.url + path, headers=sent, allow_redirects=False, **options
        ) as response:
            body = await response.read()
            return Answer(response.status, response.headers, body)


@dataclass(slots=True)
class Answer:
    """What came back."""

    status: int
    headers: CIMultiDictProxy[str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


@asynccontextmanager
async def serving(
    directory: Path,
    routes: Iterable[Route] = (),
    *,
    http: Mapping[str, Any] | None = None,
    auth: Mapping[str, Any] | None = None,
    printers: Sequence[Printer] = (),
    entries: Sequence[dict[str, Any]] = (),
    components: Sequence[tuple[Any, Mapping[str, Any] | Sequence[Any]]] = (),
) -> AsyncIterator[Running]:
    """Set up http and auth (and ``components``: module and configuration), and serve."""
    appliance = Appliance(Configuration(directory, {"name": "Test"}, tuple(entries)))
    appliance.provide(REDACTOR, Redactor())
    registry = Printers()
    for printer in printers:
        registry.add(printer)
    appliance.provide(PRINTERS, registry)
    http_config = {"host": "127.0.0.1", "port": 0, **(http or {})}
    auth_config = {"api_key": API_KEY} if auth is None else auth
    answers: list[str] = []
    appliance.bus.listen(HttpListening, lambda event: answers.append(event.url))
    try:
        for component, config in (
            (http_component, http_config),
            (auth_component, auth_config),
            *components,
        ):
            checked = vol.Schema(component.CONFIG_SCHEMA)(copy(config))
            await component.async_setup(appliance, checked)
        appliance.use(HTTP).add_routes(routes)
        appliance.bus.fire(ApplianceStarted())
        await eventually(lambda: answers)
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as client:
            yield Running(appliance, client, answers[0])
    finally:
        await appliance.stop(StopReason.TERMINATE)
