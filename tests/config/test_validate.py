from __future__ import annotations

from pathlib import Path

import pytest

from appliance.catalogue import Catalogue
from appliance.config import Configuration, ConfigurationError, load_configuration
from tests.made import PLATFORM, make_component, make_configuration


@pytest.fixture
def components(tmp_path: Path) -> Path:
    folder = tmp_path / "components"
    make_component(folder, "http")
    make_component(folder, "mqtt", dependencies=["http"])
    make_component(folder, "serial_printer", PLATFORM)
    make_component(folder, "simulator", PLATFORM, dependencies=["serial_printer"])
    return folder


def load(tmp_path: Path, text: str, **files: str) -> Configuration:
    make_configuration(tmp_path / "config", text, **files)
    own = tmp_path / "config" / "custom_components"
    if not own.is_symlink():
        own.symlink_to(tmp_path / "components")
    return load_configuration(
        tmp_path / "config", Catalogue(tmp_path / "config", tmp_path / "none")
    )


def report(tmp_path: Path, text: str, **files: str) -> str:
    with pytest.raises(ConfigurationError) as error:
        load(tmp_path, text, **files)
    return str(error.value)


@pytest.mark.usefixtures("components")
def test_a_configuration_is_filled_with_defaults(tmp_path: Path) -> None:
    configuration = load(
        tmp_path,
        """
        mqtt:
        printer:
          id: one
          platform: simulator
          port: x
        """,
    )
    assert configuration.appliance == {"name": "Gantry", "log_level": "info"}
    # http because mqtt needs it; serial_printer because the simulator does.
    assert configuration.components == {
        "http": {"port": 80}, "mqtt": {"port": 80}, "serial_printer": {}, "simulator": {},
    }  # fmt: skip
    assert configuration.printers == ({"id": "one", "platform": "simulator", "port": "x"},)


@pytest.mark.usefixtures("components")
def test_every_error_is_reported_at_once_at_its_place(tmp_path: Path) -> None:
    text = report(
        tmp_path,
        """\
        appliance:
          nam: x
        htpp:
        http:
          port: eighty
          prot: 80
        mqtt: !secret nothing
        printer:
          - id: one
            platform: simulator
          - id: one
            platform: serial
            port: x
          - platform: seril
            id: Two
          - id: three
            platform: seril
        """,
    )
    heads = [
        line.removesuffix(", at most 63")
        for line in text.splitlines()
        if line.startswith("configuration.yaml")
    ]
    assert heads == [
        "configuration.yaml:2:3: appliance->nam: 'nam' is no option of 'appliance'",
        "configuration.yaml:3:1: htpp: there is no component 'htpp'",
        "configuration.yaml:5:9: http->port: expected int",
        "configuration.yaml:6:3: http->prot: 'prot' is no option of 'http'",
        "configuration.yaml:7:7: mqtt: there is no secret 'nothing'",
        "configuration.yaml:9:5: printer->0->port: 'port' is missing",
        "configuration.yaml:11:9: printer->1->id: the id 'one' is taken by another printer",
        "configuration.yaml:15:9: printer->2->id: expected an id: a-z, 0-9, _ and -",
        "configuration.yaml:17:15: printer->3->platform: there is no printer platform 'seril'",
    ]
    for hint in ("did you mean 'name'?", "did you mean 'http'?", "did you mean 'port'?",
                 "did you mean 'serial'?"):  # fmt: skip
        assert f"hint: {hint}" in text
    assert text.endswith(f"9 problems in {tmp_path / 'config'}")


@pytest.mark.usefixtures("components")
def test_a_component_that_nothing_resembles_lists_what_there_is(tmp_path: Path) -> None:
    text = report(tmp_path, "zzzzzz:\n")
    assert (
        "there are: appliance, printer, printer_profiles, http, mqtt, serial_printer" in text
    )


@pytest.mark.usefixtures("components")
def test_an_option_that_nothing_resembles_lists_what_there_is(tmp_path: Path) -> None:
    text = report(tmp_path, "http:\n  zzzzz: 1\n")
    assert "hint: options are: password, port" in text


@pytest.mark.usefixtures("components")
def test_options_of_a_printer_suggest_common_ones_too(tmp_path: Path) -> None:
    text = report(tmp_path, "printer: {id: a, platform: serial, port: x, htp_port: 1}\n")
    assert "did you mean 'http_port'?" in text


