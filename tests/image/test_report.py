"""gantry-report.txt: the last five starts, and what was seen of network and printer."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from image.first_boot.access_point import AccessPoint
from image.first_boot.host import Host
from image.first_boot.in_force import write_in_force
from image.first_boot.keyfile import Wifi
from image.first_boot.later import Sight
from image.first_boot.outcome import Outcome
from image.first_boot.report import FILE, MAX_BYTES, write_report
from tests.end_to_end.running import running
from tests.image.cards import Card

FAILED = (
    "<info>  [1.0] device (wlan0): state change: config -> need-auth (reason 'none')\n"
    "<info>  [2.0] device (wlan0): state change: need-auth -> failed (reason '{}', "
    "managed-type: 'full')\n"
)
# As NetworkManager 1.52 says it of a router with WPA3 and a wrong password.
REFUSED = (
    "<info>  [1.0] device (wlan0): supplicant interface state: scanning -> authenticating\n"
    "<info>  [1.1] device (wlan0): supplicant interface state: authenticating "
    "-> disconnected\n"
    "<warn>  [2.0] device (wlan0): Activation: (wifi) association took too long, failing "
    "activation\n"
    "<info>  [2.1] device (wlan0): state change: config -> failed (reason 'ssid-not-found', "
    "managed-type: 'full')\n"
)
DEVICES = "wlan0:wifi:{}\neth0:ethernet:{}\nlo:loopback:connected (externally):lo\n"
ADDRESSES = [
    {"ifname": "lo", "addr_info": [{"local": "127.0.0.1"}, {"local": "::1"}]},
    {"ifname": "eth0", "addr_info": [{"local": "fe80::1"}]},
    {
        "ifname": "wlan0",
        "addr_info": [{"local": "fd00::5"}, {"local": "fe80::2"}, {"local": "192.168.1.7"}],
    },
]
HEALTH = {"printers": [{"id": "a", "name": "Ender", "link": "online", "fault": None}]}
PRINTER = {"connection": {"port": "/dev/ttyUSB0"}}
NO_WIFI = DEVICES.format("disconnected:", "unavailable:")


CLAIMABLE = """\
http: {{host: 127.0.0.1, port: {port}}}
auth: {{first_run: claim, code_file: {file}}}
gantry_api:
printer: {{id: cube, name: Cube, platform: simulator}}
"""
IMAGE = Path(__file__).parent.parent.parent / "image"


class System:
    """A system that answers what it is told to."""

    def __init__(self, answers: Mapping[str, str | None]) -> None:
        self.answers = dict(answers)
        self.asked: list[Sequence[str]] = []

    def __call__(self, words: Sequence[str]) -> str | None:
        self.asked.append(words)
        return self.answers.get(words[0] if words[0] != "nmcli" else "nmcli " + words[-1], "")


def seen(card: Card, answers: Mapping[str, str | None], core: Mapping[str, Any]) -> str:
    sight = Sight(
        System(answers),
        core.get,
        Host(card.system),
        card.config,
        card.root / "claim",
        card.root / "by-id",
        card.root / "data-missing",
    )
    return "\n".join(sight.lines(30))


def core(**health: Any) -> dict[str, Any]:
    return {
        "/api/gantry/health": {**HEALTH, **health},
        "/printers/a/api/gantry/printer": PRINTER,
    }


def test_the_way_to_the_page_and_the_printer_are_told(card: Card) -> None:
    card.put("hostname: ender3\nwifi: {ssid: 'my: net', password: geheim12}\n")
    card.start()
    system = {
        "nmcli device": DEVICES.format(r"connected:Wi-Fi my\: net", "unavailable:"),
        "ip": json.dumps(ADDRESSES),
    }
    text = seen(card, system, core())
    assert "Wi-Fi (wlan0): connected to 'my: net', 192.168.1.7, fd00::5" in text
    assert "cable (eth0): no cable is plugged in" in text
    assert "  http://ender3.local\n  http://192.168.1.7\n  http://[fd00::5]\n" in text
    assert "Ender: connected, at /dev/ttyUSB0" in text
    assert "fe80" not in text
    assert "USB ports" not in text


def test_an_update_that_was_undone_is_told(card: Card) -> None:
    outcome = {"result": "rolled_back", "version": "1.2.0", "reason": "it did\nnot answer"}
    updates = {"/api/gantry/updates": {"running": "1.1.0", "outcome": outcome}}
    text = seen(card, {}, core() | updates)
    assert "Gantry 1.2.0 was not well, so 1.1.0 runs:\n  it did not answer\n" in text
    outcome["result"] = "installed"
    assert "1.2.0" not in seen(card, {}, core() | updates)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("no-secrets", "the password is wrong"),
        ("ssid-not-found", "no network of this name is in reach"),
        ("ip-config-unavailable", "the router gave no address"),
        ("supplicant-disconnect", "wpa3"),
        ("something-new", "something-new"),
    ],
)
def test_why_there_is_no_wifi_is_told_in_words(card: Card, reason: str, words: str) -> None:
    card.put("wifi: {ssid: a, password: geheim12}\n")
    card.start()
    log = FAILED.format("dhcp-failed") + FAILED.format(reason)
    text = seen(card, {"nmcli device": NO_WIFI, "journalctl": log}, core())
    assert "Wi-Fi (wlan0): NOT connected: " in text
    assert words in text


def test_a_router_that_refuses_us_is_in_reach(card: Card) -> None:
    card.put("wifi: {ssid: a, password: geheim12}\n")
    card.start()
    not_there = FAILED.format("ssid-not-found")
    for log, words in (
        (not_there + REFUSED, "the password is wrong"),
        (REFUSED + not_there, "no network of this name"),
        (REFUSED.replace("wlan0", "wlan1") + not_there, "no network of this name"),
        (not_there + "".join(REFUSED.splitlines(keepends=True)[:2]), "the password is wrong"),
    ):
        text = seen(card, {"nmcli device": NO_WIFI, "journalctl": log}, core())
        assert f"NOT connected: {words}" in text


def test_a_network_that_is_not_on_the_air_is_told_with_those_that_are(card: Card) -> None:
    """NetworkManager does not even try it, so its journal has nothing, or others' failures."""
    card.put("wifi: {ssid: a, password: geheim12}\n")
    card.start()
    other = (
        f"device (wlan0): Activation: starting connection 'Wi-Fi b' ({Wifi('b', None).uuid})"
    )
    around = "\n".join(
        f"{name.encode().hex()}:{signal}:WPA2"
        for name, signal in (("Garten", 30), ("Zuhause: 2", 90), ("x\n\x1b", 10), ("", 99))
    )
    on_air = {"nmcli yes": f"{around}\nnonsense\nzz:1:\n"}
    for log in (
        "",
        f"{other}\n{FAILED.format('no-secrets')}",
        FAILED.format("ssid-not-found"),
    ):
        system = {"nmcli device": NO_WIFI, "journalctl": log, **on_air}
        text = seen(card, system, core())
        assert "NOT connected: no network of this name is in reach: check the name" in text
        assert "; in reach: 'Zuhause: 2', 'Garten', 'x??'\n" in text
    card.put("wifi: {ssid: Garten, password: geheim12}\n")
    card.start()
    assert "NOT connected: still trying" in seen(
        card, {"nmcli device": NO_WIFI, **on_air}, core()
    )
    card.put("wifi: {ssid: a, hidden: true, password: geheim12}\n")
    card.start()
    assert "in reach" not in seen(card, {"nmcli device": NO_WIFI, **on_air}, core())


