"""The Wi-Fi in a browser, in German: the image's own helper and unit, on a pretended air."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from image.first_boot.host import Host
from image.first_boot.joining import Joining
from image.host_helper.wifi import Wifi
from tests.browser.appliance import PASSWORD, USER, RunningAppliance
from tests.browser.conftest import running_in, tab_at
from tests.components.host.test_host import helping
from tests.image.cards import Card
from tests.image.test_joining import HOME, Radio
from tests.waiting import eventually_sync

CONFIGURATION = """\
appliance: {{{{name: Card}}}}
http: {{{{host: 127.0.0.1, port: {{port}}}}}}
auth: {{{{admin: {{user}}, password: {{password}}, api_key: {{key}}}}}}
frontend:
host: {{{{socket: {socket}}}}}
"""
HOSTILE = "<img src=x onerror=1>"
AROUND = "".join(
    f"{name.encode().hex()}:{signal}:{security}\n"
    for name, signal, security in (
        ("at home", 80, "WPA2"),
        ("workshop", 60, "WPA2 WPA3"),
        ("guests", 40, ""),
        (HOSTILE, 20, "WPA2"),
    )
)


class Air:
    """NetworkManager and systemd, as the helper asks them."""

    def __init__(self, host: Host, folder: Path) -> None:
        self.radio = Radio("at home")
        self._host, self._folder = host, folder
        self._unit = "inactive"

    def __call__(self, words: Sequence[str]) -> str:
        if words[1] == "show":
            return f"ActiveState={self._unit}\n"
        if "start" in words:
            self._unit = "activating"
        if words[-1] == "device":
            return f"wlan0:wifi:connected:{self.radio.now}\n"
        if words[-1] == "connection":
            names = [each.ssid for each in self._host.networks]
            return "".join(f"Wi-Fi {name}:802-11-wireless\n" for name in names)
        return AROUND if "list" in words else ""

    def wish(self) -> dict[str, Any]:
        """Wait until the unit is started, and return what for."""
        eventually_sync(lambda: self._unit == "activating", "the unit is started")
        wish: dict[str, Any] = json.loads((self._folder / "request.json").read_text())
        return wish

    def run_unit(self) -> None:
        """Do what gantry-wifi.service does."""
        wish = self.wish()
        wish.pop("do")
        ended = Joining(self._host, self.radio).join(wish)
        word = {"ssid": ended.ssid, "joined": ended.joined, "reason": ended.reason,
                "back": ended.back, "ended_at": 1_800_000_000.0}  # fmt: skip
        (self._folder / "ended.json").write_text(json.dumps(word))
        self._unit = "inactive"


@contextmanager
def on_the_air(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Air, RunningAppliance]]:
    """Run an appliance beside the helper of the image."""
    for name in ("wifi", "config"):
        (tmp_path / name).mkdir()
    card = Card(tmp_path / "card")
    card.put(HOME)
    card.start()
    air = Air(Host(card.system), tmp_path / "wifi")
    monkeypatch.setattr(
        "image.host_helper.verbs.Wifi", lambda run: Wifi(run, tmp_path / "wifi", card.system)
    )
    socket = tmp_path / "helper"
    with (
        helping(socket, air),
        running_in(tmp_path / "config", CONFIGURATION.format(socket=socket)) as appliance,
    ):
        yield air, appliance


def log_in(page: Page) -> None:
    """Log in, at the second attempt."""
    for password in ("falsch", PASSWORD):
        page.get_by_label("Benutzer").fill(USER)
        page.get_by_label("Passwort", exact=True).fill(password)
        page.get_by_role("button", name="Anmelden").click()
        if password == "falsch":
            expect(page.get_by_role("alert")).to_have_text(
                "unbekannter Name oder falsches Passwort"
            )


def join(wifi: Locator, password: str) -> None:
    wifi.get_by_label("workshop").check()
    wifi.get_by_label("Sein Passwort").fill(password)
    expect(wifi.get_by_label("Land")).to_have_value("DE")
    wifi.get_by_role("button", name="Verbinden").click()
    expect(wifi.get_by_role("status")).to_contain_text("workshop wird versucht")


def test_a_network_is_joined_and_a_wrong_password_told_in_the_readers_words(
    browser: Browser, tmp_path: Path, complaints: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        on_the_air(tmp_path, monkeypatch) as (air, appliance),
        tab_at(browser, f"{appliance.url}/#/upkeep", complaints, locale="de-DE") as page,
    ):
        log_in(page)
        wifi = page.get_by_role("region", name="WLAN")
        expect(wifi.get_by_role("status")).to_contain_text("Verbunden mit at home.")
        expect(wifi.get_by_role("radio")).to_have_count(5)  # and one by its name
        expect(wifi.get_by_text(HOSTILE)).to_be_visible()
        expect(wifi.get_by_role("listitem").filter(has_text="guests")).to_contain_text("offen")

        join(wifi, "wrong-password")
        air.run_unit()
        failure = wifi.get_by_text("workshop konnte nicht verbunden werden")
        expect(failure).to_contain_text("das Passwort ist falsch oder fehlt")
        expect(failure).to_contain_text("Wieder in at home")

        air.radio = Radio("at home", "workshop")
        join(wifi, "geheim-5678")
        page.reload()  # nothing of the attempt is lost with the page
        expect(wifi.get_by_role("status")).to_contain_text("wird versucht")
        air.run_unit()
        expect(wifi.get_by_role("status")).to_contain_text(
            re.compile("Verbunden mit workshop")
        )
        expect(wifi.get_by_text("workshop wurde verbunden")).to_be_visible()
        wifi.get_by_role("button", name="at home vergessen").click()
        assert air.wish() == {"do": "forget", "ssid": "at home"}
