"""What the kernel tells about a folder, by a real one."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from inotify_simple import Event, flags

from appliance.components.file_manager.reports import FolderReports
from tests.waiting import deadline


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder behind a link, as one on another disk is."""
    (tmp_path / "disk").mkdir()
    (tmp_path / "gcodes").symlink_to("disk")
    return tmp_path / "gcodes"


@pytest.fixture
async def reports(folder: Path) -> AsyncIterator[FolderReports]:
    async with FolderReports(folder) as each:
        yield each


async def told(reports: FolderReports, *wanted: str) -> set[str]:
    """Collect reports until those are among them."""
    paths: set[str] = set()
    async with deadline():
        while not paths.issuperset(wanted):
            paths |= await reports.together(None, 0.01, 0.1)
    return paths


async def test_a_whole_tree_that_comes_is_watched_to_its_last_folder(
    folder: Path, reports: FolderReports
) -> None:
    (folder / "a" / "b" / "c").mkdir(parents=True)
    assert "a" in await told(reports, "a")
    (folder / "a" / "b" / "c" / "x.gcode").write_text("G28")
    await told(reports, "a/b/c/x.gcode")


async def test_a_folder_is_followed_to_its_new_name_and_not_out_of_ours(
    folder: Path, reports: FolderReports, tmp_path: Path
) -> None:
    (folder / "a" / "b").mkdir(parents=True)
    await told(reports, "a")
    (folder / "a").rename(folder / "z")
    await told(reports, "a", "z")
    (folder / "z" / "b" / "x.gcode").write_text("G28")
    assert "a/b/x.gcode" not in await told(reports, "z/b/x.gcode")
    (folder / "z").rename(tmp_path / "outside")
    await told(reports, "z")
    (tmp_path / "outside" / "b" / "y.gcode").write_text("G28")
    (folder / "last.gcode").write_text("G28")
    assert await told(reports, "last.gcode") == {"last.gcode"}


async def test_hidden_names_links_and_names_that_are_no_text_are_left_alone(
    folder: Path, reports: FolderReports, tmp_path: Path
) -> None:
    (tmp_path / "outside").mkdir()
    (folder / "link").symlink_to(tmp_path / "outside")
    (folder / ".thumbs").mkdir()
    (folder / "\udcff").mkdir()
    await told(reports, "link")
    (tmp_path / "outside" / "x.gcode").write_text("G28")
    (folder / ".thumbs" / "x.png").write_text("P")
    (folder / "\udcff" / "x.gcode").write_text("G28")
    (folder / "last.gcode").write_text("G28")
    assert await told(reports, "last.gcode") == {"last.gcode"}


async def test_when_reports_were_lost_the_whole_folder_is_looked_at(
    folder: Path, reports: FolderReports, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = [Event(-1, flags.Q_OVERFLOW, 0, "")]
    told_once = iter([lost])
    monkeypatch.setattr(reports._inotify, "read", lambda timeout: next(told_once, []))
    (folder / "x.gcode").write_text("G28")
    assert await told(reports, "") == {""}


async def test_nothing_in_time_is_nothing(reports: FolderReports) -> None:
    assert await reports.together(0.01, 0.01, 0.1) == set()


async def test_waiting_ends_when_asked(reports: FolderReports) -> None:
    waiting = asyncio.ensure_future(reports.together(None, 0.01, 0.1))
    reports.end()
    assert await waiting == set()


async def test_a_folder_that_is_gone_is_an_error(folder: Path, tmp_path: Path) -> None:
    async with FolderReports(folder) as reports:
        (tmp_path / "disk").rmdir()
        with pytest.raises(FileNotFoundError):
            await told(reports, "never")
    with pytest.raises(FileNotFoundError):
        async with FolderReports(folder):
            pytest.fail("nothing is there")


def queues() -> list[str]:
    """Return what this process has open for reports."""
    open_files = Path("/proc/self/fd").iterdir()
    return [str(each) for each in open_files if each.is_symlink() and "inotify" in _of(each)]


def _of(link: Path) -> str:
    try:
        return str(link.readlink())
    except FileNotFoundError:  # that of the listing itself
        return ""


async def test_whoever_is_stopped_while_it_looks_around_leaves_nothing_open(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_go_on = threading.Event(), threading.Event()

    def slow_disk(self: FolderReports, path: str) -> None:
        begun.set()
        may_go_on.wait()

    monkeypatch.setattr(FolderReports, "_watch", slow_disk)
    entering = asyncio.ensure_future(FolderReports(folder).__aenter__())
    try:
        await asyncio.to_thread(begun.wait)
        assert len(queues()) == 1
        entering.cancel()
        with pytest.raises(asyncio.CancelledError):
            await entering
        assert queues() == []
    finally:
        may_go_on.set()
