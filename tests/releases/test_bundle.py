"""A bundle: only what was signed by those who are trusted, whole, for here, and newer."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from appliance.domain.updates import BundleDamaged, UpdatePhase, UpdateRefused
from appliance.errors import GantryError, StorageFull
from appliance.releases import installing
from appliance.releases.building import load_private_key, new_key, public_line
from appliance.releases.bundle import MANIFEST, SIGNATURE, load_keys, parse_key
from appliance.releases.channel import parse_list
from appliance.releases.installing import install
from appliance.releases.launching import begin_trial, end_trial
from appliance.releases.slots import State
from appliance.releases.usage import prune, used_by_processes
from tests.releases.made import (
    BASE_PYTHON,
    KEY,
    STRANGER,
    make_bundle,
    make_keys,
    make_slots,
)

ROOT = Path(__file__).parents[2]


class Shop:
    """Everything that an installation needs."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.slots = make_slots(base, "1.1")
        self.keys = make_keys(base)
        self.config = base / "config"
        self.config.mkdir()
        (self.config / "configuration.yaml").write_text("fine")
        self.said: list[UpdatePhase] = []

    def install(self, bundle: Path) -> str:
        manifest = install(
            bundle,
            self.slots,
            load_keys(self.keys),
            self.config,
            lambda phase, _: self.said.append(phase),
            BASE_PYTHON,
        )
        return manifest.version

    def refused(self, bundle: Path, kind: type[GantryError], match: str) -> None:
        before = sorted(self.slots.root.iterdir())
        with pytest.raises(kind, match=match):
            self.install(bundle)
        assert sorted(self.slots.root.iterdir()) == before, "nothing is left behind"
        assert self.slots.version_at("current") == "1.1"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_a_good_bundle_becomes_a_release_of_its_own(shop: Shop) -> None:
    assert shop.install(make_bundle(shop.base / "new", "1.2")) == "1.2"
    release = shop.slots.root / "1.2"
    assert shop.slots.installed() == ["1.1", "1.2"]
    assert shop.slots.version_at("current") == "1.1", "installing is not switching"
    said = subprocess.run(
        [str(release / "bin/python"), "-I", "-m", "appliance", "version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "Gantry 1.2\n"
    assert list(release.glob("lib/*/site-packages/appliance/__pycache__/__main__*.opt-2.pyc"))
    assert set(shop.said) == {
        UpdatePhase.VERIFYING,
        UpdatePhase.INSTALLING,
        UpdatePhase.TESTING,
    }


def test_a_stranger_s_signature(shop: Shop) -> None:
    bundle = make_bundle(shop.base / "new", "1.2", key=STRANGER)
    shop.refused(bundle, BundleDamaged, "signed")


def test_without_any_key_nothing_is_installed(shop: Shop) -> None:
    (shop.keys / "gantry.pub").unlink()
    shop.refused(make_bundle(shop.base / "new", "1.2"), BundleDamaged, "signed")


def changed(bundle: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """Write a bundle again, each member as ``change`` says."""
    target = bundle.with_name("changed.bundle")
    with zipfile.ZipFile(bundle) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return target


@pytest.mark.parametrize("name", [MANIFEST, SIGNATURE])
def test_what_was_signed_is_every_byte(shop: Shop, name: str) -> None:
    bundle = make_bundle(shop.base / "new", "1.2")

    def change(each: str, content: bytes) -> bytes:
        return content[:-1] + bytes([content[-1] ^ 1]) if each == name else content

    shop.refused(changed(bundle, change), BundleDamaged, "signed")


def test_a_wheel_that_is_not_the_one_that_was_signed(shop: Shop) -> None:
    bundle = make_bundle(shop.base / "new", "1.2")
    other = make_bundle(shop.base / "other", "1.2", main="import os; os.system('true')")
    with zipfile.ZipFile(other) as file:
        evil = {name: file.read(name) for name in file.namelist()}
    hostile = changed(bundle, lambda name, old: evil[name] if "whl" in name else old)
    shop.refused(hostile, BundleDamaged, "damaged")


def test_a_wheel_that_is_missing(shop: Shop) -> None:
    bundle = make_bundle(shop.base / "new", "1.2")
    hostile = changed(bundle, lambda name, old: None if "whl" in name else old)
    shop.refused(hostile, BundleDamaged, "damaged")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\0" * 100])
def test_what_is_no_bundle_at_all(shop: Shop, content: bytes) -> None:
    bundle = shop.base / "x.bundle"
    bundle.write_bytes(content)
    shop.refused(bundle, BundleDamaged, "no release")


@pytest.mark.parametrize(
    ("version", "changes", "match"),
    [
        ("1.2", {"python": "3.99"}, "Python 3.99"),
        ("1.2", {"machine": "vax"}, "for vax"),
        ("1.1", {}, "already"),
        ("1.0.9", {}, "older than 1.1"),
        ("1.1rc1", {}, "older than 1.1"),
    ],
)
def test_what_does_not_belong_here(
    shop: Shop, version: str, changes: dict[str, Any], match: str
) -> None:
    bundle = make_bundle(shop.base / "new", version, **changes)
    shop.refused(bundle, UpdateRefused, match)


@pytest.mark.parametrize("version", ["../1.2", "current", ".x", "1.2/3", ""])
def test_a_version_that_is_a_path(shop: Shop, version: str) -> None:
    bundle = make_bundle(shop.base / "new", "1.2")
    with zipfile.ZipFile(bundle) as file:
        manifest = orjson.loads(file.read(MANIFEST))
    content = orjson.dumps({**manifest, "version": version})
    new = {MANIFEST: content, SIGNATURE: KEY.sign(content).signature}
    hostile = changed(bundle, new.get)
    shop.refused(hostile, BundleDamaged, "cannot be")


def test_older_than_what_was_ever_well_is_refused_after_going_back(shop: Shop) -> None:
    shop.slots.save(State(highest="1.5"))
    shop.refused(make_bundle(shop.base / "new", "1.4"), UpdateRefused, r"older than 1\.5")


def test_the_new_code_tests_itself_on_the_live_configuration(shop: Shop) -> None:
    (shop.config / "configuration.yaml").write_text("bad for the new one")
    shop.refused(make_bundle(shop.base / "new", "1.2"), UpdateRefused, "test failed")


@pytest.mark.parametrize(
    ("main", "says", "match"),
    [
        ("raise SystemExit('it is broken')", None, "it is broken"),
        ("syntax error", None, "SyntaxError"),
        ("print('Gantry 9.9')", None, "not 1.2"),
        ("import time; time.sleep(60)", None, "too long"),
    ],
)
def test_a_release_that_does_not_work(
    shop: Shop, main: str, says: str | None, match: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "sleep" in main:
        monkeypatch.setattr(installing, "TEST_S", 0.2)
    bundle = make_bundle(shop.base / "new", "1.2", main=main, says=says)
    shop.refused(bundle, UpdateRefused, match)


def test_a_full_disk_is_said_before_anything_is_written(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installing, "RESERVE_BYTES", 1 << 60)
    shop.refused(make_bundle(shop.base / "new", "1.2"), StorageFull, "not enough room")


def test_a_release_that_was_not_well_can_be_installed_again(shop: Shop) -> None:
    for _ in range(2):
        assert shop.install(make_bundle(shop.base / "new", "1.2")) == "1.2"


def test_what_runs_is_kept_and_the_rest_goes(tmp_path: Path) -> None:
    slots = make_slots(tmp_path, "1.1", "1.2", "1.3", "1.4")
    begin_trial(slots, "1.4")
    end_trial(slots)
    slots.point("previous", "1.3")
    python = slots.root / "1.2/bin/python"
    engine = subprocess.Popen(
        [str(python), "-c", "import sys; print(flush=True); sys.stdin.read()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert engine.stdout is not None
    engine.stdout.readline()
    try:
        assert used_by_processes(slots) == ["1.2"]
        assert prune(slots, used_by_processes(slots)) == ["1.1"]
    finally:
        engine.communicate()
    assert prune(slots, used_by_processes(slots)) == ["1.2"]
    assert slots.installed() == ["1.3", "1.4"]


def test_a_key_is_made_and_read(tmp_path: Path) -> None:
    line = new_key(tmp_path / "private")
    assert (tmp_path / "private").stat().st_mode & 0o777 == 0o600
    assert line == public_line(load_private_key(tmp_path / "private"))
    assert parse_key(line + "of somebody") is not None
    for broken in ("", "gantry-release-key", "gantry-release-key AAAA", "ssh-ed25519 AAAA"):
        with pytest.raises(BundleDamaged, match="key"):
            parse_key(broken)


@pytest.mark.parametrize(
    "change",
    [
        {"url": "http://example.org/x"},
        {"version": "../x"},
        {"sha256": "x"},
        {"size": -1},
        {"size": 1 << 40},
        {"made_at": None},
    ],
)
def test_a_list_that_names_what_cannot_be(change: dict[str, Any]) -> None:
    good = {
        "version": "1.2",
        "python": "3.13",
        "machine": "any",
        "url": "https://example.org/1.2",
        "sha256": "0" * 64,
        "size": 5,
        "made_at": 1.0,
        "notes": "",
    }
    assert [each.version for each in parse_list(listed(good))] == ["1.2"]
    with pytest.raises(BundleDamaged):
        parse_list(listed({**good, **change}))


def listed(release: dict[str, Any]) -> bytes:
    return orjson.dumps({"gantry_channel": 1, "releases": [release]})


# At least so many steps at which the power can go.
@pytest.mark.parametrize(("work", "steps"), [("install", 40), ("trial", 8), ("fall_back", 6)])
def test_the_power_may_go_at_any_step(tmp_path: Path, work: str, steps: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.releases.power_cut", work, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout) >= steps
    shutil.rmtree(tmp_path)
