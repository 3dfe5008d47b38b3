"""Published clients of Moonraker, each from its own environment, against a whole appliance."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from appliance.domain.printer import PRINTERS
from appliance.web import HTTP
from tests.clients.environments import HERE, python_of
from tests.clients.test_clients import is_known, run
from tests.ports import free_port
from tests.waiting import eventually
from tests.whole import whole_appliance

# Making an environment takes its time once.
pytestmark = pytest.mark.timeout(400)

KEY = "the-key-of-these-tests-0123456789"
MOVES = "".join(f"G1 X{50 + n % 2 * 100} Y{50 + n % 3 * 40} F600\n" for n in range(400))


@pytest.fixture
def trusted() -> None:
    """Ask for a network that is trusted; see `urls`."""


TRUSTED = pytest.mark.usefixtures("trusted")


@pytest.fixture
async def urls(
    tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[tuple[str, str, str]]:
    """Run two printers; return the addresses of the first, the second, and its own port.

    Two of the clients cannot send a key over their websocket: for them the network is
    trusted.
    """
    trusted = (
        "[{network: 127.0.0.0/8, scope: admin}]" if "trusted" in request.fixturenames else "[]"
    )
    folder = tmp_path / "config"
    (folder / "gcodes").mkdir(parents=True)
    (folder / "gcodes" / "there.gcode").write_text("G28\nG1 Z5 F600\n" + MOVES)
    own = free_port()
    text = f"""\
http: {{host: 127.0.0.1, port: 0}}
auth:
  admin: admin
  password: the-password-of-these-tests
  api_key: {KEY}
  trusted_networks: {trusted}
printer:
  - {{id: one, platform: simulator, speed: 20}}
  - {{id: two, platform: simulator, speed: 20, http_port: {own}}}
moonraker_api:
"""
    async with whole_appliance(folder, text) as appliance:
        registry = appliance.use(PRINTERS)
        await eventually(lambda: all(p.snapshot.motion.position for p in registry))
        await eventually(lambda: all(is_known(p) for p in registry))
        url = appliance.use(HTTP).url
        yield url, f"{url}/printers/two", f"http://127.0.0.1:{own}"


async def program(client: str, name: str, *arguments: object) -> int:
    python = await asyncio.to_thread(python_of, client)
    output = await run(python, HERE / "programs" / f"{name}.py", *arguments)
    count: int = json.loads(output.splitlines()[-1])["different"]
    return count


@pytest.mark.parametrize("client", ["moonraker-api-2", "moonraker-api"])
@pytest.mark.parametrize("index", [0, 1])
async def test_moonraker_api(urls: tuple[str, str, str], client: str, index: int) -> None:
    if index == 1 and client == "moonraker-api-2":
        index = 2  # it knows no prefix, so the printer's own port is asked
    assert await program(client, "moonraker_api_all", urls[index], KEY, "there.gcode") >= 15


@TRUSTED
@pytest.mark.parametrize("index", [0, 1])
async def test_moonraker_client(
    urls: tuple[str, str, str], index: int, tmp_path: Path
) -> None:
    gcode = tmp_path / "long.gcode"
    gcode.write_text("G28\n" + MOVES)
    url = urls[2 if index else 0]
    assert await program("moonraker-client", "moonraker_client_all", url, KEY, gcode) >= 45


@TRUSTED
@pytest.mark.parametrize("index", [0, 2])
async def test_pymoonraker(urls: tuple[str, str, str], index: int, tmp_path: Path) -> None:
    gcode = tmp_path / "long.gcode"
    gcode.write_text("G28\n" + MOVES)
    assert await program("pymoonraker", "pymoonraker_all", urls[index], KEY, gcode) >= 35
