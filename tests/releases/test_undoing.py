"""A release that was not well and may have changed the data: they are brought back."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.backup.packing import pack
from appliance.commands.run import finish_what_was_begun
from appliance.releases.launching import begin_trial, choose, fall_back
from appliance.releases.slots import PYTHON, Slots
from tests.backup.folders import HEAD, folders, make_folder, state
from tests.releases.made import make_slots


def write_data_format(slots: Slots, version: str | None, number: int) -> None:
    package = slots.folder_of(version) / "lib" / f"python{PYTHON}" / "site-packages/appliance"
    (package / "releases").mkdir()
    (package / "releases/slots.py").write_text(f"DATA_FORMAT = {number}\n")


@pytest.mark.parametrize("new_format", [1, 2])
def test_data_come_back_only_if_the_new_release_has_changed_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, new_format: int
) -> None:
    config = make_folder(tmp_path)
    before = state(config)
    backup = tmp_path / "before.zip"
    pack(backup, HEAD, folders(config), None)
    slots = make_slots(tmp_path, "1.1", "1.2")
    slots.point("current", "1.1")
    write_data_format(slots, "1.2", new_format)
    begin_trial(slots, "1.2", backup=backup)
    assert choose(slots, start=True).name == "1.2"
    (config / ".storage/auth.json").write_text("in a form that 1.1 cannot read")
    changed = state(config)

    assert fall_back(slots, "it is not well") == "1.1"
    monkeypatch.setenv("GANTRY_RELEASES", str(slots.root))
    monkeypatch.setenv("GANTRY_FACTORY", str(slots.factory))
    monkeypatch.setenv("GANTRY_RELEASE_KEYS", str(tmp_path / "keys"))
    finish_what_was_begun(config)

    assert state(config) == (before if new_format == 2 else changed)
    assert slots.state().restore is None
    finish_what_was_begun(config)
    assert state(config) == (before if new_format == 2 else changed)


def test_a_release_that_was_never_started_has_changed_nothing(tmp_path: Path) -> None:
    slots = make_slots(tmp_path, "1.1", "1.2")
    slots.point("current", "1.1")
    write_data_format(slots, "1.2", 2)
    begin_trial(slots, "1.2", backup=tmp_path / "before.zip")
    fall_back(slots, "it is not well")
    assert slots.state().restore is None


def test_a_backup_that_is_gone_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = make_folder(tmp_path)
    before = state(config)
    slots = make_slots(tmp_path, "1.1", "1.2")
    slots.point("current", "1.1")
    write_data_format(slots, "1.2", 2)
    begin_trial(slots, "1.2", backup=tmp_path / "gone.zip")
    choose(slots, start=True)
    fall_back(slots, "it is not well")
    for name in ("GANTRY_RELEASES", "GANTRY_FACTORY", "GANTRY_RELEASE_KEYS"):
        monkeypatch.setenv(name, str(slots.root if name == "GANTRY_RELEASES" else tmp_path))
    finish_what_was_begun(config)
    assert state(config) == before
    assert slots.state().restore is None
