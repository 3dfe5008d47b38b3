"""MeatPack as the engine writes it, read by the simulated firmware's own decoder."""

from hypothesis import given
from hypothesis import strategies as st

from appliance.components.serial_printer.engine.framing import frame_tight
from appliance.components.serial_printer.engine.meatpack import (
    ENABLE,
    NO_SPACES,
    afresh,
    pack,
    plain,
)
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


def packing() -> Unpacker:
    """Return a decoder that has been told to unpack."""
    unpacker = Unpacker(lambda _: None)
    read(ENABLE + NO_SPACES, unpacker)
    return unpacker


@given(st.lists(LINES, min_size=1, max_size=4))
def test_what_is_packed_is_read_again(lines: list[bytes]) -> None:
    data = b"".join(map(pack, lines))
    assert read(data, packing()) == [line.rstrip(b"\n") for line in lines]


@given(LINES, LINES, st.data())
def test_a_line_sent_afresh_is_read_whatever_happened_before(
    before: bytes, line: bytes, data: st.DataObject
) -> None:
    packed = bytearray(pack(before))
    at = data.draw(st.integers(0, len(packed) - 1))
    packed[at] ^= 1 << data.draw(st.integers(0, 7))
    unpacker = packing()
    read(bytes(packed), unpacker)
    if packed[-1] == 0xFF:  # half of a command: the first repetition is spent on it
        read(afresh(line), unpacker)
    assert read(afresh(line), unpacker)[-1] == line.rstrip(b"\n")


def test_a_buffer_emptied_in_a_line_leaves_the_decoder_out_of_step() -> None:
    """Seen on Marlin 2.1.x: line 244 drew a Resend, and the line 243 came in as rubbish."""
    line = frame_tight(243, b"G1X112.566Y112.82E.01074")
    unpacker = packing()
    unpacker.take(bytearray(b"\x2f"))  # the beginning of a line, whose rest was flushed
    assert read(pack(line), unpacker) == [b"/2X443G1X112.566Y112.82E.01074*106"]
    unpacker.take(bytearray(b"\x2f"))
    assert read(afresh(line), unpacker) == [line.rstrip(b"\n")]


@given(LINES)
def test_a_plain_line_between_packed_ones_is_read(line: bytes) -> None:
    unpacker = packing()
    expected = [line.rstrip(b"\n"), b"M108", line.rstrip(b"\n")]
    assert read(pack(line) + plain(b"M108\n") + pack(line), unpacker) == expected