def test_a_missing_country_is_told_where_it_may_be_the_reason(card: Card) -> None:
    log = FAILED.format("ssid-not-found")
    system = {"nmcli device": NO_WIFI, "journalctl": log}
    card.put("wifi: {ssid: a, password: geheim12}\n")
    assert any("no country is set" in note for note in card.start().notes)
    assert "and no country is set for the Wi-Fi" in seen(card, system, core())
    card.put("wifi: {ssid: a, password: geheim12, country: DE}\n")
    assert not any("country" in note for note in card.start().notes)
    assert "country" not in seen(card, system, core())


def test_without_wifi_in_the_file_it_is_not_called_a_failure(card: Card) -> None:
    assert "no network is configured" in seen(card, {"nmcli device": NO_WIFI}, core())


def test_the_ports_are_listed_when_no_printer_answers(card: Card) -> None:
    missing = {
        **HEALTH["printers"][0],
        "link": "failed",
        "fault": {"message": "no such port", "advice": None},
    }
    (card.root / "by-id").mkdir()
    text = seen(card, {}, core(printers=[missing]))
    assert "Ender: the connection has failed, at /dev/ttyUSB0 (no such port)" in text
    assert "nothing that could be a printer is plugged in" in text
    (card.root / "by-id/usb-1a86-port0").touch()
    text = seen(card, {}, core(printers=[missing]))
    assert f"  {card.root}/by-id/usb-1a86-port0" in text


