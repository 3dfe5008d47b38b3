import os
from pathlib import Path

import pytest

from appliance.components.file_manager import beneath
from appliance.errors import FileExists, FileMissing


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root with everything in it that somebody could plant."""
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key.gcode").write_text("secret")
    root = tmp_path / "root"
    (root / "real").mkdir(parents=True)
    (root / "real" / "part.gcode").write_text("G28")
    (root / "folder-link").symlink_to(secret)
    (root / "file-link.gcode").symlink_to(secret / "key.gcode")
    (root / "inner-link.gcode").symlink_to("real/part.gcode")
    os.mkfifo(root / "fifo.gcode")
    os.link(secret / "key.gcode", root / "hard-link.gcode")
    (root / os.fsdecode(b"\xff.gcode")).write_text("not a name")
    return root


PLANTED = [
    "folder-link",
    "folder-link/key.gcode",
    "file-link.gcode",
    "inner-link.gcode",
    "fifo.gcode",
    "hard-link.gcode",
    "real/part.gcode/x",
]


def test_a_walk_finds_plain_files_and_folders_only(root: Path) -> None:
    assert [entry.path for entry in beneath.walk(root)] == ["real", "real/part.gcode"]


@pytest.mark.parametrize("path", PLANTED)
def test_what_is_planted_is_not_there(root: Path, path: str) -> None:
    assert beneath.entry(root, path) is None
    with pytest.raises(FileMissing):
        beneath.open_file(root, path)


@pytest.mark.parametrize("path", PLANTED)
def test_what_is_planted_is_not_moved(root: Path, path: str) -> None:
    with pytest.raises(FileMissing):
        beneath.rename((root, path), (root, "moved.gcode"))


def test_nothing_is_written_through_a_link(root: Path, tmp_path: Path) -> None:
    with pytest.raises(FileMissing):
        beneath.rename((root, "real/part.gcode"), (root, "folder-link/part.gcode"))
    with pytest.raises(FileMissing):
        beneath.make_folder(root, "folder-link/new")
    assert [file.name for file in (tmp_path / "secret").iterdir()] == ["key.gcode"]


def test_removing_a_folder_leaves_what_its_links_point_to(root: Path, tmp_path: Path) -> None:
    (root / "real" / "link").symlink_to(tmp_path / "secret")
    beneath.remove_tree(root, "real")
    assert not (root / "real").exists()
    assert (tmp_path / "secret" / "key.gcode").read_text() == "secret"
    with pytest.raises(FileMissing):
        beneath.remove_tree(root, "folder-link/x")
    beneath.remove_file(root, "folder-link/key.gcode")
    assert (tmp_path / "secret" / "key.gcode").exists()


def test_a_root_that_is_a_link_is_the_choice_of_the_person(root: Path, tmp_path: Path) -> None:
    link = tmp_path / "usb"
    link.symlink_to(root)
    assert beneath.entry(link, "real/part.gcode") is not None


def test_making_a_folder_twice_is_told(root: Path) -> None:
    beneath.make_folder(root, "a/b/c")
    assert (root / "a" / "b" / "c").is_dir()
    with pytest.raises(FileExists):
        beneath.make_folder(root, "a/b/c")


def test_only_an_empty_folder_is_removed_as_empty(root: Path) -> None:
    beneath.make_folder(root, "empty")
    assert beneath.remove_empty_folder(root, "empty")
    assert not beneath.remove_empty_folder(root, "real")
    assert (root / "real" / "part.gcode").exists()
