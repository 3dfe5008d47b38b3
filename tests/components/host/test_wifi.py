"""Wi-Fi from the page: the routes, the helper's verbs, and what is written down for root."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from appliance.domain.wifi import WifiWish
from appliance.errors import InvalidRequest
from image.host_helper.verbs import Refused, obey
from image.host_helper.wifi import Wifi
from tests.components.host.test_host import helping, running

AROUND = (
    "776F726B73686F70:40:WPA2\n"  # workshop, twice: two access points
    "776F726B73686F70:78:WPA2\n"
    "636166C3A9:55:WPA2 WPA3\n"  # café
    "6F70656E:90:\n"
    ":99:WPA2\n"  # hidden
    "FFFE:99:WPA2\n"  # no text
    "nonsense\n"
)
JOINED = "wlan0:wifi:connected:Wi-Fi at home\\: 2\neth0:ethernet:unavailable:\n"
ON_THE_AIR = "wlan0:wifi:connected:gantry-access-point\n"
KNOWN = (
    "Wi-Fi at home\\: 2:802-11-wireless\nWired:802-3-ethernet\n"
    "gantry-access-point:802-11-wireless\n"
)


class Nmcli:
    """Answers as nmcli and systemctl do."""

    def __init__(self, device: str = JOINED, around: str = AROUND) -> None:
        self.device, self.around = device, around
        self.unit = "inactive"
        self.asked: list[Sequence[str]] = []

    def __call__(self, words: Sequence[str]) -> str:
        self.asked.append(words)
        if words[1] == "show":
            return f"ActiveState={self.unit}\n"
        if words[-1] == "device":
            return self.device
        if words[-1] == "connection":
            return KNOWN
        return self.around if "list" in words else ""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "wifi").mkdir()
    return tmp_path / "wifi"


def wifi(nmcli: Nmcli, folder: Path) -> Wifi:
    return Wifi(nmcli, folder, folder.parent)


def look(nmcli: Nmcli, folder: Path, verb: str = "look") -> dict[str, Any]:
    found: dict[str, Any] = obey(f"wifi {verb}", nmcli, wifi(nmcli, folder)).answer["wifi"]
    return found


class TestVerbs:
    def test_what_is_around_is_told_each_network_once(self, folder: Path) -> None:
        (folder.parent / "regdomain").write_text("DE\n")
        nmcli = Nmcli()
        found = look(nmcli, folder)
        assert found["seen"] == [
            {"ssid": "open", "signal": 90, "security": None},
            {"ssid": "workshop", "signal": 78, "security": "WPA2"},
            {"ssid": "café", "signal": 55, "security": "WPA2 WPA3"},
        ]
        assert (found["device"], found["ssid"], found["country"]) == (
            "wlan0",
            "at home: 2",
            "DE",
        )
        assert found["known"] == ["at home: 2"]
        assert nmcli.asked[1][-1] == "no"
        look(nmcli, folder, "scan")
        assert nmcli.asked[-3][-1] == "yes"

    def test_while_our_own_network_is_there_the_list_from_before_counts(
        self, folder: Path
    ) -> None:
        (folder / "around").write_text("776F726B73686F70:40:WPA2\n")
        found = look(Nmcli(ON_THE_AIR, "67616E747279:100:WPA2\n"), folder)
        assert found["access_point"]
        assert found["ssid"] is None
        assert [each["ssid"] for each in found["seen"]] == ["workshop"]

    def test_a_computer_without_a_radio(self, folder: Path) -> None:
        assert look(Nmcli("eth0:ethernet:connected:Wired\n"), folder)["device"] is None

    def test_a_wish_is_written_down_for_root_alone(self, folder: Path) -> None:
        nmcli = Nmcli()
        wish = {"ssid": "café", "password": "geheim-1234", "country": "DE", "evil": "x"}
        obey(f"wifi join {json.dumps(wish)}", nmcli, wifi(nmcli, folder))
        request = folder / "request.json"
        assert request.stat().st_mode & 0o777 == 0o600
        del wish["evil"]
        assert json.loads(request.read_text()) == {"do": "join", "hidden": False, **wish}
        assert nmcli.asked[-1][1:] == ["--no-block", "start", "gantry-wifi.service"]
        assert "geheim" not in str(nmcli.asked)

    def test_one_at_a_time(self, folder: Path) -> None:
        nmcli = Nmcli()
        nmcli.unit = "activating"
        with pytest.raises(Refused, match="already"):
            obey('wifi join {"ssid": "x"}', nmcli, wifi(nmcli, folder))
        assert not (folder / "request.json").exists()

    @pytest.mark.parametrize(
        ("wish", "message"),
        [
            ('forget {"ssid": "at home: 2"}', "in use"),
            ('forget {"ssid": "elsewhere"}', "not known"),
            ('join {"ssid": 7}', "a text"),
            (json.dumps({"ssid": "x" * 200}).join(["join ", ""]), "a text"),
            ("join", "nothing that can be wished"),
            ("join [1]", "nothing that can be wished"),
            ("join {", "nothing that can be wished"),
            ("look now", "nothing that can be wished"),
            ('off {"ssid": "x"}', "nothing that can be wished"),
        ],
    )
    def test_everything_else_is_refused(self, folder: Path, wish: str, message: str) -> None:
        nmcli = Nmcli()
        with pytest.raises(Refused, match=message):
            obey(f"wifi {wish}", nmcli, wifi(nmcli, folder))
        assert "start" not in [word for words in nmcli.asked for word in words]


@pytest.mark.parametrize(
    "wish",
    [
        {"ssid": ""},
        {"ssid": "x" * 33},
        {"ssid": "a\nb"},
        {"ssid": "x", "password": "short"},
        {"ssid": "x", "password": "x" * 64},
        {"ssid": "x", "password": "tab\tin it..."},
        {"ssid": "x", "country": "Germany"},
    ],
)
def test_nonsense_never_leaves_the_core(wish: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest):
        WifiWish(**wish)


def test_a_wish_does_not_show_its_password() -> None:
    assert "geheim" not in repr(WifiWish("x", "geheim-1234"))


async def test_the_page_looks_around_and_joins(
    tmp_path: Path,
    folder: Path,
    unused_tcp_port: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    nmcli = Nmcli()
    monkeypatch.setattr(
        "image.host_helper.verbs.Wifi", lambda run: Wifi(run, folder, folder.parent)
    )
    path = tmp_path / "helper"
    with helping(path, nmcli):
        async with running(tmp_path / "config", unused_tcp_port, path) as (_, client):
            async with client.get("/api/gantry/wifi") as answer:
                state = await answer.json()
            assert state["supported"]
            assert state["seen"][0] == {"ssid": "open", "signal": 90, "security": None}
            body = {"ssid": "café", "password": "geheim-1234", "country": "de"}
            async with client.post("/api/gantry/wifi/join", json=body) as answer:
                assert (answer.status, await answer.json()) == (202, {"trying": True})
            written = await asyncio.to_thread((folder / "request.json").read_text)
            assert json.loads(written)["country"] == "DE"
            ended = {"ssid": "café", "joined": False, "reason": "wrong", "back": "at home",
                     "ended_at": 1.0}  # fmt: skip
            (folder / "ended.json").write_text(json.dumps(ended))
            async with client.post("/api/gantry/wifi/scan") as answer:
                assert (await answer.json())["attempt"] == ended
            for wrong in ({"ssid": "x", "password": "short"}, {"ssid": 7}, {}):
                async with client.post("/api/gantry/wifi/join", json=wrong) as answer:
                    assert answer.status == 400, wrong
            forget = {"ssid": "at home: 2"}
            async with client.post("/api/gantry/wifi/forget", json=forget) as answer:
                assert answer.status == 409
    assert "geheim" not in caplog.text


async def test_elsewhere_the_page_says_that_the_wifi_is_not_ours(
    tmp_path: Path, unused_tcp_port: int
) -> None:
    nobody = tmp_path / "nobody"
    async with running(tmp_path / "config", unused_tcp_port, nobody) as (_, client):
        async with client.get("/api/gantry/wifi") as answer:
            state = await answer.json()
        assert state["supported"] is False
        assert "SD-card image only" in state["because"]
        async with client.post("/api/gantry/wifi/join", json={"ssid": "x"}) as answer:
            assert answer.status == 409
