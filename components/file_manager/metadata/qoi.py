"""QOI pictures (qoiformat.org) as PNG, since no browser shows them."""

from __future__ import annotations

import struct
import zlib

_HEADER = struct.Struct(">4sIIBB")
_RGB, _RGBA = 0xFE, 0xFF
_CHUNK_FITS = 5  # bytes of the longest QOI chunk


class DamagedPicture(ValueError):
    """The bytes are no QOI picture."""


def size(data: bytes) -> tuple[int, int] | None:
    """Return width and height by the header."""
    if len(data) < _HEADER.size:
        return None
    magic, width, height, channels, _ = _HEADER.unpack_from(data)
    if magic != b"qoif" or channels not in {3, 4}:
        return None
    return width, height


def to_png(data: bytes) -> bytes:
    """Return the picture as PNG."""
    dimensions = size(data)
    if dimensions is None:
        raise DamagedPicture("no QOI header")
    width, height = dimensions
    pixels = _decode(data, width * height)
    stride = width * 4
    rows = b"".join(
        b"\0" + pixels[start : start + stride] for start in range(0, len(pixels), stride)
    )
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)),
            _chunk(b"IDAT", zlib.compress(rows, 6)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)


def _decode(data: bytes, count: int) -> bytes:
    """Return ``count`` pixels as RGBA."""
    data += bytes(_CHUNK_FITS)  # so that a cut chunk reads zeros, not beyond
    end = len(data) - _CHUNK_FITS
    seen = [b"\0\0\0\0"] * 64
    red = green = blue = 0
    alpha = 255
    pixel = b"\0\0\0\xff"
    position = _HEADER.size
    pieces: list[bytes] = []
    missing = count
    while missing > 0:
        if position >= end:
            raise DamagedPicture("the picture is cut")
        tag = data[position]
        position += 1
        if tag < 0x40:  # a pixel seen before
            pixel = seen[tag]
            red, green, blue, alpha = pixel
        elif tag >= 0xC0 and tag < _RGB:  # a run of the same
            run = min((tag & 0x3F) + 1, missing)
            pieces.append(pixel * run)
            missing -= run
            continue
        else:
            if tag < 0x80:  # small differences
                red = (red + ((tag >> 4) & 3) - 2) & 255
                green = (green + ((tag >> 2) & 3) - 2) & 255
                blue = (blue + (tag & 3) - 2) & 255
            elif tag < 0xC0:  # differences by green
                second = data[position]
                position += 1
                base = (tag & 0x3F) - 32
                red = (red + base - 8 + (second >> 4)) & 255
                green = (green + base) & 255
                blue = (blue + base - 8 + (second & 15)) & 255
            elif tag == _RGB:
                red, green, blue = data[position : position + 3]
                position += 3
            else:
                red, green, blue, alpha = data[position : position + 4]
                position += 4
            pixel = bytes((red, green, blue, alpha))
        seen[(red * 3 + green * 5 + blue * 7 + alpha * 11) & 63] = pixel
        pieces.append(pixel)
        missing -= 1
    return b"".join(pieces)