def test_the_code_is_told_until_somebody_has_claimed(card: Card) -> None:
    claim = card.root / "claim"
    claim.write_text("Gantry\nOpen http://x/claim and enter the code\n\n    ABCD2345\n")
    assert "/claim and enter the code ABCD2345" in seen(card, {}, core())
    claim.unlink()
    assert "claim" not in seen(card, {}, core())


def test_the_last_words_are_told_when_nobody_answers(card: Card) -> None:
    text = seen(card, {"journalctl": "first\nCannot start: the disk is full\n"}, {})
    assert "Gantry itself does not answer" in text
    assert "  Cannot start: the disk is full" in text


def test_missing_data_are_told_even_when_nobody_answers(card: Card) -> None:
    assert "data partition" not in seen(card, {}, {})
    (card.root / "data-missing").touch()
    assert "The computer: The card's data partition is missing" in seen(card, {}, {})


def test_troubles_of_the_computer_are_told(card: Card) -> None:
    text = seen(card, {}, core(troubles=[{"id": "too_hot", "text": "It is too hot."}]))
    assert "The computer:\n  It is too hot." in text


def test_parts_that_failed_are_told(card: Card) -> None:
    text = seen(card, {}, core(failed_components={"mqtt": "no broker"}))
    assert "  mqtt: no broker" in text


class TestFile:
    def test_five_starts_are_kept_the_newest_first(self, card: Card) -> None:
        for _ in range(7):
            card.start()
        heads = [line for line in card.report.splitlines() if line.startswith("=== Start")]
        assert [line.split(",")[0] for line in heads] == [
            f"=== Start {number}" for number in (7, 6, 5, 4, 3)
        ]

    def test_a_start_without_the_data_of_those_before_comes_first_and_says_so(
        self, card: Card
    ) -> None:
        for _ in range(7):
            card.start()
        assert "nothing is left" not in card.report
        shutil.rmtree(card.system)
        shutil.rmtree(card.config)
        card.config.mkdir()
        card.start()
        first, second = card.report.split("=== Start ")[1:3]
        assert first.startswith("8,")
        assert "nothing is left of the starts before this one" in first
        assert second.startswith("7,")
        card.start()
        assert "nothing is left" not in card.report.split("=== Start ")[1]

    def test_a_number_that_nobody_can_have_reached_is_none(self, card: Card) -> None:
        card.put(f"=== Start {'9' * 5000}, never ===\n", "gantry-report.txt")
        card.start()
        assert "=== Start 1," in card.report

    def test_notepad_shows_it_well(self, card: Card) -> None:
        card.start()
        content = (card.boot / FILE).read_bytes()
        assert content.startswith(b"\xef\xbb\xbfGantry")
        assert content.count(b"\r\n") == content.count(b"\n")

    def test_later_parts_take_the_place_of_earlier_ones(self, card: Card) -> None:
        write_report(card.boot, Outcome("1", 4, applied=["name: a"]))
        write_report(card.boot, Outcome("1", 5), ["--- 30 seconds ---"])
        write_report(card.boot, Outcome("1", 5), ["--- 120 seconds ---"])
        assert card.report.count("=== Start 5") == 1
        assert "30 seconds" not in card.report
        assert "name: a" in card.report

    def test_it_stays_small_whatever_is_wrong(self, card: Card) -> None:
        for number in range(9):
            write_report(card.boot, Outcome("1", number, problems=["x" * 99_999]))
        assert (card.boot / FILE).stat().st_size < MAX_BYTES
        assert "=== Start 8" in card.report

    @pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"=== Start x", b"\0" * 99_999])
    def test_a_damaged_one_is_written_anew(self, card: Card, content: bytes) -> None:
        (card.boot / FILE).write_bytes(content)
        card.start()
        assert "=== Start 1" in card.report

    def test_nothing_in_it_can_forge_a_start(self, card: Card) -> None:
        card.put('wifi: {ssid: "a\\n=== Start 9 ===\\nb", password: geheim12}\n')
        card.start()
        assert "\n=== Start 9" not in card.report


