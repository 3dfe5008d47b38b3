"""S3, S5: which name reaches us, and who may say where a client is."""

from __future__ import annotations

import ipaddress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict, CIMultiDictProxy

from appliance.components.http.options import CONFIG_SCHEMA
from appliance.components.http.peers import FORWARDED, Peers, plain_address
from appliance.config.schema import vol
from appliance.config.validators import network
from appliance.web import HttpError
from tests.components.http.probes import ROUTES
from tests.serving import API_KEY, serving

OURS = [
    "localhost",
    "127.0.0.1:8080",
    "[::1]:8080",
    "192.168.1.20",
    "ender3",
    "ender3.local",
    "ENDER3.LOCAL.:80",
    "gantry.lan",
    "printers.example.com",
]
NOT_OURS = [
    "evil.example",
    "a.local.evil.example",
    "localhost.evil.example",
    "printers.example.com.evil",
    "192.168.1.20.evil.example",
]


@pytest.mark.parametrize("host", OURS)
async def test_s3_our_own_names_are_answered(tmp_path: Path, host: str) -> None:
    config = {"allowed_hosts": ["printers.example.com"]}
    async with serving(tmp_path, ROUTES, http=config) as running:
        answer = await running.call("GET", "/open", headers={"Host": host})
        assert answer.status == 200


@pytest.mark.parametrize("host", NOT_OURS)
async def test_s3_a_name_that_is_not_ours_is_refused(tmp_path: Path, host: str) -> None:
    async with serving(tmp_path, ROUTES) as running:
        for path in ("/open", "/api/state", "/chat"):
            answer = await running.call("GET", path, key=API_KEY, headers={"Host": host})
            assert answer.status == 421
        upgrade = {
            "Host": host,
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        }
        assert (await running.call("GET", "/chat", headers=upgrade)).status == 421


@pytest.mark.parametrize("name", FORWARDED)
async def test_s5_forwarded_headers_of_strangers_are_refused(
    tmp_path: Path, name: str
) -> None:
    async with serving(tmp_path, ROUTES) as running:
        answer = await running.call("GET", "/open", headers={name: "127.0.0.1"})
        assert answer.status == 400


async def test_s5_a_listed_proxy_says_where_the_client_is(tmp_path: Path) -> None:
    config = {"trusted_proxies": ["127.0.0.1", "10.0.0.0/8"]}
    async with serving(tmp_path, ROUTES, http=config) as running:
        headers = {
            "X-Forwarded-For": "203.0.113.66, 203.0.113.7, 10.1.2.3",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-Host": "ender3.local:8443",
            "X-Script-Name": "/gantry",
        }
        answer = await running.call("GET", "/gantry/open", headers=headers)
        told = answer.json
        assert told["address"] == "203.0.113.7"
        assert told["base"] == "/gantry"
        assert told["url"] == "https://ender3.local:8443/gantry/x"


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "not an address"},
        {"X-Forwarded-For": "203.0.113.7, "},
        {"X-Forwarded-Proto": "javascript"},
        {"X-Script-Name": "//evil.example"},
        {"X-Script-Name": "/a/../b\\"},
        {"X-Forwarded-Host": "a b"},
    ],
)
async def test_s5_nonsense_of_a_proxy_is_refused(
    tmp_path: Path, headers: dict[str, str]
) -> None:
    config = {"trusted_proxies": ["127.0.0.1"]}
    async with serving(tmp_path, ROUTES, http=config) as running:
        assert (await running.call("GET", "/open", headers=headers)).status == 400


async def test_s5_an_address_grants_nothing_by_itself(tmp_path: Path) -> None:
    config = {"trusted_proxies": ["127.0.0.1"]}
    async with serving(tmp_path, ROUTES, http=config) as running:
        headers = {"X-Forwarded-For": "127.0.0.1"}
        assert (await running.call("GET", "/api/state", headers=headers)).status == 403


def meet(peers: Peers, headers: dict[str, str]) -> tuple[str | None, int]:
    """Return the address of the peer, or the status of the refusal."""
    try:
        peer = peers.of(CIMultiDictProxy(CIMultiDict(headers)), "192.0.2.1", "http")
    except HttpError as error:
        return None, error.status
    return peer.address, 200


@given(st.text(max_size=40))
def test_no_host_header_breaks_the_check(host: str) -> None:
    address, status = meet(Peers((), ()), {"Host": host})
    assert status in (200, 400, 421)
    assert address in (None, "192.0.2.1")


@given(st.lists(st.text(max_size=15), max_size=4))
def test_no_chain_of_proxies_breaks_the_check(chain: list[str]) -> None:
    headers = {"Host": "localhost", "X-Forwarded-For": ",".join(chain)}
    address, status = meet(Peers([network("192.0.2.0/24")], ()), headers)
    assert status in (200, 400)
    if address is not None:
        ipaddress.ip_address(address)


@pytest.mark.parametrize(
    ("given_address", "plain"),
    [
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::1"),
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1"),
    ],
)
def test_addresses_have_one_form(given_address: str, plain: str) -> None:
    assert plain_address(given_address) == plain


@pytest.mark.parametrize(
    "origin", ["*", "http://", "evil", "http://a/b", "http://u@h", "ftp://h", "http://*.x"]
)
def test_s37_an_origin_is_exact(origin: str) -> None:
    with pytest.raises(vol.Invalid):
        CONFIG_SCHEMA({"cors_origins": [origin]})
