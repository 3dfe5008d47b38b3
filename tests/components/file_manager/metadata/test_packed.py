"""Binary and packed G-code, and what hostile files can do with it: nothing."""

import gzip
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.components.file_manager.metadata import bgcode, unpack
from appliance.components.file_manager.metadata.bgcode import DamagedFile
from appliance.components.file_manager.metadata.meatpack import Unpacker
from appliance.components.file_manager.metadata.reader import read_waiting
from tests.components.file_manager.metadata import pictures
from tests.components.file_manager.metadata.containers import (
    block,
    container,
    meatpack,
    pairs,
)

TEXT = "M73 P0 R3\nG28\nG1 X10.5 Y-20.25 E.5 F1800\nM104 S215\n; a comment\nT0\n"
METADATA = (
    block(0, pairs(Producer="PrusaSlicer 2.8.1")),
    block(3, b"printer_model=MK4S\nfilament_type=PLA\nnozzle_diameter=0.4\n"),
    block(5, pictures.png(16, 16), (0, 16, 16)),
    block(4, b"filament used [mm]=252.22\nestimated printing time (normal mode)=3m 41s\n"),
    block(2, b"layer_height=0.2\nfirst_layer_temperature=230\n", compression=1),
)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, bytes], Path]:
    def write(name: str, data: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


Write = Callable[[str, bytes], Path]


def plain(path: Path, suffix: str, limit: int = 10_000_000) -> bytes:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return b"".join(unpack.plain(descriptor, suffix, limit))
    finally:
        os.close(descriptor)


@pytest.mark.parametrize("compression", [0, 1, 2, 3])
@pytest.mark.parametrize("coding", [0, 1, 2])
def test_binary_gcode_comes_out_as_text(write: Write, compression: int, coding: int) -> None:
    parts = []
    for text in (TEXT, TEXT * 50):
        data = meatpack(text) if coding else text.encode()
        parts.append(block(1, data, (coding,), compression))
    path = write("a.bgcode", container(*METADATA, *parts))
    assert plain(path, ".bgcode") == TEXT.encode() * 51


def test_words_get_their_spaces_back() -> None:
    packed = meatpack("G1X10.5Y-20E.5F1800\nM104 S215\nG28\n", spaces=False)
    assert Unpacker().unpack(packed) == b"G1 X10.5 Y-20 E.5 F1800\nM104 S215\nG28\n"


LINES = st.lists(
    st.text(st.sampled_from("GXYMEFT0123456789.- ;abc"), min_size=1, max_size=30), max_size=20
)


@given(LINES, st.integers(1, 7))
def test_what_is_packed_comes_out_again_in_blocks_of_any_size(
    lines: list[str], count: int
) -> None:
    unpacker = Unpacker()
    out = b""
    for start in range(0, len(lines), count):
        text = "".join(line + "\n" for line in lines[start : start + count])
        out += unpacker.unpack(meatpack(text))
    assert out.decode().splitlines() == lines


@given(st.binary(max_size=300))
def test_no_bytes_upset_the_unpacker(data: bytes) -> None:
    out = Unpacker().unpack(b"\xff\xff\xfb" + data)
    assert len(out) <= 4 * len(data) + 2


def test_the_metadata_of_binary_gcode(write: Write) -> None:
    gcode = block(1, TEXT.encode(), (0,))
    knowledge = read_waiting(write("a.bgcode", container(*METADATA, gcode)), ".bgcode")
    metadata = knowledge.metadata
    assert (metadata.slicer, metadata.slicer_version) == ("PrusaSlicer", "2.8.1")
    assert (metadata.printer_model, metadata.nozzle_mm) == ("MK4S", 0.4)
    assert (metadata.filament_mm, metadata.estimated_s) == (252.22, 221.0)
    assert (metadata.layer_height_mm, metadata.first_layer_extruder_c) == (0.2, 230.0)
    assert [(p.width, p.height) for p in knowledge.pictures] == [(16, 16)]


GOOD = container(*METADATA, block(1, meatpack(TEXT * 5), (1,), 2))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_changed_byte_is_found_and_named(write: Write, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(GOOD) - 1))
    value = data.draw(st.integers(0, 255).filter(lambda value: value != GOOD[position]))
    changed = GOOD[:position] + bytes([value]) + GOOD[position + 1 :]
    path = write("bad.bgcode", changed)
    read_waiting(path, ".bgcode")  # says nothing worse than nothing
    try:
        out = plain(path, ".bgcode")
    except DamagedFile:
        return
    # Only what stands outside of the blocks with G-code may change without being noticed.
    assert out in (TEXT.encode() * 5, b"")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(GOOD) - 1))