class TestAccessPoint:
    def point(self, card: Card, answers: Mapping[str, str | None]) -> AccessPoint:
        return AccessPoint(
            Host(card.system), System(answers), card.root / "runtime", card.root / "around"
        )

    def test_it_opens_where_nothing_else_leads_here(self, card: Card) -> None:
        card.put("hostname: ender3\n")
        card.start()
        point = self.point(card, {"nmcli device": NO_WIFI})
        assert point.open_if_needed()
        (file,) = (card.root / "runtime").iterdir()
        assert file.stat().st_mode & 0o777 == 0o600
        text = file.read_text()
        assert "mode=ap\n" in text
        assert "key-mgmt=wpa-psk\n" in text
        assert f"psk={point.password}\n" in text
        assert len(point.password) == 10
        assert point.name.startswith("ender3-")
        again = self.point(card, {})
        assert (again.name, again.password) == (point.name, point.password)

    @pytest.mark.parametrize(
        ("yaml", "devices"),
        [
            ("", DEVICES.format("disconnected:", "connected:Wired")),
            ("wifi: {ssid: a, password: geheim12}", NO_WIFI),
            ("access_point: off", NO_WIFI),
            ("", "eth0:ethernet:unavailable:\n"),
        ],
        ids=["a cable", "a network", "off", "no radio"],
    )
    def test_it_stays_closed(self, card: Card, yaml: str, devices: str) -> None:
        card.put(yaml)
        card.start()
        point = self.point(card, {"nmcli device": devices})
        assert not point.open_if_needed()
        assert not (card.root / "runtime").exists()

    def test_the_report_says_how_to_join_it(self, card: Card) -> None:
        on_air = DEVICES.format("connected:gantry-access-point", "unavailable:")
        text = seen(card, {"nmcli device": on_air}, core())
        point = self.point(card, {})
        assert f"  name: {point.name}\n  password: {point.password}\n" in text


async def test_a_real_appliance_is_asked(card: Card, unused_tcp_port: int) -> None:
    """Start one that nobody has claimed, import, and read the report of half a minute on."""
    claim = card.root / "claim-code.txt"
    configuration = CLAIMABLE.format(port=unused_tcp_port, file=claim)
    async with running(card.config, unused_tcp_port, configuration=configuration):
        await asyncio.to_thread(first_boot, card, "import")
        options = ("report", "--after", "30", "--claim-code", str(claim))
        await asyncio.to_thread(first_boot, card, *options)
        code = claim.read_text().split()[-1]
    assert f"/claim and enter the code {code}" in card.report
    assert "  Cube: " in card.report
    assert f".local:{unused_tcp_port}\n" in card.report or "Open it" not in card.report
    assert card.report.count("=== Start") == 1


def first_boot(card: Card, *words: str) -> None:
    """Run the importer as systemd does."""
    folders = {"boot": card.boot, "config": card.config, "system": card.system,
               "run": card.root / "run", "defaults": card.root / "defaults.yaml"}  # fmt: skip
    options = [word for name, path in folders.items() for word in (f"--{name}", str(path))]
    subprocess.run(
        [sys.executable, "-m", "first_boot", *options, *words],
        check=True,
        env={**os.environ, "PYTHONPATH": f"{IMAGE}:{IMAGE.parent}"},
        timeout=60,
    )


def test_what_is_in_force_is_on_the_card_without_secrets(card: Card) -> None:
    card.put("auth: {password: long-enough}\nmqtt: {broker: b, password: !secret m}\n")
    card.put("m: hunter22\n", "secrets.yaml")
    card.start()
    file = card.config / "configuration.yaml"
    file.write_text(file.read_text() + "webcam:\n- name: a\n  password: by-page1\n")
    assert write_in_force(card.boot, card.config)
    text = card.on_card("gantry-in-force.yaml")
    assert "broker: b" in text
    assert 'password: "(stored)"' in text
    assert "password: !secret m" in text
    assert not any(word in text for word in ("by-page1", "hunter22", "long-enough"))
    assert not write_in_force(card.boot, card.config), "once is enough"
    file.write_text("webcam: [\n")
    assert not write_in_force(card.boot, card.config)
