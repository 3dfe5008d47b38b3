"""The API over real HTTP and real files, with printers and people in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import aiohttp

from appliance.components import http, octoprint_api, timelapse, webcam
from appliance.components.file_manager import component as file_manager_component
from appliance.config import Configuration
from appliance.core import Appliance, ApplianceStarted, StopReason
from appliance.domain.files import FILES, Files
from appliance.domain.job import JobPhase
from appliance.domain.machine import Link
from appliance.domain.printer import PRINTERS, Printers
from appliance.domain.serving import HttpListening
from appliance.domain.users import AUTH, Auth
from tests.fakes import FakeAuth, FakePrinter
from tests.waiting import deadline

GCODE = b"G28\nG1 X10 F3000\n"
KEY = {"X-Api-Key": "admin-key"}


@dataclass
class Answer:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    text: str
    json: Any = None


@dataclass
class Served:
    """A running API and the hands of a client."""

    appliance: Appliance
    url: str
    session: aiohttp.ClientSession
    printers: list[FakePrinter]
    auth: FakeAuth
    headers: dict[str, str] = field(default_factory=lambda: dict(KEY))

    @property
    def printer(self) -> FakePrinter:
        return self.printers[0]

    @property
    def files(self) -> Files:
        return self.appliance.use(FILES)

    def phase(self) -> JobPhase:
        return self.printer.snapshot.phase

    def link(self) -> Link:
        return self.printer.snapshot.link

    async def call(self, method: str, path: str, **options: Any) -> Answer:
        headers = {**self.headers, **options.pop("headers", {})}
        async with self.session.request(
            method, self.url + path, headers=headers, allow_redirects=False, **options
        ) as response:
            text = await response.text(errors="replace")
            json = await response.json() if response.content_type.endswith("json") else None
            return Answer(response.status, response.headers, text, json)

    async def get(self, path: str, **options: Any) -> Answer:
        return await self.call("GET", path, **options)

    async def post(self, path: str, json: Any = None, **options: Any) -> Answer:
        if json is not None:
            options["json"] = json
        return await self.call("POST", path, **options)

    async def upload(
        self,
        name: str,
        content: bytes = GCODE,
        *,
        location: str = "local",
        prefix: str = "",
        fields: Mapping[str, str] | None = None,
        **more: str,
    ) -> Answer:
        form = aiohttp.FormData(quote_fields=False)
        for field_name, value in {**(fields or {}), **more}.items():
            form.add_field(field_name, value)
        form.add_field("file", content, filename=name)
        return await self.call("POST", f"{prefix}/api/files/{location}", data=form)


@asynccontextmanager
async def serve(folder: Path, *, count: int = 1, **components: Any) -> AsyncIterator[Served]:
    """Run the API with so many printers, and with further components and their options."""
    entries = tuple({"id": f"printer{n}", "platform": "fake"} for n in range(count))
    configuration = Configuration(folder, {"name": "Ender 3"}, entries)
    appliance = Appliance(configuration)
    appliance.paths.storage.mkdir(exist_ok=True)
    printers = Printers()
    fakes = [FakePrinter(appliance.bus, entry["id"]) for entry in entries]
    for fake in fakes:
        printers.add(fake)
    appliance.provide(PRINTERS, printers)
    auth = FakeAuth()
    appliance.provide(AUTH, cast("Auth", auth))  # as much of it as is asked for here
    listening: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    appliance.bus.listen(HttpListening, lambda event: listening.set_result(event.url))
    try:
        config = http.CONFIG_SCHEMA({"host": "127.0.0.1", "port": 0})
        await http.async_setup(appliance, config)
        config = file_manager_component.CONFIG_SCHEMA({"watch": False})
        await file_manager_component.async_setup(appliance, config)
        for name, module in (("webcam", webcam), ("timelapse", timelapse)):
            if name in components:
                await module.async_setup(appliance, module.CONFIG_SCHEMA(components[name]))
        settings = octoprint_api.CONFIG_SCHEMA(components.get("octoprint_api", {}))
        await octoprint_api.async_setup(appliance, settings)
        appliance.bus.fire(ApplianceStarted())
        async with deadline("HTTP answers"):
            url = await listening
        async with aiohttp.ClientSession() as session:
            yield Served(appliance, url, session, fakes, auth)
    finally:
        await appliance.stop(StopReason.TERMINATE)