@pytest.mark.usefixtures("components")
def test_a_profile_by_its_name(tmp_path: Path) -> None:
    profiles = "printer_profiles: {ender: {model: Ender 3}}\n"
    entry = "printer: {id: a, platform: serial, port: x, profile: PROFILE, http_port: 81}\n"
    configuration = load(tmp_path, profiles + entry.replace("PROFILE", "ender"))
    assert configuration.printers[0]["profile"]["model"] == "Ender 3"
    assert configuration.printers[0]["http_port"] == 81
    text = report(tmp_path, profiles + entry.replace("PROFILE", "endre"))
    assert "there is no printer profile 'endre'" in text
    assert "did you mean 'ender'?" in text


@pytest.mark.usefixtures("components")
def test_secrets_are_in_no_report(tmp_path: Path) -> None:
    text = report(
        tmp_path,
        "http: {password: !secret pw, port: swordfish}\nmqtt:\n  password: letmein\n  x: 1\n",
        secrets="pw: swordfish\nother: [1]\nsame: swordfish2\nsame: swordfish3\n",
    )
    assert "configuration.yaml" in text
    assert "secrets.yaml" in text
    for secret in ("swordfish", "letmein"):
        assert secret not in text


@pytest.mark.usefixtures("components")
def test_secrets_are_known_wherever_they_stand(tmp_path: Path) -> None:
    configuration = load(
        tmp_path,
        "http: {password: letmein}\nmqtt: {password: !secret pw}\n",
        secrets="pw: swordfish\n",
    )
    assert configuration.secrets == {"letmein", "swordfish"}


def test_what_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"there is no folder /.*/absent"):
        load_configuration(tmp_path / "absent", Catalogue())
    file = tmp_path / "a.yaml"
    file.touch()
    with pytest.raises(ConfigurationError, match=f"--config takes the folder: {tmp_path}"):
        load_configuration(file, Catalogue())
    with pytest.raises(ConfigurationError, match=r"there is no configuration\.yaml"):
        load_configuration(tmp_path, Catalogue())
    assert "the file is empty" in report(tmp_path, "# nothing\n")
    assert "expected lines 'key: value'" in report(tmp_path, "- a\n")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("5", "expected a list of printers"),
        ("[5]", "expected a printer: id, platform and its options"),
        ("{}", "'id' is missing"),
        ("[{id: a}]", "'platform' is missing"),
    ],
)
@pytest.mark.usefixtures("components")
def test_printers_that_are_none(tmp_path: Path, value: str, message: str) -> None:
    assert message in report(tmp_path, f"printer: {value}\n")


def test_a_component_that_is_no_platform(tmp_path: Path, components: Path) -> None:
    text = report(tmp_path, "printer: {id: a, platform: http, port: x}\n")
    assert "there is no printer platform 'http'" in text
    assert "there are: serial, simulator" in text
    assert components.exists()


def test_broken_components_are_problems_of_their_key(tmp_path: Path) -> None:
    folder = tmp_path / "components"
    make_component(folder, "syntax", "def:\n")
    make_component(folder, "raises", "raise RuntimeError('on a\\nbad day')\n")
    make_component(folder, "empty", "")
    make_component(folder, "needy", dependencies=["absent"])
    (make_component(folder, "garbled") / "manifest.json").write_text("{")
    text = report(tmp_path, "syntax:\nraises:\nempty:\nneedy:\ngarbled:\n")
    assert "syntax: 'syntax' cannot be imported: SyntaxError" in text
    assert "raises: 'raises' cannot be imported: RuntimeError: on a bad day" in text
    assert "'empty' has no CONFIG_SCHEMA and no async_setup" in text
    assert "needy: 'needy' depends on 'absent': there is no such component" in text
    assert "garbled: the component cannot be used" in text
    assert "manifest.json:1:2: not valid JSON" in text


def test_a_validator_that_crashes_is_a_problem(tmp_path: Path) -> None:
    code = """
    CONFIG_SCHEMA = {"x": lambda value: value.lower(), "y": lambda value: value["a"]}
    async def async_setup(appliance, config): pass
    """
    make_component(tmp_path / "components", "careless", code)
    assert "careless: cannot be checked: AttributeError" in report(
        tmp_path, "careless: {x: 5}\n"
    )


def test_a_component_may_take_something_else_than_options(tmp_path: Path) -> None:
    code = """
    CONFIG_SCHEMA = [str]
    async def async_setup(appliance, config): pass
    """
    make_component(tmp_path / "components", "cameras", code)
    assert load(tmp_path, "cameras: [a, b]\n").components == {"cameras": ["a", "b"]}
