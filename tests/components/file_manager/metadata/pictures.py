"""Make pictures: PNG, JPEG headers and QOI, by code of the tests' own."""

from __future__ import annotations

import base64
import struct
import zlib


def png(width: int, height: int, pixels: bytes | None = None) -> bytes:
    """A PNG with RGBA pixels."""
    pixels = pixels or bytes(range(256)) * (width * height * 4 // 256 + 1)
    rows = b"".join(
        b"\0" + pixels[row * width * 4 : (row + 1) * width * 4] for row in range(height)
    )

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data))
            + kind
            + data
            + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def png_pixels(data: bytes) -> tuple[int, int, bytes]:
    """Width, height and RGBA pixels of a PNG without filters."""
    width, height = struct.unpack_from(">II", data, 16)
    position, packed = 8, b""
    while position < len(data):
        (length,) = struct.unpack_from(">I", data, position)
        kind = data[position + 4 : position + 8]
        body = data[position + 8 : position + 8 + length]
        checksum = struct.unpack_from(">I", data, position + 8 + length)[0]
        assert checksum == zlib.crc32(kind + body)
        if kind == b"IDAT":
            packed += body
        position += 12 + length
    rows = zlib.decompress(packed)
    stride = width * 4 + 1
    assert all(rows[row * stride] == 0 for row in range(height))
    pixels = b"".join(rows[row * stride + 1 : (row + 1) * stride] for row in range(height))
    return width, height, pixels


def qoi(width: int, height: int, pixels: bytes) -> bytes:
    """Encode RGBA pixels as QOI, with every kind of chunk."""
    out = bytearray(struct.pack(">4sIIBB", b"qoif", width, height, 4, 0))
    seen = [(0, 0, 0, 0)] * 64
    last = (0, 0, 0, 255)
    run = 0
    count = width * height
    for index in range(count):
        r, g, b, a = pixel = (
            pixels[index * 4], pixels[index * 4 + 1], pixels[index * 4 + 2],
            pixels[index * 4 + 3],
        )  # fmt: skip
        if pixel == last:
            run += 1
            if run == 62 or index == count - 1:
                out.append(0xC0 | (run - 1))
                run = 0
            continue
        if run:
            out.append(0xC0 | (run - 1))
            run = 0
        place = (r * 3 + g * 5 + b * 7 + a * 11) % 64
        dr, dg, db = (_signed(new - old) for new, old in zip((r, g, b), last[:3], strict=True))
        if seen[place] == pixel:
            out.append(place)
        elif a != last[3]:
            out += bytes((0xFF, r, g, b, a))
        elif all(-2 <= each <= 1 for each in (dr, dg, db)):
            out.append(0x40 | (dr + 2) << 4 | (dg + 2) << 2 | (db + 2))
        elif -32 <= dg <= 31 and -8 <= dr - dg <= 7 and -8 <= db - dg <= 7:
            out += bytes((0x80 | (dg + 32), (dr - dg + 8) << 4 | (db - dg + 8)))
        else:
            out += bytes((0xFE, r, g, b))
        seen[place] = last = pixel
    return bytes(out) + b"\0\0\0\0\0\0\0\1"


def _signed(difference: int) -> int:
    return (difference + 128) % 256 - 128


def jpeg(width: int, height: int) -> bytes:
    """The headers of a JPEG."""
    app = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + bytes(9)
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, height, width, 3) + bytes(9)
    return b"\xff\xd8" + app + frame + b"\xff\xd9"


def comment(data: bytes, width: int, height: int, kind: str = "thumbnail") -> bytes:
    """Write a picture into comments as PrusaSlicer does."""
    text = base64.b64encode(data).decode()
    lines = [text[start : start + 78] for start in range(0, len(text), 78)]
    body = "".join(f"; {line}\n" for line in lines)
    return f"; {kind} begin {width}x{height} {len(text)}\n{body}; {kind} end\n;\n".encode()
