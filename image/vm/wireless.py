"""Wi-Fi with simulated radios: joined, refused with a reason, our own one, the way back."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from image.vm.airspace import BOTH, WPA2, WPA3, Airspace

if TYPE_CHECKING:
    from image.vm.machine import Machine
    from image.vm.rehearsal import Rehearsal

HOME, HOME_PASSWORD = "Zuhause: 2. Stock", "geheim; \\1234"
WORKSHOP, WORKSHOP_PASSWORD = "Werkstatt", "noch-geheimer"
_SETTINGS = """hostname: workshop
wifi:
  country: DE
  ssid: '{ssid}'
  password: '{password}'
"""
_PORTAL = "http://10.42.0.1"
_PROBES = (
    ("connectivitycheck.gstatic.com", "/generate_204"),
    ("captive.apple.com", "/hotspot-detect.html"),
    ("www.msftconnecttest.com", "/connecttest.txt"),
    ("detectportal.firefox.com", "/success.txt"),
    ("connectivity-check.ubuntu.com", "/"),
)
_CONNECTED_S, _REPORTED_S, _TRIED_S = 600.0, 900.0, 900.0


def wireless(self: Rehearsal) -> Iterator[str]:
    """Join a network by gantry.yaml and by the page; be found where there is none."""
    self.insert_fresh_card()
    self.card.put("gantry.yaml", _settings(HOME, HOME_PASSWORD))
    machine = self.boot()
    air = Airspace(machine)
    yield from by_the_card(machine, air)
    yield from after_a_failure(machine, air)
    yield from with_mistakes(machine, air)
    yield from our_own(self, air)
    yield from by_the_page(self, air)
    self.switch_off()
    yield f"power cut; the card is {self.card.check()}"


def by_the_card(machine: Machine, air: Airspace) -> Iterator[str]:
    """Join by gantry.yaml, WPA2 and the WPA2/WPA3 mixture; the country is set."""
    for kind, name in ((WPA2, "WPA2"), (BOTH, "WPA2 and WPA3 mixed")):
        air.router(HOME, HOME_PASSWORD, kind)
        address = wait_for_network(machine, HOME)
        yield f"joined by gantry.yaml ({name}): {address}"
        wait_for_page(machine, air, address)
    assert "country DE" in machine.shell("iw reg get")
    assert HOME_PASSWORD not in on_card(machine, "cat gantry.yaml")
    yield "the country is DE; the password is off the card"


def after_a_failure(machine: Machine, air: Airspace) -> Iterator[str]:
    """Be refused by the router for a while, as in the middle of its restart; come back."""
    air.router(HOME, "nur-kurz-so")
    device = "nmcli -t -f GENERAL.STATE device show wlan0"
    machine.wait_until(lambda: "disconnected" in machine.shell(device), "its giving up")
    air.router(HOME, HOME_PASSWORD)
    address = wait_for_network(machine, HOME)
    wait_for_page(machine, air, address)
    yield f"refused by the router for a while, it comes back by itself: {address}"


def with_mistakes(machine: Machine, air: Airspace) -> Iterator[str]:
    """Have the reason on the card."""
    for kind in (BOTH, WPA2):
        air.router(HOME, HOME_PASSWORD, kind)
        settings = _settings(HOME, "falsch-falsch")
        yield f"    {take(machine, settings, 'password is wrong')}"
    settings = _settings("Nirgends", "geheim1234")
    yield f"    {take(machine, settings, 'no network of this name is in reach')}"
    plain = f"wifi:\n  ssid: '{HOME}'\n  password: '{HOME_PASSWORD}'\n".encode()
    machine.shell("rm -f /data/system/regdomain; iw reg set 00")
    yield f"    {take(machine, plain, 'connected to')}"


def our_own(self: Rehearsal, air: Airspace) -> Iterator[str]:
    """Without any network: ours; a phone is led to the page by itself."""
    machine = self.machine
    air.router(WORKSHOP, WORKSHOP_PASSWORD, WPA3)
    machine.unplug()
    report = take(
        machine, b"hostname: workshop\nwifi: off\n", "there is one of our own", whole=True
    )
    name, password = _said(report, "name"), _said(report, "password")
    yield f"no network: ours is on the air, {name}"
    given = air.join(name, password)
    yield f"a phone joins: {given}"
    assert given["dns"] == given["router"] == "10.42.0.1", given
    for host, path in _PROBES:
        assert air.resolve("10.42.0.1", host) == "10.42.0.1"
        answer = air.open(f"{_PORTAL}{path}", host)
        assert (answer["status"], answer["location"]) == (302, f"{_PORTAL}/claim"), answer
    yield f"{len(_PROBES)} probes of phones and laptops are sent to {_PORTAL}/claim"
    claim = air.open(f"{_PORTAL}/claim")
    assert (claim["status"], claim["location"]) == (302, "/#/setup"), claim
    page = air.open(f"{_PORTAL}/")
    assert page["status"] == 200, page
    assert "<title>Gantry</title>" in page["body"], page
    machine.plug_in()
    machine.wait_until(lambda: not _own_network(machine), "the end of our own network")
    status, said = machine.ask("/generate_204", headers={"Host": "captive.apple.com"})
    assert status == 421, said
    yield "a cable is plugged in: our own network goes, and foreign names are refused again"
    self.enter()


def by_the_page(self: Rehearsal, air: Airspace) -> Iterator[str]:
    """Join by the page, from a phone in our own network; a wrong password has a way back."""
    machine = self.machine
    machine.unplug()
    start = "systemctl start gantry-access-point"  # not before the cable is noticed to be out
    point = machine.wait_until(
        lambda: _own_network(machine) or (machine.shell(start) and None), "our own network"
    )
    machine.shell("systemctl start gantry-report")
    report = on_card(machine, "cat gantry-report.txt")
    air.join(point, _said(report, "password"))
    state = _ask(air, self.key, "GET", "/api/gantry/wifi")
    assert WORKSHOP in [each["ssid"] for each in state["seen"]], state
    yield f"a phone in it sees on the page: {[each['ssid'] for each in state['seen']]}"
    wish = {"ssid": WORKSHOP, "password": "falsch-falsch", "country": "AT"}
    _ask(air, self.key, "POST", "/api/gantry/wifi/join", wish)
    machine.wait_until(lambda: _attempt(machine), "the end of the attempt", _TRIED_S)
    machine.wait_until(lambda: _own_network(machine), "our own network again")
    air.join(point, _said(report, "password"))
    attempt = _ask(air, self.key, "GET", "/api/gantry/wifi")["attempt"]
    assert not attempt["joined"], attempt
    yield f"a wrong password: {attempt['reason']}; back in {attempt['back']}"
    wish["password"] = WORKSHOP_PASSWORD
    _ask(air, self.key, "POST", "/api/gantry/wifi/join", wish)
    address = wait_for_network(machine, WORKSHOP)
    machine.wait_until(lambda: not _own_network(machine), "the end of our own network")
    wait_for_page(machine, air, address)
    kept = on_card(machine, "cat gantry.yaml")
    assert WORKSHOP in kept, kept
    assert WORKSHOP_PASSWORD not in kept
    yield f"the right one: in {WORKSHOP} (WPA3) at {address}, our own network is gone"


def take(machine: Machine, settings: bytes, words: str, *, whole: bool = False) -> str:
    """Take other settings as a start does, and wait until the report says the words."""
    written = f"printf %s {shlex.quote(settings.decode())} > gantry.yaml"
    on_card(machine, f"rm -f gantry-report.txt; {written}")
    machine.shell("systemctl start gantry-import; systemctl restart NetworkManager")

    def said() -> str | None:
        machine.shell("systemctl start gantry-report", 300.0)
        report = on_card(machine, "cat gantry-report.txt")
        if whole:
            return report if words in report else None
        return next((line.strip() for line in report.splitlines() if words in line), None)

    found: str = machine.wait_until(said, f"{words!r} in the report", _REPORTED_S)
    return found


def on_card(machine: Machine, command: str) -> str:
    """Run a command in the first partition; a report may be written there meanwhile."""
    return machine.shell(
        "mkdir -p /run/card; mount LABEL=GANTRY /run/card && "
        f"{{ cd /run/card; {command}; cd /; umount /run/card; }}"
    )


def wait_for_network(machine: Machine, ssid: str) -> str:
    """Wait until the appliance is in a network; return its address there."""

    def address() -> str | None:
        shown = machine.shell("nmcli -t -f GENERAL,IP4 device show wlan0")
        if f"GENERAL.CONNECTION:Wi-Fi {ssid}" not in shown:
            return None
        found = re.search(r"IP4\.ADDRESS\[1\]:([\d.]+)", shown)
        return found[1] if found else None

    found: str = machine.wait_until(address, f"the network {ssid}", _CONNECTED_S)
    return found


def wait_for_page(machine: Machine, air: Airspace, address: str) -> None:
    """Wait until the router's network reaches the appliance (not at once)."""
    machine.wait_until(
        lambda: air.sees(f"http://{address}/health").get("status") == 200,
        f"an answer at {address}",
        _CONNECTED_S,
    )


def _settings(ssid: str, password: str) -> bytes:
    return _SETTINGS.format(ssid=ssid, password=password).encode()


def _own_network(machine: Machine) -> str | None:
    """Return the name of our own network while it is on the air."""
    if "10.42.0.1" not in machine.shell("cat /run/gantry-access-point"):
        return None
    found = re.search(r"ssid (.+)", machine.shell("iw dev wlan0 info"))
    return found[1].strip() if found else None


def _attempt(machine: Machine) -> bool:
    return "reason" in machine.shell("cat /run/gantry-wifi/ended.json")


def _said(report: str, what: str) -> str:
    found = re.findall(rf"^  {what}: (.+?)\r?$", report, re.MULTILINE)
    assert found, report
    return str(found[0])


def _ask(air: Airspace, key: str, method: str, path: str, body: Any = None) -> Any:
    answer = air.open(f"{_PORTAL}{path}", method=method, body=body, key=key)
    assert answer["status"] in (200, 202), answer
    return answer["json"]
