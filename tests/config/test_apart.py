"""Secrets among what a person chose stand in secrets.yaml, under names that are free."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.catalogue import Catalogue
from appliance.config.write import ConfigurationWriter, SettingRefused

YAML = """\
http:
auth:
  api_key: !secret api_key
webcam:
  - name: Above
    stream: http://192.168.1.9/stream
"""
SECRETS = (
    "api_key: 0123456789abcdef0123456789abcdef   # mine\nmqtt_password: of-the-old-broker\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "configuration.yaml").write_text(YAML)
    (tmp_path / "secrets.yaml").write_text(SECRETS)
    return tmp_path


async def written(folder: Path, changes: dict[tuple[str | int, ...], object]) -> str:
    """Plan, write, and return configuration.yaml."""
    writer = ConfigurationWriter(folder, Catalogue(folder))
    planned = await writer.plan_apart(changes)
    configuration = await writer.carry_out(planned)
    assert configuration == await writer.check()
    return (folder / "configuration.yaml").read_text()


async def test_what_stands_there_is_not_overwritten(folder: Path) -> None:
    secrets = folder / "secrets.yaml"
    mqtt = {"broker": "broker.local", "username": "me", "password": "of-the-new-broker"}
    text = await written(folder, {("mqtt",): mqtt})
    assert "password: !secret mqtt_password_2" in text
    assert "username: me" in text
    assert secrets.read_text() == SECRETS + "mqtt_password_2: of-the-new-broker\n"


async def test_the_same_secret_stands_once(folder: Path) -> None:
    secrets = folder / "secrets.yaml"
    mqtt = {"broker": "broker.local", "password": "of-the-old-broker"}
    assert "password: !secret mqtt_password\n" in await written(folder, {("mqtt",): mqtt})
    assert secrets.read_text() == SECRETS


async def test_an_address_with_a_password_is_a_secret(folder: Path) -> None:
    address = "http://me:p%40ss@camera.local/stream?x=1"
    camera = {"name": "Side", "stream": address, "snapshot": "http://camera.local/a@b"}
    text = await written(folder, {("webcam", 1): camera})
    assert "stream: !secret webcam_2_stream" in text
    assert "camera.local/a@b" in text
    line = (folder / "secrets.yaml").read_text().splitlines()[-1]
    assert line == f'webcam_2_stream: "{address}"'


async def test_a_secret_that_stands_apart_is_changed_there(folder: Path) -> None:
    secrets = folder / "secrets.yaml"
    text = await written(folder, {("auth", "api_key"): "f" * 32})
    assert text == YAML
    assert secrets.read_text() == SECRETS.replace("0123456789abcdef" * 2, "f" * 32)


async def test_a_secret_that_reads_as_something_else_stays_text(folder: Path) -> None:
    for password in ("12345678", "null", "yes: [no", "!secret x", 'a"b\\c'):
        (folder / "configuration.yaml").write_text(YAML.replace("!secret api_key", "a" * 32))
        (folder / "secrets.yaml").unlink()
        mqtt = {"broker": "broker.local", "password": password}
        await written(folder, {("mqtt",): mqtt})
        writer = ConfigurationWriter(folder, Catalogue(folder))
        assert (await writer.check()).components["mqtt"]["password"] == password


async def test_only_secrets_that_are_new_in_a_text_go_apart(folder: Path) -> None:
    file = folder / "configuration.yaml"
    file.write_text(YAML + "  - {name: Old, stream: 'http://a:old@b/'}\n")
    text = file.read_text() + (
        "mqtt:\n  broker: broker.local   # here\n  password: typed-in\n  username: gantry\n"
    )
    writer = ConfigurationWriter(folder, Catalogue(folder))
    planned = await writer.plan_text_apart(file, text)
    assert planned is not None
    assert planned.after == {
        file: text.replace("typed-in", "!secret mqtt_password_2"),
        folder / "secrets.yaml": SECRETS + "mqtt_password_2: typed-in\n",
    }
    assert file.read_text() != text, "nothing is written"
    configuration = await writer.carry_out(planned)
    assert configuration == await writer.check()
    assert configuration.components["mqtt"]["password"] == "typed-in"
    assert await writer.plan_text_apart(file, file.read_text() + "# more\n") is None


async def test_a_text_without_new_secrets_is_saved_as_it_is(folder: Path) -> None:
    writer = ConfigurationWriter(folder, Catalogue(folder))
    file = folder / "configuration.yaml"
    for text in (
        YAML + "mqtt: {broker: a.local, password: !secret mqtt_password}\n",
        YAML + "mqtt: {broker: a.local, password: ''}\n",
        YAML.replace("!secret api_key", "0123456789abcdef0123456789abcdef"),
    ):
        assert await writer.plan_text_apart(file, text) is None


async def test_a_text_that_is_not_valid_is_refused(folder: Path) -> None:
    writer = ConfigurationWriter(folder, Catalogue(folder))
    file = folder / "configuration.yaml"
    for more in ("mqtt: {password: typed-in}\n", "mqtt: [", "mqtt: !secret no\n"):
        with pytest.raises(SettingRefused):
            await writer.plan_text_apart(file, YAML + more)
