from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path
from typing import Any

import pytest

from appliance import loader
from appliance.catalogue import Catalogue
from appliance.config import load_configuration
from appliance.core import Appliance
from appliance.domain.printer import PRINTERS
from appliance.errors import SetupError
from appliance.loader import Loader, setup_order
from appliance.manifest import Manifest, ManifestError, read_manifest
from tests.made import PLAIN, PLATFORM, make_component, make_configuration
from tests.waiting import eventually

WORK = "appliance.set_up.append((DOMAIN, config))"


def failing(error: str) -> str:
    """The code of a component that cannot be set up."""
    return "from appliance.errors import SetupError\n" + PLAIN.replace(WORK, f"raise {error}")


class Recording(Appliance):
    """An appliance that knows what was set up, in order."""

    set_up: list[tuple[str, Any]]


async def started(folder: Path) -> Recording:
    """Set up what is configured in ``folder``, from its own components only."""
    catalogue = Catalogue(folder, folder / "none")
    appliance = Recording(load_configuration(folder, catalogue))
    appliance.set_up = []
    await Loader(appliance, catalogue).set_up()
    return appliance


@pytest.fixture
def components(tmp_path: Path) -> Path:
    return tmp_path / "custom_components"


async def test_components_come_after_what_they_need(tmp_path: Path, components: Path) -> None:
    make_component(components, "a", dependencies=["b"])
    make_component(components, "b", dependencies=["d"], after=["c", "absent"])
    make_component(components, "c")
    make_component(components, "d")
    make_configuration(tmp_path, "a: {port: 5}\nc:\n")
    appliance = await started(tmp_path)
    assert appliance.set_up == [
        ("c", {"port": 80}), ("d", {"port": 80}), ("b", {"port": 80}), ("a", {"port": 5}),
    ]  # fmt: skip


async def test_printers_come_between_their_drivers_and_the_rest(
    tmp_path: Path, components: Path
) -> None:
    make_component(components, "api")
    make_component(components, "files")
    make_component(components, "z_files", dependencies=["files"])
    make_component(components, "one", PLATFORM, dependencies=["z_files"])
    make_component(components, "two", PLATFORM)
    make_configuration(
        tmp_path,
        """
        api:
        printer:
          - {id: p1, platform: two, port: x}
          - {id: p2, platform: one, port: y}
        """,
    )
    appliance = await started(tmp_path)
    names = [name for name, _ in appliance.set_up]
    assert names == ["files", "two", "z_files", "one", "p1", "p2", "api"]
    assert [printer.id for printer in appliance.use(PRINTERS)] == ["p1", "p2"]


async def test_a_failure_stays_where_it_is(
    tmp_path: Path, components: Path, caplog: pytest.LogCaptureFixture
) -> None:
    make_component(components, "expected", failing("SetupError('no broker')"))
    make_component(components, "bug", failing("ValueError('oops')"))
    make_component(components, "needs", dependencies=["bug"])
    make_component(components, "fine")
    make_configuration(tmp_path, "expected:\nbug:\nneeds:\nfine:\n")
    appliance = await started(tmp_path)
    assert [name for name, _ in appliance.set_up] == ["fine"]
    assert appliance.failed_components == {
        "bug": "ValueError: oops",
        "expected": "no broker",
        "needs": "it needs 'bug', which failed",
    }
    assert "Component 'expected' cannot be set up: no broker" in caplog.text
    assert caplog.text.count("Traceback") == 1  # of the bug


async def test_without_what_is_required_there_is_no_start(
    tmp_path: Path, components: Path
) -> None:
    make_component(components, "http", failing("OSError('port 80 is taken')"), required=True)
    make_configuration(tmp_path, "http:\n")
    with pytest.raises(SetupError, match=r"'http' is required .*: OSError: port 80 is taken"):
        await started(tmp_path)


async def test_a_printer_that_fails_stops_no_other(tmp_path: Path, components: Path) -> None:
    code = PLATFORM.replace(
        "return Printer", "assert entry['port'] != 'bad', 'bad port'\n    return Printer"
    )
    make_component(components, "serial_printer", code)
    make_configuration(
        tmp_path,
        """
        printer:
          - {id: a, platform: serial, port: bad}
          - {id: b, platform: serial, port: good}
        """,
    )
    appliance = await started(tmp_path)
    assert [printer.id for printer in appliance.use(PRINTERS)] == ["b"]
    assert appliance.failed_components == {"printer a": "AssertionError: bad port"}


async def test_a_printer_whose_driver_failed_says_so(tmp_path: Path, components: Path) -> None:
    code = PLATFORM.replace(WORK, "raise OSError('gone')")
    make_component(components, "serial_printer", code)
    make_configuration(tmp_path, "printer: {id: a, platform: serial, port: x}\n")
    appliance = await started(tmp_path)
    assert appliance.failed_components == {
        "serial_printer": "OSError: gone",
        "printer a": "it needs 'serial_printer', which failed",
    }


