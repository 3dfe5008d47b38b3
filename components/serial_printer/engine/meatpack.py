"""MeatPack: G-code packed two characters to a byte, for slow serial lines.

The protocol of Marlin's ``feature/meatpack`` (invented by Scott Mudge): the fifteen most
common characters take four bits, any other one is sent whole behind its pair. Without
spaces their code stands for ``E``. Two 0xFF bytes announce a command.
"""

from __future__ import annotations

_SIGNAL = b"\xff\xff"
ENABLE = _SIGNAL + bytes([251])
DISABLE = _SIGNAL + bytes([250])
RESET = _SIGNAL + bytes([249])
NO_SPACES = _SIGNAL + bytes([247])

_WHOLE = 0b1111
_CODES = {character: code for code, character in enumerate(b"0123456789.E\nGX")}
_NEWLINE = 10


class _Pairs(dict[bytes, bytes]):
    """Packed form of each pair of characters, worked out when it is first seen."""

    def __missing__(self, pair: bytes) -> bytes:
        first, second = pair
        low, high = _CODES.get(first, _WHOLE), _CODES.get(second, _WHOLE)
        packed = bytes([low | high << 4])
        if low == _WHOLE:
            packed += bytes([first])
        if high == _WHOLE:
            packed += bytes([second])
        self[pair] = packed
        return packed


_PAIRS = _Pairs()


def pack(line: bytes) -> bytes:
    """Pack one line that ends with a line feed.

    Of a pair that begins with the line feed the decoder ignores the second half, so a
    line of odd length needs nothing else than a filler there.
    """
    if len(line) % 2:
        line += b"\n"
    return b"".join([_PAIRS[line[at : at + 2]] for at in range(0, len(line), 2)])


def afresh(line: bytes) -> bytes:
    """Pack a line for a decoder that is out of step.

    A damaged half byte, or a receive buffer that is emptied in the middle of a line (what
    Marlin does before it asks for a line again), makes the decoder take the next whole
    byte for a character. No line feed brings it back into step (``full_char_count`` in
    Marlin's ``feature/meatpack.cpp``), only the reset command does.
    """
    return RESET + ENABLE + NO_SPACES + pack(line)


def unpacked(line: bytes) -> bytes:
    """Return a line behind the end of all packing, for a decoder that is out of step.

    The reset comes twice: a damaged byte may have been half of a command, which eats the
    first one.
    """
    return RESET + b"\n" + RESET + b"\n" + line


def plain(line: bytes) -> bytes:
    """Return a line that is to be read as it is in the middle of packed ones.

    The emergency parser sees the raw bytes; the decoder must not take them for packed.
    That parser reads up to a line end before it looks for a command again (Marlin's
    ``feature/e_parser.h``, EP_IGNORE), and neither packed lines nor the switch end in one.
    """
    return DISABLE + b"\n" + line + ENABLE + NO_SPACES
