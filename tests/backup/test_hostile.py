"""An archive that wants to do harm changes nothing, and is refused with a sentence."""

from __future__ import annotations

import hashlib
import stat
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import orjson
import pytest

from appliance.backup import reading
from appliance.backup.format import CHECKSUMS
from appliance.backup.format import HEAD as HEAD_NAME
from appliance.backup.replacing import finish_restore
from appliance.backup.staging import stage, verify
from appliance.domain.backup import BackupDamaged
from tests.backup.folders import HEAD, make_folder, state

GOOD = {"config/configuration.yaml": b"appliance: {name: Other}\n"}


def archive(
    path: Path,
    members: Mapping[str, bytes] = GOOD,
    *,
    sums: Mapping[str, str] | None = None,
    change: Callable[[zipfile.ZipInfo], None] = lambda _: None,
) -> Path:
    """Write an archive with right checksums, unless others are given."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(HEAD_NAME, HEAD.dump())
        for name, content in members.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o100600 << 16
            if name != "config/configuration.yaml":
                change(entry)
            file.writestr(entry, content)
        found = sums or {
            name: hashlib.sha256(content).hexdigest() for name, content in members.items()
        }
        listed = {name: {"sha256": each, "size": 1} for name, each in found.items()}
        file.writestr(CHECKSUMS, orjson.dumps(listed))
    return path


def refused(tmp_path: Path, hostile: Path, match: str | None = None) -> None:
    """Expect that it is refused, and that nothing is another than before."""
    config = make_folder(tmp_path)
    before = state(config)
    with pytest.raises(BackupDamaged, match=match):
        stage(hostile, config, None)
    finish_restore(config)
    assert state(config) == before
    assert not (config / ".storage/restore").exists()
    outside = {path.name for path in tmp_path.iterdir()}
    assert outside <= {"config", "one.zip"}, "nothing was written elsewhere"


def test_a_plain_one_is_taken(tmp_path: Path) -> None:
    assert verify(archive(tmp_path / "one.zip"), None) == HEAD


@pytest.mark.parametrize(
    "name",
    [
        "config/../evil.yaml",
        "config/.storage/../../evil",
        "config//etc/passwd",
        "/etc/passwd",
        "../evil",
        "config/a\\..\\evil",
        "config/new\nline.yaml",
        "config/" + "x" * 300,
        "config/" + "y/" * 600 + "z",
        "files/../evil.gcode",
        "files/./x.gcode",
        "evil.txt",
        "config/.storage/core.lock",
        "config/.storage/control.sock",
        "config/.storage/restore/ready.json",
        "config/.storage/backups/x.zip",
        "config/.git/hooks/post-checkout",
        "config/logs/gantry.log",
    ],
)
def test_a_name_that_is_in_no_backup(tmp_path: Path, name: str) -> None:
    refused(tmp_path, archive(tmp_path / "one.zip", {**GOOD, name: b"x"}))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK])
def test_what_is_no_plain_file(tmp_path: Path, kind: int) -> None:
    def change(entry: zipfile.ZipInfo) -> None:
        entry.external_attr = (kind | 0o777) << 16

    members = {**GOOD, "config/notes.txt": b"/etc/passwd"}
    hostile = archive(tmp_path / "one.zip", members, change=change)
    refused(tmp_path, hostile, "no plain file")


def test_a_setuid_bit_is_not_carried_over(tmp_path: Path) -> None:
    def change(entry: zipfile.ZipInfo) -> None:
        entry.external_attr = 0o106777 << 16

    config = make_folder(tmp_path)
    members = {**GOOD, "config/notes.txt": b"x"}
    stage(archive(tmp_path / "one.zip", members, change=change), config, None)
    finish_restore(config)
    mode = (config / "notes.txt").stat().st_mode
    assert mode & 0o7022 == 0, "neither setuid nor writable for others"


def test_two_of_one_name(tmp_path: Path) -> None:
    members = {**GOOD, "config/A.yaml": b"1", "config/a.yaml": b"2"}
    refused(tmp_path, archive(tmp_path / "one.zip", members), "one name")


def test_a_file_that_is_a_folder_as_well(tmp_path: Path) -> None:
    members = {**GOOD, "config/a": b"1", "config/a/b.yaml": b"2"}
    refused(tmp_path, archive(tmp_path / "one.zip", members), "one name")


def test_a_wrong_checksum(tmp_path: Path) -> None:
    sums = dict.fromkeys(GOOD, "0" * 64)
    refused(tmp_path, archive(tmp_path / "one.zip", sums=sums), "damaged")


def test_a_file_that_is_not_listed(tmp_path: Path) -> None:
    sums = {"config/other.yaml": "0" * 64}
    refused(tmp_path, archive(tmp_path / "one.zip", sums=sums), "lists")


def test_no_configuration_in_it(tmp_path: Path) -> None:
    hostile = archive(tmp_path / "one.zip", {"config/notes.txt": b"x"})
    refused(tmp_path, hostile, "configuration.yaml")


def test_a_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "RATIO_FROM_BYTES", 1 << 20)
    members = {**GOOD, "config/notes.txt": bytes(8 << 20)}
    refused(tmp_path, archive(tmp_path / "one.zip", members), "far more")


def test_more_files_than_any_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_FILES", 10)
    members = {**GOOD, **{f"config/{number}.yaml": b"x" for number in range(10)}}
    refused(tmp_path, archive(tmp_path / "one.zip", members), "more files")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK",
        b"hello",
        b"\x1f\x8b" + bytes(100),
        b"gantry-sealed-backup 1\n\xff\xff\xff\xff",
    ],
)
def test_what_is_no_archive_at_all(tmp_path: Path, content: bytes) -> None:
    hostile = tmp_path / "one.zip"
    hostile.write_bytes(content)
    refused(tmp_path, hostile)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"[]",
        b'{"gantry_backup": 2}',
        orjson.dumps({**orjson.loads(HEAD.dump()), "reason": "no"}),
        orjson.dumps({**orjson.loads(HEAD.dump()), "made_at": None}),
        orjson.dumps({**orjson.loads(HEAD.dump()), "appliance": "\x1b[31m"}),
    ],
)
def test_a_head_that_says_nothing(tmp_path: Path, head: bytes) -> None:
    hostile = tmp_path / "one.zip"
    with zipfile.ZipFile(hostile, "w") as file:
        file.writestr(HEAD_NAME, head)
        file.writestr(CHECKSUMS, b"{}")
    refused(tmp_path, hostile)