async def test_a_set_up_that_hangs_is_given_up(
    tmp_path: Path,
    components: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(loader, "LONGEST_SETUP_S", 0.05)
    monkeypatch.setattr(loader, "SLOW_SETUP_S", 0.01)
    code = "import asyncio\n" + PLAIN.replace(WORK, "await asyncio.Event().wait()")
    make_component(components, "slow", code)
    make_component(components, "then")
    make_configuration(tmp_path, "slow:\nthen:\n")
    with caplog.at_level(logging.WARNING):
        appliance = await started(tmp_path)
    assert "given up" in appliance.failed_components["slow"]
    assert [name for name, _ in appliance.set_up] == ["then"]
    assert "'set up slow' takes over 10 s" in caplog.text


async def test_a_cancelled_start_ends_what_it_began(tmp_path: Path, components: Path) -> None:
    code = "import asyncio\n" + PLAIN.replace(
        WORK,
        "appliance.set_up.append(1)\n    await asyncio.Event().wait()",
    )
    make_component(components, "slow", code)
    make_configuration(tmp_path, "slow:\n")
    task = asyncio.create_task(started(tmp_path))
    await eventually(lambda: len(asyncio.all_tasks()) == 3, "this one, the start, the set-up")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def manifest(domain: str, *dependencies: str, after: tuple[str, ...] = ()) -> Manifest:
    return Manifest(domain, domain, "", Path(), dependencies, after)


def order(*manifests: Manifest, first: tuple[str, ...] = ()) -> list[str]:
    return setup_order({each.domain: each for each in manifests}, first)


def test_the_order_is_the_same_at_every_start() -> None:
    several = [manifest(name) for name in "dbca"]
    assert order(*several) == ["a", "b", "c", "d"]
    assert order(*several, first=("d", "c")) == ["c", "d", "a", "b"]


def test_a_wish_does_not_hold_back_the_first() -> None:
    assert order(manifest("driver", after=("api",)), manifest("api"), first=("driver",)) == [
        "driver",
        "api",
    ]


def test_a_circle_is_reported() -> None:
    with pytest.raises(SetupError, match=r"wait for each other: .* -> "):
        order(manifest("a", "b"), manifest("b", after=("c",)), manifest("c", "a"))


# -- manifests and the catalogue


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", r"manifest\.json:1:\d+: not valid JSON"),
        ("[]", "expected a dictionary"),
        ('{"name": "x"}', "domain: required key not provided"),
        ('{"domain": "y", "name": "Y"}', "the domain is 'y', the folder 'x'"),
        ('{"domain": "x", "name": "X", "depends": []}', r"unknown key depends \(known: after"),
        (
            '{"domain": "x", "name": "X", "dependencies": "http"}',
            "dependencies: expected a list",
        ),
        ('{"domain": "x", "name": "X", "module": "../evil"}', "module: does not match"),
    ],
)
def test_a_bad_manifest_says_what_is_wrong(tmp_path: Path, content: str, message: str) -> None:
    folder = tmp_path / "x"
    folder.mkdir()
    (folder / "manifest.json").write_text(content)
    with pytest.raises(ManifestError, match=message):
        read_manifest(folder)


def test_every_component_of_ours_is_in_order() -> None:
    catalogue = Catalogue()
    assert not catalogue.broken
    everything = catalogue.with_dependencies(catalogue.names())
    assert sorted(setup_order(everything)) == catalogue.names()
    for domain in catalogue.names():
        assert catalogue.load(domain).manifest.domain == domain
        assert catalogue.manifests[domain].description


def test_custom_components_of_two_folders_do_not_mix(tmp_path: Path) -> None:
    for name in ("one", "two"):
        make_component(
            tmp_path / name / "custom_components", "same", f"{PLAIN}\nWHERE = '{name}'\n"
        )
    for name in ("one", "two", "one"):
        component = Catalogue(tmp_path / name, tmp_path / "none").load("same")
        module = sys.modules[component.async_setup.__module__]
        assert module.__name__ == "custom_components.same"
        assert name == module.WHERE
    assert str(tmp_path / "one") not in sys.path


def test_a_component_of_the_user_may_replace_ours(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    make_component(tmp_path / "ours", "http")
    make_component(tmp_path / "custom_components", "http", description="mine")
    catalogue = Catalogue(tmp_path, tmp_path / "ours")
    assert catalogue.manifests["http"].description == "mine"
    assert "Your own 'http' is used" in caplog.text


def test_a_component_may_keep_its_parts_in_another_module(tmp_path: Path) -> None:
    folder = tmp_path / "custom_components"
    make_component(folder, "light", PLATFORM, "component.py", module="component")
    component = Catalogue(tmp_path, tmp_path / "none").load("light")
    assert component.printer_schema is not None


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("CONFIG_SCHEMA = {}\ndef async_setup(appliance, config): pass\n", "must be an async"),
        (PLAIN + "PRINTER_SCHEMA = {}\n", "has no async_setup_printer"),
        ("import nothing_of_that_name\n", "cannot be imported: ModuleNotFoundError"),
    ],
)
def test_a_component_that_is_none(tmp_path: Path, code: str, message: str) -> None:
    make_component(tmp_path / "custom_components", "wrong", code)
    with pytest.raises(ManifestError, match=message):
        Catalogue(tmp_path, tmp_path / "none").load("wrong")
