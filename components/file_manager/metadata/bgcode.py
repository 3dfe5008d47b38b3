"""Prusa's binary G-code: a header, then blocks of metadata, pictures and packed G-code.

By the published specification of the container (version 1). Every size in a block header is
hostile until it was compared with what is there and with our caps.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from enum import IntEnum

import heatshrink2

from appliance.components.file_manager.metadata import slicers, thumbnails
from appliance.components.file_manager.metadata.knowledge import Knowledge, Picture
from appliance.components.file_manager.metadata.meatpack import Unpacker
from appliance.records import dataclass

MAGIC = b"GCDE"
# What a slicer writes per block: 64 KiB of G-code, a configuration of some 30 KiB.
MAX_BLOCK_BYTES = 4 * 1024 * 1024
MAX_METADATA_BYTES = 1024 * 1024
# Blocks before the first with G-code, pictures included.
MAX_HEAD_BLOCKS = 64
_HEADER = struct.Struct("<4sIH")
_BLOCK = struct.Struct("<HHI")


class DamagedFile(ValueError):
    """The file is not what its name says; the text says where it fails."""


class Kind(IntEnum):
    """What a block holds."""

    FILE = 0
    GCODE = 1
    SLICER = 2
    PRINTER = 3
    PRINT = 4
    THUMBNAIL = 5


@dataclass(frozen=True, slots=True)
class Block:
    """A block and where its data are."""

    kind: int
    compression: int
    size: int  # bytes when unpacked
    stored: int  # bytes in the file
    start: int  # of the block
    parameters: tuple[int, ...]
    data: int  # byte where the data begin
    end: int  # byte after the block


def blocks(descriptor: int) -> Iterator[Block]:
    """Yield the blocks of an open file, reading only their headers."""
    length = os.fstat(descriptor).st_size
    head = os.pread(descriptor, _HEADER.size, 0)
    if len(head) < _HEADER.size or not head.startswith(MAGIC):
        raise DamagedFile("it does not begin like binary G-code")
    _, version, checksum = _HEADER.unpack(head)
    if version != 1 or checksum > 1:
        message = f"version {version} of binary G-code is not known"
        raise DamagedFile(message)
    position = _HEADER.size
    while position < length:
        block = _block(descriptor, position, 4 if checksum else 0)
        if block.end > length:
            message = f"the block at byte {position} is cut"
            raise DamagedFile(message)
        yield block
        position = block.end


def content(descriptor: int, block: Block, limit: int = MAX_BLOCK_BYTES) -> bytes:
    """Return the data of a block, unpacked and checked."""
    if max(block.size, block.stored) > limit:
        message = f"the block at byte {block.start} is too large"
        raise DamagedFile(message)
    data = os.pread(descriptor, block.stored, block.data)
    if block.end - block.data - block.stored == 4:
        whole = os.pread(descriptor, block.end - block.start, block.start)
        if zlib.crc32(whole[:-4]) != struct.unpack("<I", whole[-4:])[0]:
            message = f"the checksum of the block at byte {block.start} is wrong"
            raise DamagedFile(message)
    unpacked = _decompress(data, block)
    if len(unpacked) != block.size:
        message = f"the block at byte {block.start} has another size than it says"
        raise DamagedFile(message)
    return unpacked


def read(descriptor: int) -> Knowledge:
    """Read metadata and pictures of an open file."""
    values: dict[str, list[str]] = {}
    pictures: dict[tuple[int, int], Picture] = {}
    producer = None
    for count, block in enumerate(blocks(descriptor)):
        if block.kind == Kind.GCODE or count >= MAX_HEAD_BLOCKS:
            break
        if block.kind == Kind.THUMBNAIL:
            if len(pictures) < thumbnails.MAX_COUNT and block.size <= thumbnails.MAX_BYTES:
                picture = thumbnails.check(content(descriptor, block))
                if picture is not None:
                    pictures[picture.width, picture.height] = picture
            continue
        pairs = _pairs(content(descriptor, block, MAX_METADATA_BYTES))
        if block.kind == Kind.FILE:
            producer = pairs.get("Producer")
        for name, value in pairs.items():
            values.setdefault(name, []).append(value)
    return Knowledge(slicers.read_pairs(values, producer), tuple(pictures.values()))


def plain(descriptor: int) -> Iterator[bytes]:
    """Yield the G-code of an open file as text, a block at a time."""
    unpacker = Unpacker()
    for block in blocks(descriptor):
        if block.kind != Kind.GCODE:
            continue
        data = content(descriptor, block)
        encoding = block.parameters[0]
        if encoding == 0:
            yield data
        elif encoding in {1, 2}:
            yield unpacker.unpack(data)
        else:
            message = f"coding {encoding} of G-code is not known"
            raise DamagedFile(message)


def _block(descriptor: int, position: int, checksum: int) -> Block:
    head = os.pread(descriptor, _BLOCK.size + 4 + 6, position)
    if len(head) < _BLOCK.size + 2:
        message = f"the block at byte {position} is cut"
        raise DamagedFile(message)
    kind, compression, size = _BLOCK.unpack_from(head)
    offset = _BLOCK.size
    stored = size
    if compression:
        if compression > 3 or len(head) < offset + 6:
            message = f"the block at byte {position} is damaged"
            raise DamagedFile(message)
        (stored,) = struct.unpack_from("<I", head, offset)
        offset += 4
    count = 3 if kind == Kind.THUMBNAIL else 1
    if len(head) < offset + 2 * count:
        message = f"the block at byte {position} is cut"
        raise DamagedFile(message)
    parameters = struct.unpack_from(f"<{count}H", head, offset)
    data = position + offset + 2 * count
    end = data + stored + checksum
    return Block(kind, compression, size, stored, position, parameters, data, end)


def _decompress(data: bytes, block: Block) -> bytes:
    if block.compression == 0:
        return data
    try:
        if block.compression == 1:
            # One byte more than it says is enough to see that it lies.
            return zlib.decompressobj().decompress(data, block.size + 1)
        window = 11 if block.compression == 2 else 12
        return bytes(heatshrink2.decompress(data, window_sz2=window, lookahead_sz2=4))
    except (zlib.error, ValueError, RuntimeError) as error:
        message = f"the block at byte {block.start} cannot be unpacked"
        raise DamagedFile(message) from error


def _pairs(data: bytes) -> dict[str, str]:
    """Return the pairs of a metadata block: lines of ``name=value``."""
    pairs = {}
    for line in data.decode("utf-8", "replace").split("\n")[:4000]:
        name, separator, value = line.partition("=")
        if separator and len(name) <= 120:
            pairs[name.strip()] = value.strip()[:4000]
    return pairs
