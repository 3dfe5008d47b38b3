"""Make binary G-code: the container, and MeatPack, by code of the tests' own."""

from __future__ import annotations

import struct
import zlib

import heatshrink2

LETTERS = "0123456789. \nGX"
ENABLE, NO_SPACES = b"\xff\xff\xfb", b"\xff\xff\xf7"


def meatpack(text: str, *, spaces: bool = True) -> bytes:
    """Pack text, two characters in a byte where that is possible."""
    letters = LETTERS if spaces else LETTERS.replace(" ", "E")
    codes = {letter: index for index, letter in enumerate(letters)}
    if len(text) % 2:
        text += "\n"
    out = bytearray(ENABLE if spaces else ENABLE + NO_SPACES)
    index = 0
    while index < len(text):
        first = text[index]
        if first == "\n":  # a line end is alone in its byte
            out.append(codes["\n"])
            index += 1
            continue
        second = text[index + 1] if index + 1 < len(text) else "\n"
        low, high = codes.get(first, 15), codes.get(second, 15)
        out.append(low | high << 4)
        out += b"".join(
            letter.encode() for letter, code in ((first, low), (second, high)) if code == 15
        )
        index += 2
    return bytes(out)


def block(
    kind: int, data: bytes, parameters: tuple[int, ...] = (0,), compression: int = 0
) -> bytes:
    """A block with its checksum."""
    stored = data
    if compression == 1:
        stored = zlib.compress(data)
    elif compression:
        window = 11 if compression == 2 else 12
        stored = bytes(heatshrink2.compress(data, window_sz2=window, lookahead_sz2=4))
    head = struct.pack("<HHI", kind, compression, len(data))
    if compression:
        head += struct.pack("<I", len(stored))
    head += struct.pack(f"<{len(parameters)}H", *parameters)
    return head + stored + struct.pack("<I", zlib.crc32(head + stored))


def container(*blocks: bytes) -> bytes:
    """A file with checksums."""
    return struct.pack("<4sIH", b"GCDE", 1, 1) + b"".join(blocks)


def pairs(**values: str) -> bytes:
    """The text of a metadata block."""
    return "".join(f"{name}={value}\n" for name, value in values.items()).encode()
