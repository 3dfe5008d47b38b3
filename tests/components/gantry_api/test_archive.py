"""Many files as one download: packed on its way, with a length that is true."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.components import gantry_api
from appliance.components.file_manager import component as file_manager
from appliance.domain.file_service import FILES
from appliance.domain.files import GCODES
from appliance.zip_stream import (
    MOST_TOLD,
    Entry,
    FileShrank,
    length,
    packed,
)
from tests.serving import API_KEY, Answer, Running, serving

LETTERS = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="/")
NAMES = st.text(LETTERS, min_size=1)


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    """A server with files."""
    components: list[tuple[Any, Any]] = [(file_manager, {}), (gantry_api, {})]
    async with serving(tmp_path, components=components) as running:
        yield running


async def upload(running: Running, name: str, content: bytes) -> None:
    async with await running.appliance.use(FILES).upload(size=len(content)) as coming:
        await coming.write(content)
        await coming.keep(GCODES, name)


async def wish(running: Running, *paths: Any, key: str = API_KEY) -> Answer:
    body = {"paths": list(paths)}
    return await running.call("POST", "/api/gantry/archive", key=key, json=body)


def content_of(answer: Answer) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(answer.body)) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist()}


async def test_hundreds_of_files_and_folders_come_as_one(running: Running) -> None:
    wanted = {f"{'lang' * 20} Größe {n}.gcode": b"G28 ;%d\n" % n for n in range(300)}
    for name, content in wanted.items():
        await upload(running, f"parts/{name}", content)
    await upload(running, "parts/deep/er/a.gcode", b"G1\n")
    await upload(running, "other.gcode", b"G2\n")
    paths = [f"parts/{name}" for name in wanted]
    made = await wish(running, *paths, "parts/deep", "other.gcode")
    assert made.json["files"] == 302
    answer = await running.call("GET", f"/{made.json['url']}", key=API_KEY)
    wanted |= {"deep/er/a.gcode": b"G1\n", "other.gcode": b"G2\n"}
    assert content_of(answer) == wanted
    assert int(answer.headers["Content-Length"]) == len(answer.body)
    assert answer.headers["Content-Type"] == "application/zip"
    assert 'filename="files.zip"' in answer.headers["Content-Disposition"]


async def test_names_that_meet_in_the_archive_are_kept_apart(running: Running) -> None:
    for path in ("a/x.gcode", "b/x.gcode", "c/b/x.gcode"):
        await upload(running, path, path.encode())
    made = await wish(running, "c/b", "a/x.gcode", "b/x.gcode", "a/x.gcode")
    answer = await running.call("GET", f"/{made.json['url']}", key=API_KEY)
    assert content_of(answer) == {
        "b/x.gcode": b"c/b/x.gcode", "x.gcode": b"a/x.gcode", "_b/x.gcode": b"b/x.gcode",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("paths", "status"),
    [
        ([], 400),
        ([5], 400),
        (["nothing.gcode"], 404),
        (["empty"], 404),
        (["../secrets.yaml"], 400),
        (["x"] * 5001, 400),
    ],
)
async def test_what_cannot_be_packed_is_refused(
    running: Running, paths: list[Any], status: int
) -> None:
    await running.appliance.use(FILES).make_folder(GCODES, "empty")
    assert (await wish(running, *paths)).status == status


async def test_only_who_may_download_gets_it_and_not_for_ever(running: Running) -> None:
    await upload(running, "a.gcode", b"G28\n")
    made = await wish(running, "a.gcode")
    url = f"/{made.json['url']}"
    assert (await running.call("GET", url)).status == 401
    body = {"paths": ["a.gcode"]}
    assert (await running.call("POST", "/api/gantry/archive", json=body)).status == 401
    assert (await running.call("GET", url, key=API_KEY)).status == 200
    for _ in range(16):
        await wish(running, "a.gcode")
    assert (await running.call("GET", url, key=API_KEY)).status == 404


@given(st.dictionaries(NAMES, st.integers(0, 3000), max_size=5))
async def test_the_length_is_told_beforehand(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, int]
) -> None:
    path = tmp_path_factory.getbasetemp() / "content"
    path.write_bytes(b"x" * 3000)  # longer than what is told of it: files grow
    entries = [Entry(name, path, size) for name, size in files.items()]
    answer = b"".join([piece async for piece in packed(entries)])
    assert len(answer) == length(entries)
    with zipfile.ZipFile(io.BytesIO(answer)) as found:
        assert {each.filename: each.file_size for each in found.infolist()} == files


async def test_a_file_that_shrinks_breaks_the_download(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"short")
    with pytest.raises(FileShrank):
        async for _ in packed([Entry("a", path, 10)]):
            pass


def test_of_what_is_huge_no_length_is_told(tmp_path: Path) -> None:
    assert length([Entry("a", tmp_path, MOST_TOLD)]) is None
