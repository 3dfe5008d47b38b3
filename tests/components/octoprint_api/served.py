"""The API over real HTTP and real files, with printers and people in memory."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, cast

import aiohttp

from appliance.catalogue import Catalogue
from appliance.config import CONFIGURATION_FILE, load_configuration
from appliance.config.printing import build_profile
from appliance.config.validate import PROFILE_NAME
from appliance.config.write import CONFIGURATION_WRITER, ConfigurationWriter
from appliance.core import Appliance, ApplianceStarted, ConfigurationChanged, StopReason
from appliance.domain.auth import AUTH, Auth
from appliance.domain.file_events import AnalysisFinished
from appliance.domain.file_service import FILES, Files
from appliance.domain.job import JobPhase
from appliance.domain.machine import Link
from appliance.domain.printer import PRINTERS, Connection, Printers
from appliance.domain.serving import HttpListening
from tests.fakes import FakeAuth, FakePrinter
from tests.waiting import deadline, eventually

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
    analyses: list[str]  # paths of files
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

    async def analysed(self, path: str) -> None:
        """Wait until nothing more is found out about a file, which lists and printers show."""
        await eventually(lambda: path in self.analyses, f"{path} is analysed")


@asynccontextmanager
async def serve(folder: Path, *, count: int = 1, **options: Any) -> AsyncIterator[Served]:
    """Run the API with so many printers, and with further components and their options.

    The configuration is a real one, on the disk; its printers are stood in for.
    """
    file = folder / CONFIGURATION_FILE
    if not file.exists():
        entries = [{"id": f"printer{n}", "platform": "simulator"} for n in range(count)]
        plain = {
            "http": {"host": "127.0.0.1", "port": 0},
            "printer": entries[0] if count == 1 else entries,
            "file_manager": {"watch": False},
            "octoprint_api": {},
            **options,
        }
        file.write_text(json.dumps(plain, indent=1))  # JSON is YAML
    catalogue = Catalogue(folder)
    appliance = Appliance(load_configuration(folder, catalogue))
    appliance.paths.storage.mkdir(exist_ok=True)
    appliance.provide(CONFIGURATION_WRITER, ConfigurationWriter(folder, catalogue))
    printers = Printers()
    fakes = [FakePrinter(appliance.bus, e["id"]) for e in appliance.configuration.printers]
    for fake in fakes:
        printers.add(fake)
        _prefer(fake, appliance.configuration.printers)
    appliance.bus.listen(ConfigurationChanged, partial(_follow, fakes))
    appliance.provide(PRINTERS, printers)
    auth = FakeAuth()
    appliance.provide(AUTH, cast("Auth", auth))  # as much of it as is asked for here
    listening: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    appliance.bus.listen(HttpListening, lambda event: listening.set_result(event.url))
    analyses: list[str] = []
    appliance.bus.listen(AnalysisFinished, lambda event: analyses.append(event.file.path))
    try:
        components = appliance.configuration.components
        for domain in ("http", "file_manager", "webcam", "timelapse", "octoprint_api"):
            if domain in components:
                setup = catalogue.load(domain).async_setup
                await setup(appliance, components[domain])
        appliance.bus.fire(ApplianceStarted())
        async with deadline("HTTP answers"):
            url = await listening
        async with aiohttp.ClientSession() as session:
            yield Served(appliance, url, session, fakes, auth, analyses)
    finally:
        await appliance.stop(StopReason.TERMINATE)


def _prefer(fake: FakePrinter, entries: Iterable[Mapping[str, Any]]) -> None:
    entry = next(each for each in entries if each["id"] == fake.id)
    if "port" in entry:
        port, baudrate = (
            None if entry[key] == "auto" else entry[key] for key in ("port", "baudrate")
        )
        fake.preferred = Connection(port, baudrate)
    if "scripts" in entry:
        fake.scripts = {**fake.scripts, **entry["scripts"]}


def _follow(fakes: list[FakePrinter], event: ConfigurationChanged) -> None:
    """Do what the driver of a real printer does when its entry changes."""
    for fake in fakes:
        entries = event.configuration.printers
        entry = next(each for each in entries if each["id"] == fake.id)
        named = entry.get(PROFILE_NAME)
        config = entry["profile"]
        if named is not None:
            config = {"id": named, "name": named, **config}
        fake.profile = build_profile(config, fake.name)
        fake.name = entry.get("name", fake.name)
        _prefer(fake, entries)
