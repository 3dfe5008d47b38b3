"""Changes from outside: a shell, SMB, rsync."""

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from appliance.components.file_manager import watch as watch_module
from appliance.domain.file_events import (
    FileAdded,
    FileChanged,
    FileRemoved,
    FolderAdded,
    FolderRemoved,
)
from appliance.domain.files import GCODES, Item
from tests.components.file_manager.conftest import Shop
from tests.waiting import eventually


@pytest.fixture
async def watched(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Shop]:
    monkeypatch.setattr(watch_module, "SETTLED_S", 0.2)
    monkeypatch.setattr(watch_module, "DEBOUNCE_S", 0.1)
    monkeypatch.setattr(watch_module, "STEP_S", 0.02)
    task = asyncio.create_task(shop.watcher.run())
    (shop.folder / "sign").mkdir()

    def noticed() -> bool:
        """Make a change until one is told: then the watcher is at work."""
        os.utime(shop.folder / "sign")
        (shop.folder / "sign" / "x").mkdir(exist_ok=True)
        (shop.folder / "sign" / "x").rmdir()
        return bool(shop.told)

    await eventually(noticed, "the watcher is at work")
    await shop.service.delete(GCODES, "sign")
    await shop.watcher.compare(set())
    shop.told.clear()
    yield shop
    shop.watcher.stop()
    await task


def old(path: Path, content: bytes) -> None:
    """Write a file as rsync does: with its time, under another name first."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    os.utime(part, (time.time() - 60, time.time() - 60))
    part.rename(path)


def told(shop: Shop, kind: type) -> list[str]:
    events = [event for event in shop.told if isinstance(event, kind)]
    return [getattr(event, "file", None) or event.folder for event in events]  # type: ignore[attr-defined]


async def test_what_others_do_is_told(watched: Shop) -> None:
    old(watched.folder / "new.gcode", b"G28\n")
    await eventually(lambda: [f.path for f in told(watched, FileAdded)] == ["new.gcode"])  # type: ignore[attr-defined]
    old(watched.folder / "new.gcode", b"G28\nG1 X1\n")
    await eventually(lambda: told(watched, FileChanged))
    (watched.folder / "sub").mkdir()
    await eventually(lambda: told(watched, FolderAdded))
    (watched.folder / "new.gcode").rename(watched.folder / "sub" / "moved.gcode")
    await eventually(lambda: told(watched, FileRemoved))
    await eventually(lambda: len(told(watched, FileAdded)) == 2)
    assert await watched.paths() == ["sub/moved.gcode"]
    watched.told.clear()
    (watched.folder / "sub" / "moved.gcode").unlink()
    (watched.folder / "sub").rmdir()
    await eventually(lambda: told(watched, FolderRemoved))


async def test_a_file_that_is_still_written_is_told_once_it_rests(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_module, "SETTLED_S", 1800.0)  # longer than any test takes
    path = shop.folder / "slow.gcode"
    for number in range(3):
        with path.open("ab") as file:
            file.write(b"G1 X%d\n" % number)
        await shop.watcher.compare({"slow.gcode"})
    assert shop.told == []
    os.utime(path, (time.time() - 3600, time.time() - 3600))
    await shop.watcher.compare({"slow.gcode"})
    assert [file.size for file in told(shop, FileAdded)] == [path.stat().st_size]  # type: ignore[attr-defined]


async def test_a_file_that_rests_is_looked_at_without_another_report(watched: Shop) -> None:
    (watched.folder / "quick.gcode").write_bytes(b"G28\n")  # its time is now
    await eventually(lambda: told(watched, FileAdded))


async def test_a_start_with_many_new_files_does_not_wait_for_them(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_module, "AT_ONCE", 10)
    for number in range(130):
        (shop.folder / f"{number:03}.gcode").write_bytes(b"G28\n")
    await shop.watcher.begin()
    read = await shop.paths()
    assert len(read) == 10
    gone = next(path for path in shop.folder.glob("*.gcode") if path.name not in read)
    gone.unlink()  # in between
    before = shop.service.revision()
    await shop.watcher.catch_up()
    assert await shop.paths() == sorted(path.name for path in shop.folder.glob("*.gcode"))
    assert shop.service.revision() > before


async def test_what_we_do_ourselves_is_told_once(watched: Shop) -> None:
    await watched.upload("a/mine.gcode")
    await watched.service.copy(Item(GCODES, "a/mine.gcode"), Item(GCODES, "b.gcode"))
    await watched.service.move(Item(GCODES, "a"), Item(GCODES, "c"))
    old(watched.folder / "theirs.gcode", b"G28\n")
    await eventually(lambda: len(told(watched, FileAdded)) >= 3)
    names = [file.path for file in told(watched, FileAdded)]  # type: ignore[attr-defined]
    assert names == ["a/mine.gcode", "b.gcode", "theirs.gcode"]
    assert told(watched, FileChanged) == []
    assert told(watched, FileRemoved) == []


async def test_a_folder_that_was_away_is_looked_at_again(shop: Shop) -> None:
    watching = asyncio.ensure_future(shop.watcher.run())
    await eventually(lambda: shop.watcher._reports)
    shutil.rmtree(shop.folder)
    with pytest.raises(FileNotFoundError):
        await watching
    shop.folder.mkdir()
    old(shop.folder / "meanwhile.gcode", b"G28\n")
    watching = asyncio.ensure_future(shop.watcher.run())
    await eventually(lambda: told(shop, FileAdded))
    shop.watcher.stop()
    await watching
