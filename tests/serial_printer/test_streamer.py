"""A file as commands: nothing is lost, nothing is made up, offsets are the file's."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from appliance.components.serial_printer.engine import streamer as module
from appliance.components.serial_printer.engine.marks import Mark
from appliance.components.serial_printer.engine.streamer import (
    STARVED,
    TOO_LONG,
    Broken,
    Command,
    Ended,
    FileStreamer,
    Item,
)
from tests.waiting import eventually_sync


def everything(path: Path, start: int = 0) -> list[Item]:
    """Read a file to its end."""
    with closing(FileStreamer(path, lambda: None, start=start)) as streamer:
        return list(until_end(streamer))


def until_end(streamer: FileStreamer) -> Iterator[Item]:
    while True:
        item = streamer.next()
        if item is STARVED:
            streamer.wait()
            continue
        yield item
        if isinstance(item, (Ended, Broken)):
            return


def written(content: bytes) -> Path:
    handle, name = tempfile.mkstemp()
    os.write(handle, content)
    os.close(handle)
    return Path(name)


def read(content: bytes, start: int = 0) -> list[Item]:
    path = written(content)
    try:
        return everything(path, start)
    finally:
        path.unlink()


def texts(items: list[Item]) -> list[bytes]:
    return [item.text for item in items if isinstance(item, Command)]


PIECES = st.sampled_from(
    [b"G1 X1 Y2", b"\n", b"\r\n", b"\r", b";LAYER:3", b";", b" ", b"\t", b"M117 a\\;b",
     b"\xef\xbb\xbf", b"\x00", b"M104 S200 ; heat", b"*", b"T0", b"\xff"]
)  # fmt: skip
CONTENTS = st.one_of(st.binary(max_size=300), st.lists(PIECES, max_size=60).map(b"".join))


@given(CONTENTS)
@example(b"")
@example(b"\n")
@example(b"G28")
@example(b"\xef\xbb\xbfG28\r\nG1 X1")
def test_any_file_is_read_to_its_end(content: bytes) -> None:
    items = read(content)
    assert items[-1] == Ended(len(content))
    ends = [item.end for item in items if isinstance(item, Command)]
    assert ends == sorted(ends)
    assert len(set(ends)) == len(ends)
    for text in texts(items):
        assert text
        assert text == text.strip()
        assert not set(text) & set(b"\r\n\x00;*")


@given(CONTENTS)
def test_a_command_ends_where_its_line_ends(content: bytes) -> None:
    for item in read(content):
        if isinstance(item, Command):
            assert content[item.end - 1 : item.end] in (b"\n", b"\r") or item.end == len(
                content
            )


@given(CONTENTS, st.data())
def test_reading_on_from_an_offset_gives_the_rest(content: bytes, data: st.DataObject) -> None:
    items = read(content)
    commands = [item for item in items if isinstance(item, Command)]
    if not commands:
        return
    index = data.draw(st.integers(0, len(commands) - 1))
    rest = read(content, commands[index].end)
    assert [item for item in rest if isinstance(item, Command)] == commands[index + 1 :]


@given(st.lists(st.text(alphabet="GXYZE0123456789. ", max_size=30), max_size=30),
       st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())  # fmt: skip
def test_plain_commands_come_as_written(lines: list[str], end: str, last: bool) -> None:
    content = end.join(lines) + (end if last else "")
    wanted = [line.strip().encode() for line in lines if line.strip()]
    assert texts(read(content.encode())) == wanted


def test_a_large_file_with_tiny_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [b"G1 X%d Y%d E%d.%d" % (n, n * 2, n, n % 10) for n in range(2000)]
    content = b"\n".join(lines)
    for size in (1, 7, 64, 4096):
        monkeypatch.setattr(module, "BLOCK", size)
        assert texts(read(content)) == lines


@pytest.mark.parametrize(
    ("content", "commands"),
    [
        (b"\xef\xbb\xbfG28\n", [b"G28"]),
        (b"G28 ; home\nG1 X1;fast\n", [b"G28", b"G1 X1"]),
        (b"; only words\n\n   \n;\n", []),
        (b"M117 one\\; two ; three\n", [b"M117 one, two"]),
        (b"G28", [b"G28"]),
        (b"G28\n\n\n", [b"G28"]),
        (b"N10 G1 X5*77\nN11 G1 X6*78\n", [b"G1 X5", b"G1 X6"]),
        (b"G1 X1\rG1 X2\r", [b"G1 X1", b"G1 X2"]),
        (b"%\nG28\n", [b"%", b"G28"]),
        (b"*55\nN7\nG28\n", [b"G28"]),
    ],
)
def test_forms(content: bytes, commands: list[bytes]) -> None:
    assert texts(read(content)) == commands


def test_marks_come_before_the_line_that_they_are_about() -> None:
    items = read(b";LAYER:0\nG1 X1\n;LAYER:1\nG1 X2 ; printing object A\nG1 X3\n")
    assert items == [
        Mark(layer=1),
        Command(b"G1 X1", 15),
        Mark(layer=2),
        Command(b"G1 X2", 50),
        Mark(object_name="A"),
        Command(b"G1 X3", 56),
        Ended(56),
    ]


@pytest.mark.parametrize("size", [64 * 1024 + 1, 64 * 1024 * 3])
def test_a_line_without_end_is_no_gcode(size: int) -> None:
    items = read(b"G28\n" + b"x" * size + b"\nG1 X1\n")
    assert items == [Command(b"G28", 4), TOO_LONG]


def test_a_long_comment_is_only_a_comment() -> None:
    items = read(b"G28\n; " + b"x" * 60_000 + b"\nG1 X1\n")
    assert texts(items) == [b"G28", b"G1 X1"]


def test_what_is_removed_meanwhile_is_printed_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.gcode"
    path.write_bytes(b"G1 X1\n" * 50_000)
    with closing(FileStreamer(path, lambda: None)) as streamer:
        path.unlink()
        count = sum(isinstance(item, Command) for item in until_end(streamer))
    assert count == 50_000


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"G28\n")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(OSError, match="Too many levels"):
        FileStreamer(tmp_path / "link", lambda: None)


def test_a_disk_that_fails_is_told(tmp_path: Path) -> None:
    folder = os.open(tmp_path, os.O_RDONLY)  # reading it fails with EISDIR
    path = tmp_path / "a.gcode"
    path.write_bytes(b"")
    streamer = FileStreamer(path, lambda: None)
    streamer.close()
    broken = FileStreamer.__new__(FileStreamer)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "open", lambda *_: os.dup(folder))
            broken.__init__(path, lambda: None)  # type: ignore[misc]
        (item,) = list(until_end(broken))
        assert isinstance(item, Broken)
        assert "directory" in item.reason
    finally:
        broken.close()
        os.close(folder)


def test_a_starved_reader_is_told_when_there_is_more(tmp_path: Path) -> None:
    """With a disk that hangs the event loop goes on and hears of the block."""
    path = tmp_path / "a.gcode"
    path.write_bytes(b"G28\n")
    told = threading.Event()
    go_on = threading.Event()
    real = os.pread

    def slow(fd: int, size: int, offset: int) -> bytes:
        go_on.wait(30)
        return real(fd, size, offset)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "pread", slow)
        with closing(FileStreamer(path, told.set)) as streamer:
            assert streamer.next() is STARVED
            assert not told.is_set()
            go_on.set()
            eventually_sync(told.is_set)
            assert streamer.next() == Command(b"G28", 4)


def test_closing_twice_and_early_is_safe(tmp_path: Path) -> None:
    path = tmp_path / "a.gcode"
    path.write_bytes(b"G1 X1\n" * 200_000)
    streamer = FileStreamer(path, lambda: None)
    streamer.close()
    streamer.close()


def test_klippers_commands_about_objects_are_marks() -> None:
    outline = b"[1,2]," * 100
    content = (
        b"EXCLUDE_OBJECT_DEFINE NAME=a CENTER=1,2 POLYGON=[" + outline + b"]\n"
        b"; printing object a.stl\nEXCLUDE_OBJECT_START NAME=a\n; printing object a.stl\n"
        b"G1 X1\n; stop printing object a.stl\nEXCLUDE_OBJECT_END NAME=a\n"
    )
    first = content.index(b"G1")
    assert read(content) == [
        Mark(object_name="a"),
        Command(b"G1 X1", first + 6),
        Mark(object_end=True),
        Ended(len(content)),
    ]
