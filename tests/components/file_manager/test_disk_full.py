"""A full disk: a clear error, nothing half written, and what is there stays readable.

On a small tmpfs where this process may mount one, else with a disk that says it is full.
"""

import asyncio
import ctypes
import errno
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from appliance.components.file_manager.disk import RESERVE_BYTES
from appliance.domain.files import GCODES, Item
from appliance.errors import StorageFull
from tests.components.file_manager.conftest import Shop, open_shop, pieces

SPACE = 4_000_000  # beyond what is kept in reserve
_libc = ctypes.CDLL(None, use_errno=True)


def mount(path: Path) -> bool:
    options = f"size={RESERVE_BYTES + SPACE}".encode()
    return bool(_libc.mount(b"tmpfs", bytes(path), b"tmpfs", 0, options) == 0)


@pytest.fixture
def small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A disk with room for four megabytes."""
    path = tmp_path / "disk"
    path.mkdir()
    if mount(path):
        yield path
        _libc.umount2(bytes(path), 2)
        return

    def used() -> int:
        return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())

    real = os.statvfs

    def statvfs(where: object) -> object:
        status = real(path)
        free = (RESERVE_BYTES + SPACE - used()) // status.f_frsize
        return os.statvfs_result((*status[:3], free, free, *status[5:]))

    monkeypatch.setattr(os, "statvfs", statvfs)
    yield path


@pytest.fixture
async def shop(small_disk: Path) -> AsyncIterator[Shop]:
    shop, disk, database = await open_shop(small_disk)
    yield shop
    await database.close()
    await disk.close()


async def test_what_does_not_fit_is_refused_before_the_first_byte(shop: Shop) -> None:
    with pytest.raises(StorageFull, match="not enough room"):
        await shop.service.upload(size=SPACE + 1)
    assert shop.on_disk() == set()


async def test_uploads_side_by_side_share_the_room(shop: Shop) -> None:
    async with await shop.service.upload(size=SPACE * 2 // 3):
        with pytest.raises(StorageFull):
            await shop.service.upload(size=SPACE * 2 // 3)
    async with await shop.service.upload(size=SPACE * 2 // 3):
        pass


async def test_an_upload_of_unknown_size_that_fills_the_disk_leaves_nothing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.components.file_manager.intake.FLUSH_BYTES", 1_000_000)
    await shop.upload("old.gcode", b"G28\n")
    with pytest.raises(StorageFull):
        await shop.service.receive(GCODES, "old.gcode", pieces(bytes(SPACE * 2), 1 << 18))
    assert shop.on_disk() == {"old.gcode"}
    assert (shop.folder / "old.gcode").read_bytes() == b"G28\n"
    await shop.upload("new.gcode", b"G28\n" * 1000)  # there is room again


async def test_copies_and_archives_need_room_too(shop: Shop) -> None:
    await shop.upload("big.gcode", bytes(SPACE * 2 // 3))
    with pytest.raises(StorageFull):
        await shop.service.copy(Item(GCODES, "big.gcode"), Item(GCODES, "copy.gcode"))
    with pytest.raises(StorageFull):
        await shop.service.zip([Item(GCODES, "big.gcode")], Item(GCODES, "all.zip"))
    assert shop.on_disk() == {"big.gcode"}


@pytest.mark.parametrize("call", ["write", "fsync", "rename", "mkdir"])
@pytest.mark.parametrize(
    ("number", "error"), [(errno.ENOSPC, StorageFull), (errno.EDQUOT, StorageFull)]
)
async def test_every_call_may_find_the_disk_full(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, call: str, number: int, error: type[Exception]
) -> None:
    await shop.upload("old.gcode", b"G28\n")

    def full(*args: object, **kwargs: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(os, call, full)
        with pytest.raises(error, match="full"):
            await shop.upload("new/file.gcode", b"G1 X1\n" * 300_000)
    assert shop.on_disk() == {"old.gcode"}
    assert await shop.paths() == ["old.gcode"]
    await shop.upload("new/file.gcode", b"G1 X1\n")
    assert await shop.paths() == ["new/file.gcode", "old.gcode"]


async def test_an_upload_gone_wrong_frees_its_promise(shop: Shop) -> None:
    for _ in range(3):
        task = asyncio.create_task(
            shop.service.receive(GCODES, "x.gcode", forever(), size=SPACE * 2 // 3)
        )
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with await shop.service.upload(size=SPACE * 2 // 3):
        pass


async def forever() -> AsyncIterator[bytes]:
    yield b"x"
    await asyncio.Event().wait()
