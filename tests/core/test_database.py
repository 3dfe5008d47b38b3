import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.database import Database
from appliance.errors import StorageFull
from appliance.storage import StorageError

FIRST = "CREATE TABLE things (name TEXT)"
SECOND = "ALTER TABLE things ADD COLUMN size INTEGER NOT NULL DEFAULT 7"


def add(name: str) -> Callable[[sqlite3.Connection], object]:
    return lambda connection: connection.execute(
        "INSERT INTO things (name) VALUES (?)", (name,)
    )


def names(connection: sqlite3.Connection) -> list[str]:
    return [row["name"] for row in connection.execute("SELECT name FROM things")]


async def opened(path: Path, *schema: str) -> Database:
    database = Database(path, schema)
    await database.open()
    return database


async def test_what_is_written_is_there_after_a_restart(tmp_path: Path) -> None:
    database = await opened(tmp_path / "x.sqlite", FIRST)
    await database.run(add("a"))
    await database.close()
    assert (tmp_path / "x.sqlite").stat().st_mode & 0o777 == 0o600
    database = await opened(tmp_path / "x.sqlite", FIRST)
    assert await database.run(names) == ["a"]
    await database.close()


async def test_a_failure_takes_back_the_whole_transaction(tmp_path: Path) -> None:
    database = await opened(tmp_path / "x.sqlite", FIRST)

    def half(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO things (name) VALUES ('half')")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await database.run(half)
    assert await database.run(names) == []
    await database.close()


async def test_a_schema_grows_and_keeps_the_data(tmp_path: Path) -> None:
    database = await opened(tmp_path / "x.sqlite", FIRST)
    await database.run(add("a"))
    await database.close()
    database = await opened(tmp_path / "x.sqlite", FIRST, SECOND)
    sizes = await database.run(
        lambda connection: connection.execute("SELECT size FROM things").fetchone()["size"]
    )
    assert sizes == 7
    await database.close()


async def test_a_newer_file_is_left_alone(tmp_path: Path) -> None:
    database = await opened(tmp_path / "x.sqlite", FIRST, SECOND)
    await database.close()
    old = Database(tmp_path / "x.sqlite", [FIRST])
    with pytest.raises(StorageError, match="newer"):
        await old.open()
    await old.close()
    assert not list(tmp_path.glob("*.damaged-*"))


async def test_a_step_of_the_schema_is_done_whole_or_not_at_all(tmp_path: Path) -> None:
    bad = Database(tmp_path / "x.sqlite", [FIRST, "CREATE TABLE more (x); NONSENSE"])
    with pytest.raises(StorageError):
        await bad.open()
    await bad.close()
    database = await opened(tmp_path / "x.sqlite", FIRST, SECOND)
    assert await database.run(names) == []
    await database.close()


async def test_a_full_disk_is_told_as_such(tmp_path: Path) -> None:
    database = await opened(tmp_path / "x.sqlite", FIRST)
    await database.run(lambda connection: connection.execute("PRAGMA max_page_count = 10"))
    with pytest.raises(StorageFull):
        await database.run(add("x" * 100_000))
    assert await database.run(names) == []
    await database.close()


async def test_work_is_done_one_after_the_other(tmp_path: Path) -> None:
    database = await opened(tmp_path / "x.sqlite", FIRST)
    wishes = [database.run(add(str(number))) for number in range(50)]
    await asyncio.gather(*wishes)
    assert await database.run(names) == [str(number) for number in range(50)]
    await database.close()
