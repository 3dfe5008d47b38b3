"""The broker of the card: switched on in gantry.yaml, with a password, Gantry joins it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from image.build.tree import OVERLAY
from image.first_boot.broker import accepts, password_line
from tests.components.mqtt.mosquitto import mosquitto
from tests.image.cards import Card
from tests.waiting import eventually

PASSWORD = "correct:horse $7$ ☃"
BROKER = f"mosquitto:\n  username: home\n  password: '{PASSWORD}'\n"
FILE = "mosquitto-passwords"


def test_the_broker_has_the_user_and_the_card_has_no_password(card: Card) -> None:
    card.put(BROKER)
    outcome = card.start()
    assert outcome.problems == []
    assert "MQTT broker: on, for the user 'home'" in outcome.applied
    line = card.set(FILE) or ""
    assert accepts(line, "home", PASSWORD)
    assert (card.system / FILE).stat().st_mode & 0o777 == 0o600
    assert PASSWORD not in line + card.on_card() + card.report + card.live_text


def test_gantry_connects_to_it(card: Card) -> None:
    card.put(BROKER)
    card.start()
    mqtt = card.in_force.components["mqtt"]
    assert (mqtt["broker"], mqtt["username"], mqtt["password"]) == (
        "127.0.0.1",
        "home",
        PASSWORD,
    )


def test_a_second_start_and_an_edit_of_something_else_change_nothing(card: Card) -> None:
    card.put(BROKER)
    card.start()
    before = card.set(FILE), card.live_text
    assert card.start().applied == []
    card.put(card.on_card() + "time_zone: Europe/Berlin\n")
    assert card.start().applied == ["time zone: Europe/Berlin"]
    assert (card.set(FILE), card.live_text) == before


def test_another_broker_that_somebody_has_configured_stays(card: Card) -> None:
    card.put("mqtt: {broker: homeassistant.local}\n")
    card.start()
    card.put("mqtt: {broker: homeassistant.local}\n" + BROKER)
    card.start()
    assert card.in_force.components["mqtt"]["broker"] == "homeassistant.local"
    assert accepts(card.set(FILE) or "", "home", PASSWORD)


def test_one_that_was_configured_on_the_page_stays(card: Card) -> None:
    card.put("hostname: ender3\n")
    card.start()
    live = card.config / "configuration.yaml"
    live.write_text(live.read_text() + "mqtt: {broker: homeassistant.local}\n")
    card.put(BROKER)
    card.start()
    assert card.in_force.components["mqtt"]["broker"] == "homeassistant.local"


@pytest.mark.parametrize("after", ["mosquitto: off\n", "mosquitto: false\n"])
def test_it_is_switched_off_and_gantry_leaves_it(card: Card, after: str) -> None:
    card.put(BROKER)
    card.start()
    card.put(after)
    assert "MQTT broker: off" in card.start().applied
    assert card.set(FILE) is None
    assert "mqtt" not in card.in_force.components


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ("{username: home}", "the password is missing"),
        ("{password: short}", "8 to 256 characters"),
        ("{username: 'a:b', password: long enough}", "without a colon"),
        ("{passwort: long enough}", "did you mean 'password'?"),
        ("on", "expected options"),
        ("{password: (stored)}", "no password is stored for the broker's user 'gantry'"),
    ],
)
def test_a_mistake_is_told_and_there_is_no_broker(
    card: Card, section: str, message: str
) -> None:
    card.put(f"mosquitto: {section}\nhostname: ender3\n")
    outcome = card.start()
    assert message in card.report
    assert "long enough" not in card.report
    assert card.set(FILE) is None
    assert "mqtt" not in card.in_force.components
    assert card.set("hostname") == "ender3"
    assert outcome.problems


def test_digits_are_a_password_too(card: Card) -> None:
    card.put("mosquitto:\n  username: 0042\n  password: 0012345678\n")
    assert card.start().problems == []
    assert accepts(card.set(FILE) or "", "0042", "0012345678")
    assert card.in_force.components["mqtt"]["password"] == "0012345678"


async def test_mosquitto_takes_our_file_with_our_settings(tmp_path: Path) -> None:
    """The overlay's mosquitto.conf, at another port and place."""
    settings = (OVERLAY / "usr/lib/gantry/mosquitto.conf").read_text()
    lines = [
        line.replace("listener 1883", "listener {port} 127.0.0.1").replace(
            "/run/mosquitto", "{folder}"
        )
        for line in settings.splitlines()
        if not line.startswith(("log_", "persistence", "autosave"))
    ]
    assert len(lines) < len(settings.splitlines())
    files = {"passwords": password_line("home", PASSWORD)}
    async with mosquitto(tmp_path, "\n".join([*lines, ""]), files) as broker:
        assert await answer(broker.port, "home", PASSWORD) == "Success"
        assert await answer(broker.port, "home", "another") == "Not authorized"
        assert await answer(broker.port, "ada", PASSWORD) == "Not authorized"
        assert await answer(broker.port, None, None) == "Not authorized"


async def answer(port: int, user: str | None, password: str | None) -> str:
    """Connect, and return what the broker says to that."""
    said: list[str] = []
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
    if user is not None:
        client.username_pw_set(user, password)
    client.on_connect = lambda _client, _data, _flags, reason, _properties: said.append(
        str(reason)
    )
    await asyncio.to_thread(client.connect, "127.0.0.1", port)
    client.loop_start()
    try:
        await eventually(lambda: said)
    finally:
        client.disconnect()
        await asyncio.to_thread(client.loop_stop)
    return said[0]


@pytest.mark.parametrize("line", ["", "home", "home:", "home:$7$x$y$z", "home:$6$1$YQ==$YQ=="])
def test_what_is_no_line_of_ours_accepts_nobody(line: str) -> None:
    assert not accepts(line, "home", "")
