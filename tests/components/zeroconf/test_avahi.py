"""Announcing through a real avahi over a real bus, seen by avahi's own browser."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from appliance.components import zeroconf
from appliance.components.zeroconf import avahi as avahi_module
from appliance.components.zeroconf.avahi import Avahi
from appliance.components.zeroconf.records import Announced, Facts, Record, records
from appliance.core import Appliance
from appliance.domain.discovery import DISCOVERY
from tests.components.zeroconf.daemons import Daemons, daemons, needs_daemons
from tests.serving import API_KEY, serving
from tests.waiting import eventually, eventually_answers

pytestmark = needs_daemons()
UUID = "11111111-2222-3333-4444-555555555555"
OCTOPRINT = "_octoprint._tcp"


@pytest.fixture
async def system(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Daemons]:
    monkeypatch.setattr(avahi_module, "TRY_AGAIN_S", 0.1)
    # The path of a socket has to be short.
    with tempfile.TemporaryDirectory() as folder:
        async with daemons(Path(folder)) as made:
            monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", made.address)
            yield made


def services(name: str = "Ender 3", port: int = 8080) -> tuple[Record, ...]:
    printer = Announced("ender3", "Ender 3", UUID, port, "/")
    return tuple(records(Facts(name, UUID, port, [printer])))


@asynccontextmanager
async def announcing(told: Sequence[Record]) -> AsyncIterator[Avahi]:
    made = Avahi((), ipv6=True)
    work = asyncio.create_task(made.run(told))
    try:
        yield made
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


async def names(system: Daemons, kind: str = OCTOPRINT) -> set[str]:
    return set(await system.announced(kind))


async def test_a_printer_is_announced_and_taken_back(system: Daemons) -> None:
    async with announcing(services()) as gantry:
        # Neither the bus nor the daemon are there yet.
        await system.start_bus()
        await system.start_avahi()
        await eventually_answers(lambda: _is(system, {"Ender 3"}))
        host, port, texts = await _announced(system, "Ender 3")
        assert (host, port) == ("workshop.local", "8080")  # the machine's own name
        assert f'"uuid={UUID}"' in texts
        assert '"path=/"' in texts
        await eventually_answers(lambda: _is(system, {"Ender 3"}, "_http._tcp"))
        found = await eventually_answers(partial(gantry.browse, OCTOPRINT, within_s=0.3))
        assert [(each.name, each.port) for each in found] == [("Ender 3", 8080)]
        assert found[0].properties["uuid"] == UUID
        assert gantry.neighbours == {}  # that is ourselves
    await eventually_answers(lambda: _is(system, set()))


async def test_a_name_that_is_taken_gets_a_number(system: Daemons) -> None:
    await system.start_bus()
    await system.start_avahi()
    async with announcing(services()) as first:
        await eventually_answers(lambda: _is(system, {"Ender 3"}))
        async with announcing(services(port=9090)) as second:
            await eventually_answers(lambda: _is(system, {"Ender 3", "Ender 3 #2"}))
            assert (await _announced(system, "Ender 3 #2"))[1] == "9090"
            await eventually(
                lambda: [each.port for each in first.neighbours.values()] == [9090]
            )
            await eventually(
                lambda: [each.port for each in second.neighbours.values()] == [8080]
            )
        await eventually(lambda: not first.neighbours)


async def test_a_daemon_that_comes_back_is_told_again(system: Daemons) -> None:
    await system.start_bus()
    await system.start_avahi()
    async with announcing(services()):
        await eventually_answers(lambda: _is(system, {"Ender 3"}))
        await system.stop("avahi")
        await system.start_avahi()
        await eventually_answers(lambda: _is(system, {"Ender 3"}))
        # The bus, and with it the daemon, which ends without one.
        await system.stop("bus")
        await system.stop("avahi")
        await system.start_bus()
        await system.start_avahi()
        await eventually_answers(lambda: _is(system, {"Ender 3"}))


async def test_the_component_with_avahi(tmp_path: Path, system: Daemons) -> None:
    await system.start_bus()
    await system.start_avahi()
    for hosts, told in ((["0.0.0.0"], {"Test"}), (["127.0.0.1"], set())):

        class Loaded:
            CONFIG_SCHEMA = zeroconf.CONFIG_SCHEMA

            @staticmethod
            async def async_setup(
                appliance: Appliance, config: dict[str, object], hosts: list[str] = hosts
            ) -> None:
                appliance.configuration.components["http"] = {"host": hosts}
                await zeroconf.async_setup(appliance, config)

        parts = [(Loaded, {"backend": "avahi", "ssdp": False})]
        async with serving(tmp_path, components=parts) as running:
            discovery = running.appliance.use(DISCOVERY)
            assert isinstance(discovery, Avahi)
            await eventually(lambda: discovery._announced)  # noqa: B023
            await eventually_answers(partial(_is, system, told, "_http._tcp"))
            answer = await running.call("GET", "/api/gantry/neighbours", key=API_KEY)
            assert answer.json == {"neighbours": []}


async def _announced(system: Daemons, name: str) -> tuple[str, str, str]:
    """Return host, port and TXT of a service, which may be looked for more than once."""

    async def look() -> tuple[str, str, str] | None:
        return (await system.announced(OCTOPRINT)).get(name)

    found = await eventually_answers(look, f"{name} is announced")
    assert found is not None
    return found


async def _is(system: Daemons, wanted: set[str], kind: str = OCTOPRINT) -> bool:
    return await names(system, kind) == wanted
