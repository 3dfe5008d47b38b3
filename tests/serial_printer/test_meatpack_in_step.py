"""MeatPack's decoder out of step: what brings it back, and what of a line goes again how."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from appliance.components.serial_printer.engine.framing import frame, frame_tight
from appliance.components.serial_printer.engine.meatpack import (
    ENABLE,
    NO_SPACES,
    afresh,
    pack,
    unpacked,
)
from appliance.components.serial_printer.engine.replies import Ok
from appliance.components.serial_printer.engine.window import Verdict, Window
from appliance.components.simulator.meatpack import Unpacker

_TEXT = rb"[GM][0-9]{1,3}([XYZEFS]-?[0-9]{0,3}\.?[0-9]{1,5}){0,5}"
LINES = st.integers(0, 99_999).flatmap(
    lambda number: st.from_regex(_TEXT, fullmatch=True).map(
        lambda text: frame_tight(number, text)
    )
)


def read(data: bytes, unpacker: Unpacker) -> list[bytes]:
    """Return the lines that the firmware reads, without empty ones."""
    ring = bytearray(data)
    out = b""
    while ring:
        out += unpacker.take(ring)
    return [line for line in out.split(b"\n") if line]


def damaged(before: bytes, data: st.DataObject) -> tuple[Unpacker, bytes]:
    """Return a decoder that has read a packed line with one wrong bit, and that line."""
    unpacker = Unpacker(lambda _: None)
    read(ENABLE + NO_SPACES, unpacker)
    packed = bytearray(pack(before))
    at = data.draw(st.integers(0, len(packed) - 1))
    packed[at] ^= 1 << data.draw(st.integers(0, 7))
    read(bytes(packed), unpacker)
    return unpacker, bytes(packed)


@given(LINES, LINES, st.data())
def test_a_line_sent_afresh_is_read_whatever_happened_before(
    before: bytes, line: bytes, data: st.DataObject
) -> None:
    unpacker, packed = damaged(before, data)
    if packed[-1] == 0xFF:  # half of a command: the first repetition is spent on it
        read(afresh(line), unpacker)
    assert read(afresh(line), unpacker)[-1] == line.rstrip(b"\n")


@given(LINES, LINES, st.data())
def test_a_line_behind_the_end_of_packing_is_read_whatever_happened_before(
    before: bytes, line: bytes, data: st.DataObject
) -> None:
    unpacker, _ = damaged(before, data)
    assert read(unpacked(line) + line, unpacker)[-2:] == [line.rstrip(b"\n")] * 2


def test_a_buffer_emptied_in_a_line_leaves_the_decoder_out_of_step() -> None:
    """Seen on Marlin 2.1.x: line 244 drew a Resend, and the line 243 came in as rubbish."""
    line = frame_tight(243, b"G1X112.566Y112.82E.01074")
    unpacker = Unpacker(lambda _: None)
    read(ENABLE + NO_SPACES, unpacker)
    unpacker.take(bytearray(b"\x2f"))  # the beginning of a line, whose rest was flushed
    assert read(pack(line), unpacker) == [b"/2X443G1X112.566Y112.82E.01074*106"]
    unpacker.take(bytearray(b"\x2f"))
    assert read(afresh(line), unpacker) == [line.rstrip(b"\n")]


def test_the_first_line_that_goes_again_puts_the_decoder_in_step() -> None:
    window = Window()
    window.packed = True
    for number in range(3):
        window.push(b"G1X%d" % number, 0.0)
    assert window.resend(2, out_of_order=False) is Verdict.AGAIN
    assert (again := window.next_again(1.0)) is not None
    assert again.data == afresh(frame_tight(2, b"G1X1"))


def test_what_was_packed_goes_again_in_plain_text() -> None:
    window = Window()
    window.packed = True
    lines = [window.push(b"G1X%d" % number, 0.0) for number in range(3)]
    assert window.resend(2, out_of_order=False) is Verdict.AGAIN
    window.unpack()
    again = window.next_again(1.0)
    assert again is lines[1]
    assert again.data == unpacked(frame(2, b"G1X1"))
    assert window.acknowledge(Ok(number=2)) == lines[:2]
    assert (again := window.next_again(1.0)) is not None
    assert again.data == frame(3, b"G1X2")
    assert window.acknowledge(Ok(number=3)) == [lines[2]]
    assert window.push(b"G1X9", 1.0).data == frame(4, b"G1X9")
    assert window.resend(3, out_of_order=False) is Verdict.AGAIN
    assert (again := window.next_again(1.0)) is not None
    assert again.data == unpacked(frame(3, b"G1X2"))