def test_a_cut_file_is_found(write: Write, length: int) -> None:
    path = write("cut.bgcode", GOOD[:length])
    read_waiting(path, ".bgcode")
    try:
        out = plain(path, ".bgcode")
    except DamagedFile:
        return
    assert out == b""  # cut before the first block with G-code


def test_sizes_that_lie_cost_nothing(write: Write) -> None:
    huge = struct.pack("<HHII", 1, 1, 2**32 - 1, 2**31) + bytes(8)
    with pytest.raises(DamagedFile, match="cut"):
        plain(write("a.bgcode", container(huge)), ".bgcode")
    bomb = block(1, bytes(30_000_000), (0,), 1)
    with pytest.raises(DamagedFile, match="too large"):
        plain(write("b.bgcode", container(bomb)), ".bgcode")
    lies = bytearray(block(1, bytes(3_000_000), (0,), 1))
    lies[4:8] = struct.pack("<I", 100)
    with pytest.raises(DamagedFile):
        plain(write("c.bgcode", struct.pack("<4sIH", b"GCDE", 1, 0) + bytes(lies)), ".bgcode")


def test_another_version_is_refused(write: Write) -> None:
    path = write("a.bgcode", struct.pack("<4sIH", b"GCDE", 2, 1))
    descriptor = os.open(path, os.O_RDONLY)
    with pytest.raises(DamagedFile, match="version 2"):
        list(bgcode.blocks(descriptor))
    os.close(descriptor)


def test_gzip_comes_out_whole(write: Write) -> None:
    data = TEXT.encode() * 20_000
    path = write(
        "a.gcode.gz", gzip.compress(data[:100]) + gzip.compress(data[100:]) + bytes(9)
    )
    assert plain(path, ".gcode.gz") == data


@pytest.mark.parametrize("cut", [0, 1, 10, 100])
def test_cut_gzip_is_found(write: Write, cut: int) -> None:
    whole = gzip.compress(TEXT.encode() * 100)
    path = write("a.gcode.gz", whole[: cut or -1])
    with pytest.raises(DamagedFile):
        plain(path, ".gcode.gz")


def test_a_gzip_bomb_is_stopped(write: Write) -> None:
    path = write("a.gcode.gz", gzip.compress(bytes(50_000_000)))
    with pytest.raises(unpack.TooMuch, match="10 MB"):
        plain(path, ".gcode.gz")


def ufp(write: Write, members: dict[str, bytes]) -> Path:
    path = write("a.ufp", b"")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_a_package_of_cura(write: Write) -> None:
    gcode = (
        b";FLAVOR:Marlin\n;TIME:77\n;Generated with Cura_SteamEngine 5.7.1\n" + TEXT.encode()
    )
    picture = pictures.png(30, 20)
    path = ufp(write, {"/3D/model.gcode": gcode, "/Metadata/thumbnail.png": picture})
    assert plain(path, ".ufp") == gcode
    knowledge = read_waiting(path, ".ufp")
    assert (knowledge.metadata.slicer, knowledge.metadata.estimated_s) == ("Cura", 77.0)
    assert [picture.data for picture in knowledge.pictures] == [picture]


def test_packages_that_are_none(write: Write) -> None:
    with pytest.raises(DamagedFile, match="no G-code"):
        plain(ufp(write, {"other": b""}), ".ufp")
    with pytest.raises(DamagedFile, match="damaged"):
        plain(write("b.ufp", b"PK nothing"), ".ufp")
    bomb = ufp(write, {"/3D/model.gcode": bytes(50_000_000)})
    with pytest.raises(unpack.TooMuch):
        plain(bomb, ".ufp")
    assert read_waiting(write("c.ufp", b"PK nothing"), ".ufp").pictures == ()
