from __future__ import annotations

import asyncio
import errno
import json
import os
import stat
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from appliance import storage
from appliance.storage import Storage, StorageError, write_atomic
from tests.waiting import eventually

# -- write_atomic, killed or failing at every single call to the operating system

CALLS = ("open", "fchmod", "write", "fsync", "close", "replace", "unlink")
KILLED = f"""
import os, signal, sys
from pathlib import Path
from appliance.storage import write_atomic

count = 0
def broken(function):
    def call(*arguments, **options):
        global count
        count += 1
        if count == int(sys.argv[2]) and sys.argv[3] == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        if function is plain_write and len(arguments[1]) > 5:
            arguments = (arguments[0], arguments[1][:5])  # a short write, as disks do
        result = function(*arguments, **options)
        if count == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    return call

plain_write = os.write
for name in {CALLS!r}:
    setattr(os, name, broken(getattr(os, name)))
write_atomic(Path(sys.argv[1]), b"the new contents")
print(count)
"""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_kill_at_any_call_leaves_the_old_or_the_new_file(
    tmp_path: Path, moment: str
) -> None:
    file = tmp_path / "file"
    seen = set()
    for number in range(1, 100):
        file.write_bytes(b"the old contents")
        command = [sys.executable, "-c", KILLED, str(file), str(number), moment]
        result = subprocess.run(command, capture_output=True, check=False)
        contents = file.read_bytes()
        assert contents in (b"the old contents", b"the new contents")
        seen.add(contents)
        if result.returncode == 0:
            assert contents == b"the new contents"
            assert number > 10  # it was killed at ten calls at least
            break
        assert result.returncode == -9, result.stderr
    else:
        pytest.fail("it never ends")
    assert len(seen) == 2


@pytest.mark.parametrize("name", ["fchmod", "write", "fsync", "replace"])
def test_an_error_at_any_call_leaves_the_old_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, name, full)
    with pytest.raises(OSError, match="No space"):
        write_atomic(file, b"new")
    assert [each.name for each in tmp_path.iterdir()] == ["file"]
    assert file.read_bytes() == b"old"


def test_the_mode_is_as_asked_for_whatever_the_umask(tmp_path: Path) -> None:
    umask = os.umask(0o077)
    try:
        write_atomic(tmp_path / "private", b"")
        write_atomic(tmp_path / "shared", b"", 0o664)
    finally:
        os.umask(umask)
    assert stat.S_IMODE((tmp_path / "private").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "shared").stat().st_mode) == 0o664


# -- stores


async def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    store = Storage(tmp_path / "new" / ".storage").store("users")
    assert await store.load() is None
    await store.save({"a": [1, None, "é"]})
    assert await store.load() == {"a": [1, None, "é"]}
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700


async def test_saves_in_quick_succession_are_one_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes: list[bytes] = []
    monkeypatch.setattr(storage, "write_atomic", lambda _, data: writes.append(data))
    made = Storage(tmp_path)
    store = made.store("x")
    for number in range(10):
        store.save_soon(partial(int, number), delay_s=0.01)
    await eventually(lambda: writes)
    await made.close()
    assert [json.loads(data)["data"] for data in writes] == [9]


async def test_closing_writes_what_is_pending(tmp_path: Path) -> None:
    made = Storage(tmp_path)
    store = made.store("x")
    store.save_soon(lambda: 1)
    await made.close()
    assert json.loads(store.path.read_bytes()) == {"version": 1, "data": 1}


async def test_a_save_during_a_write_is_written_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Storage(tmp_path)
    store = made.store("x")
    loop = asyncio.get_running_loop()
    writing = asyncio.Event()
    go_on = asyncio.Event()
    values: list[Any] = []

    def slow(_: Path, data: bytes) -> None:
        values.append(json.loads(data)["data"])
        loop.call_soon_threadsafe(writing.set)
        asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result()

    monkeypatch.setattr(storage, "write_atomic", slow)
    store.save_soon(lambda: "first", delay_s=0)
    await writing.wait()
    store.save_soon(lambda: "second", delay_s=0)
    go_on.set()
    await eventually(lambda: values == ["first", "second"])
    await made.close()


async def test_a_write_that_was_left_behind_does_not_overtake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cancelled request leaves its thread writing; a later save must win."""
    store = Storage(tmp_path).store("x")
    loop = asyncio.get_running_loop()
    writing, go_on = asyncio.Event(), asyncio.Event()

    def slow_at_first(path: Path, data: bytes) -> None:
        if b"old" in data:
            loop.call_soon_threadsafe(writing.set)
            asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result()
        path.write_bytes(data)

    monkeypatch.setattr(storage, "write_atomic", slow_at_first)
    first = asyncio.create_task(store.save("old"))
    await writing.wait()
    first.cancel()
    second = asyncio.create_task(store.save("new"))
    go_on.set()
    await second
    assert await store.load() == "new"
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_a_full_disk_is_tried_again_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(storage, "RETRY_DELAY_S", 0.01)
    failures = [OSError(errno.ENOSPC, "No space left"), OSError(errno.EIO, "Input error")]

    def write(path: Path, data: bytes) -> None:
        if failures:
            raise failures.pop()
        write_atomic(path, data)  # so that the file is whole as soon as it is there

    monkeypatch.setattr(storage, "write_atomic", write)
    made = Storage(tmp_path)
    store = made.store("x")
    store.save_soon(lambda: "kept", delay_s=0)
    await eventually(store.path.exists)
    assert await store.load() == "kept"
    assert "No space left, trying again" in caplog.text
    await made.close()


async def test_a_direct_save_says_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store = Storage(tmp_path / "file").store("x")
    with pytest.raises(StorageError, match=r"Cannot write .*x.json"):
        await store.save(1)
    store = Storage(tmp_path).store("x")
    with pytest.raises(StorageError, match=r"Cannot write .*not JSON serializable"):
        await store.save(object())


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b'{"version": "x", "data": 1}', b"\0" * 64]
)
async def test_a_damaged_file_is_set_aside(
    tmp_path: Path, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    store = Storage(tmp_path).store("users")
    for _ in range(2):
        store.path.write_bytes(damage)
        assert await store.load() is None
    kept = sorted(tmp_path.glob("users.json.damaged-*"))
    assert [file.read_bytes() for file in kept] == [damage, damage]
    assert "users.json is damaged" in caplog.text
    assert kept[0].name in caplog.text


async def test_older_data_are_migrated_and_kept(tmp_path: Path) -> None:
    await Storage(tmp_path).store("x", 1).save([1])

    def migrate(version: int, data: Any) -> Any:
        return {"from": version, "items": data}

    store = Storage(tmp_path).store("x", 3, migrate)
    assert await store.load() == {"from": 1, "items": [1]}
    assert json.loads(store.path.read_bytes())["version"] == 3


async def test_newer_data_are_not_touched(tmp_path: Path) -> None:
    await Storage(tmp_path).store("x", 2).save([1])
    with pytest.raises(StorageError, match="written by a newer Gantry"):
        await Storage(tmp_path).store("x", 1).load()
    assert await Storage(tmp_path).store("x", 2).load() == [1]


async def test_removing_forgets_what_is_pending(tmp_path: Path) -> None:
    made = Storage(tmp_path)
    store = made.store("x")
    await store.save(1)
    store.save_soon(lambda: 2)
    await store.remove()
    await made.close()
    assert not store.path.exists()


def test_a_store_has_one_owner(tmp_path: Path) -> None:
    made = Storage(tmp_path)
    made.store("x")
    with pytest.raises(StorageError, match="'x' is in use"):
        made.store("x")
