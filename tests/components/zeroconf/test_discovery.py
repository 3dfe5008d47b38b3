"""Seen from outside: a real browser on loopback, a real search, a real request."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4
from xml.etree import ElementTree as ET

import pytest
from zeroconf import ServiceStateChange
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from appliance.bus import Bus
from appliance.components import zeroconf
from appliance.components.zeroconf import mdns as mdns_module
from appliance.components.zeroconf import ssdp
from appliance.core import Appliance
from appliance.domain.discovery import DISCOVERY
from appliance.identifiers import IDENTIFIERS
from tests.fakes import FakePrinter
from tests.serving import API_KEY, Running, serving
from tests.waiting import DEADLINE_S, deadline, eventually, eventually_answers

LOOPBACK = "127.0.0.1"
OCTOPRINT = "_octoprint._tcp.local."


@asynccontextmanager
async def announcing(
    folder: Path,
    name: str | None = None,
    hosts: Sequence[str] = ("0.0.0.0",),
    **options: object,
) -> AsyncIterator[Running]:
    """Run http, auth and zeroconf on loopback, as if the OctoPrint API were loaded."""
    folder.mkdir(exist_ok=True)
    name = name or uuid4().hex[:12]  # others may announce here at the same time
    config = {"interfaces": [LOOPBACK], "ssdp": False, **options}

    class Loaded:
        CONFIG_SCHEMA = zeroconf.CONFIG_SCHEMA

        @staticmethod
        async def async_setup(appliance: Appliance, config: dict[str, object]) -> None:
            appliance.configuration.appliance["name"] = name
            appliance.configuration.components["http"] = {"host": list(hosts)}
            appliance.configuration.components["octoprint_api"] = {}
            appliance.configuration.components["moonraker_api"] = {}
            await zeroconf.async_setup(appliance, config)

    printer = FakePrinter(Bus(), "ender3", "Ender 3")
    parts = [(Loaded, config)]
    async with serving(folder, printers=[printer], components=parts) as running:
        yield running


class Network:
    """What a browser sees."""

    def __init__(self, zeroconf_: AsyncZeroconf) -> None:
        self.zeroconf = zeroconf_
        self.names: dict[str, set[str]] = {}
        self.browsers: list[AsyncServiceBrowser] = []

    def browse(self, kind: str) -> set[str]:
        names = self.names.setdefault(kind, set())

        def seen(*, name: str, state_change: ServiceStateChange, **_: object) -> None:
            if state_change is ServiceStateChange.Removed:
                names.discard(name)
            else:
                names.add(name)

        browser = AsyncServiceBrowser(self.zeroconf.zeroconf, kind, handlers=[seen])
        self.browsers.append(browser)
        return names

    async def info(self, kind: str, name: str) -> AsyncServiceInfo:
        info = AsyncServiceInfo(kind, name)
        assert await info.async_request(self.zeroconf.zeroconf, DEADLINE_S * 1000)
        return info


@pytest.fixture
async def network() -> AsyncIterator[Network]:
    looking = Network(AsyncZeroconf(interfaces=[LOOPBACK]))
    yield looking
    for browser in looking.browsers:
        await browser.async_cancel()
    await looking.zeroconf.async_close()


def _has(names: set[str], name: str) -> bool:
    return name in names


async def test_a_browser_finds_what_slicers_and_home_assistant_read(
    tmp_path: Path, network: Network
) -> None:
    names = network.browse(OCTOPRINT)
    async with announcing(tmp_path / "config") as running:
        full_name = f"{running.appliance.name}.{OCTOPRINT}"
        await eventually(lambda: full_name in names)
        info = await network.info(OCTOPRINT, full_name)
        properties = info.decoded_properties
        assert properties["path"] == "/"
        assert properties["version"] == "1.11.8"
        uuid = running.appliance.use(IDENTIFIERS).of("ender3")
        assert properties["uuid"] == uuid
        assert info.parsed_addresses() == [LOOPBACK]
        assert running.url.endswith(f":{info.port}")
        for kind in ("_http._tcp.local.", "_moonraker._tcp.local."):
            others = network.browse(kind)
            await eventually(partial(_has, others, f"{running.appliance.name}.{kind}"))
    await eventually(lambda: full_name not in names, "goodbye")


async def test_what_is_not_heard_from_outside_is_not_announced(
    tmp_path: Path, network: Network, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    names = network.browse(OCTOPRINT)
    elsewhere = announcing(tmp_path / "one", hosts=["10.1.2.3"], ssdp=True)
    async with elsewhere as silent, announcing(tmp_path / "two") as heard:
        await eventually(lambda: f"{heard.appliance.name}.{OCTOPRINT}" in names)
        await eventually(lambda: "Nothing is announced" in caplog.text)
        assert f"{silent.appliance.name}.{OCTOPRINT}" not in names


async def test_a_name_that_is_taken_gets_a_number(tmp_path: Path, network: Network) -> None:
    name = uuid4().hex[:12]
    other = AsyncServiceInfo(
        OCTOPRINT,
        f"{name}.{OCTOPRINT}",
        port=1,
        server=f"{name}.local.",
        parsed_addresses=[LOOPBACK],
    )
    await (await network.zeroconf.async_register_service(other))
    names = network.browse(OCTOPRINT)
    async with announcing(tmp_path / "config", name):
        await eventually(lambda: f"{name}-2.{OCTOPRINT}" in names)


async def test_another_address_is_announced_anew(
    tmp_path: Path, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mdns_module, "LOOK_AT_ADDRESSES_S", 0.05)
    present = [LOOPBACK]
    monkeypatch.setattr(mdns_module, "own_addresses", lambda _wanted: tuple(present))
    names = network.browse(OCTOPRINT)
    async with announcing(tmp_path / "config") as running:
        full_name = f"{running.appliance.name}.{OCTOPRINT}"
        await eventually(lambda: full_name in names)
        present.append("127.0.0.2")

        async def both() -> str | None:
            info = AsyncServiceInfo(OCTOPRINT, full_name)
            await info.async_request(network.zeroconf.zeroconf, 3000)
            return next((a for a in info.parsed_addresses() if a == "127.0.0.2"), None)

        await eventually_answers(both)


async def test_gantrys_see_each_other(tmp_path: Path) -> None:
    async with announcing(tmp_path / "one") as one, announcing(tmp_path / "two") as two:
        uuid = two.appliance.use(IDENTIFIERS).appliance

        async def seen() -> bool:
            answer = await one.call(
                "GET", "/api/gantry/neighbours", headers={"X-Api-Key": API_KEY}
            )
            assert answer.status == 200
            assert one.appliance.use(IDENTIFIERS).appliance not in answer.text
            return any(n["properties"]["uuid"] == uuid for n in answer.json["neighbours"])

        await eventually_answers(seen)


async def test_services_of_others_are_found(tmp_path: Path, network: Network) -> None:
    name = uuid4().hex[:12]
    broker = AsyncServiceInfo(
        "_mqtt._tcp.local.",
        f"{name}._mqtt._tcp.local.",
        port=1883,
        server=f"{name}.local.",
        parsed_addresses=["127.0.0.9"],
    )
    await (await network.zeroconf.async_register_service(broker))
    async with announcing(tmp_path / "config") as running, deadline("the broker"):
        look = running.appliance.use(DISCOVERY)
        found = None
        while found is None:
            services = await look.browse("_mqtt._tcp", within_s=2.0)
            found = next((each for each in services if each.name == name), None)
        assert found.host == f"{name}.local"
        assert found.addresses == ("127.0.0.9",)
        assert found.port == 1883


async def test_a_search_leads_to_the_description(tmp_path: Path) -> None:
    async with announcing(tmp_path / "config", ssdp=True) as running:
        loop = asyncio.get_running_loop()
        answers: list[str] = []

        class Asking(asyncio.DatagramProtocol):
            def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
                answers.append(data.decode())

        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind((LOOPBACK, 0))
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(LOOPBACK))
        transport, _ = await loop.create_datagram_endpoint(Asking, sock=sock)
        search = (
            "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n"
            f'MAN: "ssdp:discover"\r\nMX: 1\r\nST: {ssdp.DEVICE}\r\n\r\n'
        )

        uuid = running.appliance.use(IDENTIFIERS).of("ender3")

        def ask() -> str | None:
            transport.sendto(search.encode(), (ssdp.GROUP, ssdp.PORT))
            return next((text for text in answers if uuid in text), None)  # others answer too

        text = await eventually(ask)
        assert text is not None
        transport.close()
        lines = text.split("\r\n")
        location = next(line for line in lines if line.startswith("LOCATION: "))[10:]
        path = location.removeprefix(running.url)
        answer = await running.call("GET", path)  # without any credential
        assert answer.status == 200
        device = ET.fromstring(answer.text)[1]
        named = {element.tag.rpartition("}")[2]: element.text for element in device}
        assert named["UDN"] == f"uuid:{uuid}"
        assert named["presentationURL"] == f"{running.url}/"
