"""Phones in the computer's own Wi-Fi are sent to the page; everywhere else nothing changes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from appliance.components.host.own_network import OwnNetworkFile
from appliance.domain.host import OWN_NETWORK
from tests.components.http.probes import ROUTES
from tests.serving import API_KEY, Running, serving

# What asks right after joining a network, and by which name.
PROBES = [
    ("connectivitycheck.gstatic.com", "/generate_204"),  # Android
    ("captive.apple.com", "/hotspot-detect.html"),  # iOS, macOS
    ("www.msftconnecttest.com", "/connecttest.txt"),  # Windows 10 and later
    ("www.msftconnecttest.com", "/redirect"),
    ("www.msftncsi.com", "/ncsi.txt"),  # Windows before
    ("detectportal.firefox.com", "/success.txt?ipv4"),  # Firefox
    ("connectivity-check.ubuntu.com", "/"),  # Ubuntu
    ("nmcheck.gnome.org", "/check_network_status.txt"),  # NetworkManager
    ("example.com", "/api/state"),  # a page that somebody types
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "own-network"


@pytest.fixture
async def running(tmp_path: Path, file: Path) -> AsyncIterator[Running]:
    async with serving(tmp_path, ROUTES) as found:
        found.appliance.provide(OWN_NETWORK, OwnNetworkFile(file))
        yield found


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_probes_are_sent_to_the_page_while_and_only_while_our_network_is_there(
    running: Running, file: Path, method: str
) -> None:
    for host, path in PROBES:
        headers = {"Host": host}
        assert (await running.call(method, path, headers=headers)).status == 421, host
        file.write_text("127.0.0.1\n")
        answer = await running.call(method, path, headers=headers)
        assert answer.status == 302, host
        assert answer.headers["Location"] == f"http://127.0.0.1:{running.port}/"
        assert answer.headers["Cache-Control"] == "no-store"
        file.unlink()
        assert (await running.call(method, path, headers=headers)).status == 421, host


async def test_who_comes_in_by_another_network_meets_the_strict_check(
    running: Running, file: Path
) -> None:
    file.write_text("10.42.0.1\n")  # on the air, but we are asked at 127.0.0.1
    answer = await running.call("GET", "/generate_204", headers={"Host": "example.com"})
    assert answer.status == 421
    assert (await running.call("GET", "/api/gantry/captive")).status == 404


async def test_a_foreign_name_gets_nothing_but_the_way_to_the_page(
    running: Running, file: Path
) -> None:
    """DNS rebinding stays shut: no content, no answer to what changes anything."""
    file.write_text("127.0.0.1\n")
    evil = {"Host": "evil.example"}
    for path in ("/open", "/api/state", "/"):
        answer = await running.call("GET", path, key=API_KEY, headers=evil)
        assert (answer.status, answer.body) == (302, b"")
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        answer = await running.call(method, "/open", key=API_KEY, headers=evil)
        assert answer.status == 421, method
    assert (await running.call("GET", "/", headers={"Host": "a b"})).status == 400


async def test_our_own_names_are_answered_as_always(running: Running, file: Path) -> None:
    file.write_text("127.0.0.1\n")
    for host in ("10.42.0.1", "gantry", "gantry.local"):
        answer = await running.call("GET", "/open", headers={"Host": host})
        assert answer.status == 200


async def test_devices_may_ask_as_rfc_8908_has_it(running: Running, file: Path) -> None:
    file.write_text("127.0.0.1\n")
    answer = await running.call("GET", "/api/gantry/captive")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/captive+json"
    page = f"http://127.0.0.1:{running.port}/"
    assert answer.json == {"captive": True, "user-portal-url": page}


async def test_until_somebody_owns_it_the_way_leads_to_the_claim(
    tmp_path: Path, file: Path
) -> None:
    auth = {"first_run": "claim"}
    async with serving(tmp_path, ROUTES, auth=auth) as running:
        running.appliance.provide(OWN_NETWORK, OwnNetworkFile(file))
        file.write_text("127.0.0.1\n")
        for host, path in PROBES:
            answer = await running.call("GET", path, headers={"Host": host})
            assert answer.headers["Location"] == f"http://127.0.0.1:{running.port}/claim"


async def test_a_damaged_file_opens_nothing(running: Running, file: Path) -> None:
    for content in (b"", b"\n", b"\xff\xfe"):
        file.write_bytes(content)
        answer = await running.call("GET", "/generate_204", headers={"Host": "example.com"})
        assert answer.status == 421
