"""What goes into a backup, comes out again as it was."""

from __future__ import annotations

import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.backup.format import CHECKSUMS
from appliance.backup.format import HEAD as HEAD_NAME
from appliance.backup.packing import pack
from appliance.backup.reading import read_info
from appliance.backup.replacing import finish_restore
from appliance.backup.staging import stage, verify
from appliance.domain.backup import BackupDamaged, BackupUnusable, PassphraseWrong
from tests.backup.folders import HEAD, LEFT, TAKEN, add_row, folders, make_folder, rows, state

PASSPHRASE = "a passphrase of people"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return make_folder(tmp_path)


@pytest.fixture(scope="module")
def one_archive(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return packed(make_folder(tmp_path_factory.mktemp("one"))).read_bytes()


def packed(config: Path, *, files: bool = False, passphrase: str | None = None) -> Path:
    target = config.parent / "one.zip"
    pack(target, replace(HEAD, has_files=files), folders(config), passphrase)
    return target


def names(archive: Path) -> set[str]:
    with zipfile.ZipFile(archive) as file:
        return set(file.namelist()) - {HEAD_NAME, CHECKSUMS}


def test_everything_is_taken_that_somebody_would_miss_and_nothing_else(config: Path) -> None:
    assert names(packed(config)) == {f"config/{name}" for name in TAKEN}
    assert LEFT.isdisjoint(TAKEN)


def test_the_gcode_is_taken_if_that_is_wished(config: Path) -> None:
    assert "files/cube.gcode" in names(packed(config, files=True))


def test_a_backup_is_for_its_owner_only(config: Path) -> None:
    assert packed(config).stat().st_mode & 0o777 == 0o600


def test_a_database_in_use_is_taken_as_of_one_moment(config: Path) -> None:
    path = config / ".storage/history.sqlite"
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO jobs VALUES ('half done')")
        archive = packed(config)
        writer.rollback()
    make_folder(config.parent / "other", "other")
    other = config.parent / "other/config"
    stage(archive, other, None)
    finish_restore(other)
    assert rows(other / ".storage/history.sqlite") == ["old"]


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_a_restore_brings_the_state_of_then(config: Path, passphrase: str | None) -> None:
    before = state(config)
    archive = packed(config, files=True, passphrase=passphrase)
    (config / "configuration.yaml").write_text("appliance:\n")
    (config / ".storage/auth.json").write_text("somebody else")
    (config / ".storage/new_user.json").write_text("made since")
    (config / "notes.txt").write_text("put there by people")
    (config / "gcodes/cube.gcode").write_text("changed")
    (config / "gcodes/new.gcode").write_text("new")
    add_row(config / ".storage/history.sqlite", "since")
    stage(archive, config, passphrase)
    finish_restore(config)
    assert state(config) == before
    assert not (config / ".storage/new_user.json").exists(), "of the time after the backup"
    assert (config / "notes.txt").exists(), "nothing of people's own is removed"
    assert (config / "gcodes/cube.gcode").read_text() == "gcodes/cube.gcode old"
    assert (config / "gcodes/new.gcode").exists()
    assert (config / "timelapse/video.mp4").exists()
    assert (config / ".storage/backups/old.zip").exists()
    assert not (config / ".storage/restore").exists()


def test_a_link_in_the_folder_is_not_followed(config: Path) -> None:
    (config / "custom_components/passwd").symlink_to("/etc/passwd")
    (config / "everything").symlink_to("/")
    assert names(packed(config)) == {f"config/{name}" for name in TAKEN}


def test_a_sealed_backup_shows_nothing_but_its_head(config: Path) -> None:
    archive = packed(config, passphrase=PASSPHRASE)
    assert b"swordfish" not in archive.read_bytes()
    head, sealed = read_info(archive)
    assert (head.appliance, sealed) == ("Workshop", True)
    for wrong in (None, "another passphrase"):
        with pytest.raises(PassphraseWrong):
            verify(archive, wrong)
    assert verify(archive, PASSPHRASE) == replace(HEAD, has_files=False)


def test_a_sealed_backup_that_was_cut_off_or_touched_is_refused(config: Path) -> None:
    archive = packed(config, passphrase=PASSPHRASE)
    content = archive.read_bytes()
    for damaged in (content[:-1], content[:200], content[:30], content + b"x"):
        archive.write_bytes(damaged)
        with pytest.raises((BackupDamaged, PassphraseWrong)):
            verify(archive, PASSPHRASE)
    archive.write_bytes(content.replace(b"Workshop", b"Sweatsho", 1))
    with pytest.raises(PassphraseWrong):
        verify(archive, PASSPHRASE)


def test_a_configuration_that_is_not_valid_here_is_refused(config: Path) -> None:
    archive = config.parent / "one.zip"
    where = folders(config)
    (config / "configuration.yaml").write_text("appliance: {name: X}\nno_such_thing:\n")
    pack(archive, HEAD, where, None)
    (config / "configuration.yaml").write_text("appliance: {name: X}\n")
    with pytest.raises(BackupUnusable, match=r"line 2.*no_such_thing"):
        stage(archive, config, None)
    finish_restore(config)
    assert (config / "configuration.yaml").read_text() == "appliance: {name: X}\n"


def test_a_backup_of_a_later_gantry_is_refused(config: Path) -> None:
    archive = config.parent / "one.zip"
    pack(archive, replace(HEAD, data_format=99), folders(config), None)
    with pytest.raises(BackupUnusable, match="too old"):
        verify(archive, None)


@settings(max_examples=60)
@given(data=st.data())
def test_a_flipped_bit_is_found_or_harmless(
    one_archive: bytes, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = bytearray(one_archive)
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    archive = tmp_path_factory.getbasetemp() / "flipped.zip"
    archive.write_bytes(content)
    try:
        found = verify(archive, None)
    except (BackupDamaged, BackupUnusable):
        return
    assert found == HEAD, "what is whole is what was written"
