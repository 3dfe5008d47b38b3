"""Pictures in the comments of a file: found, checked and capped; QOI becomes PNG."""

from __future__ import annotations

import binascii
import re
import struct

from appliance.components.file_manager.metadata import qoi
from appliance.components.file_manager.metadata.knowledge import Picture

MAX_COUNT = 8
MAX_BYTES = 1024 * 1024
MAX_PIXELS = 4_000_000
# QOI is decoded by us, in Python: 300x300 takes some 30 ms.
MAX_QOI_PIXELS = 400_000

_BEGIN = re.compile(
    rb"^;[ \t]{0,4}thumbnail(?:_(PNG|JPG|JPEG|QOI))?[ \t]{1,4}begin[ \t]{1,4}"
    rb"(\d{1,5})[ \t]{0,2}[xX ][ \t]{0,2}(\d{1,5})[ \t]{1,4}(\d{1,8})[^\r\n]{0,40}\r?\n",
    re.MULTILINE,
)
_END = re.compile(rb"^;[ \t]{0,4}thumbnail(?:_\w{1,8})?[ \t]{1,4}end", re.MULTILINE)
# Comment signs, blanks and line ends between the letters of base64.
_BETWEEN = b"; \t\r\n"

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_QOI = b"qoif"


def find(text: bytes) -> tuple[Picture, ...]:
    """Return the pictures in ``text``, which is the head of a file."""
    found: dict[tuple[int, int], Picture] = {}
    position = 0
    while len(found) < MAX_COUNT and (begin := _BEGIN.search(text, position)) is not None:
        end = _END.search(text, begin.end())
        if end is None:
            break  # it goes beyond the head
        position = end.end()
        letters = text[begin.end() : end.start()].translate(None, _BETWEEN)
        if len(letters) != int(begin.group(4)) or len(letters) > MAX_BYTES * 4 // 3 + 4:
            continue
        try:
            data = binascii.a2b_base64(letters, strict_mode=True)
        except binascii.Error:
            continue
        picture = check(data)
        if picture is not None:
            found[picture.width, picture.height] = picture
    return tuple(found.values())


def check(data: bytes) -> Picture | None:
    """Return a picture of ``data`` if it is one that we let through, by its own header."""
    if len(data) > MAX_BYTES:
        return None
    if data.startswith(_PNG):
        size = _png_size(data)
        return _picture(size, data, ".png")
    if data.startswith(_JPEG):
        return _picture(_jpeg_size(data), data, ".jpg")
    if data.startswith(_QOI):
        return _from_qoi(data)
    return None


def _picture(size: tuple[int, int] | None, data: bytes, ending: str) -> Picture | None:
    if size is None or not 0 < size[0] * size[1] <= MAX_PIXELS:
        return None
    return Picture(*size, data, ending)


def _from_qoi(data: bytes) -> Picture | None:
    size = qoi.size(data)
    if size is None or not 0 < size[0] * size[1] <= MAX_QOI_PIXELS:
        return None
    try:
        return Picture(*size, qoi.to_png(data))
    except qoi.DamagedPicture:
        return None


def _png_size(data: bytes) -> tuple[int, int] | None:
    if len(data) < 33 or data[12:16] != b"IHDR":
        return None
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Return the size from the first frame header."""
    position = 2
    while position + 9 <= len(data):
        if data[position] != 0xFF:
            return None
        kind = data[position + 1]
        if kind == 0xFF:
            position += 1
            continue
        if 0xC0 <= kind <= 0xCF and kind not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack_from(">HH", data, position + 5)
            return width, height
        position += 2 + struct.unpack_from(">H", data, position + 2)[0]
    return None
