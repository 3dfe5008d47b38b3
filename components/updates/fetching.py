"""What comes from the network, or from a browser: into a file, bounded, or not at all."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import BinaryIO

from appliance.domain.updates import BundleDamaged, UpdateRefused
from appliance.errors import DeviceFailed, StorageFull
from appliance.outgoing import Caller, server_of
from appliance.releases.channel import MAX_BUNDLE, MAX_LIST, Listed

RESERVE_BYTES = 64 << 20
LIST_S = 60.0  # for both; a server that sends byte by byte would have half an hour
_PIECE = 1 << 20
_SIGNATURE = 64  # bytes


async def read_list(caller: Caller, channel: str) -> tuple[bytes, str]:
    """Return the list of a channel and its signature, as base64."""
    try:
        async with asyncio.timeout(LIST_S):
            content = await _get(caller, channel, MAX_LIST)
            signature = await _get(caller, f"{channel}.sig", 1024)
    except TimeoutError:
        message = f"{server_of(channel)} did not send the list of releases in {LIST_S:.0f} s"
        raise UpdateRefused(message) from None
    if len(signature) == _SIGNATURE:
        return content, base64.b64encode(signature).decode()
    return content, signature.decode("ascii", "replace").strip()


async def download(
    caller: Caller, listed: Listed, target: Path, progress: Callable[[float], None]
) -> None:
    """Write a release of a channel into a file, and compare its checksum."""
    digest = hashlib.sha256()
    received = 0

    async def counted() -> AsyncIterator[bytes]:
        nonlocal received
        async with caller.stream(listed.url, listed.size) as pieces:
            async for piece in pieces:
                digest.update(piece)
                received += len(piece)
                progress(received / listed.size)
                yield piece

    try:
        await write(target, counted(), listed.size)
    except DeviceFailed as error:
        raise UpdateRefused(str(error)) from error
    if digest.hexdigest() != listed.sha256:
        raise BundleDamaged("what was downloaded is not what the list of releases names")


async def write(target: Path, chunks: AsyncIterator[bytes], size: int | None) -> None:
    """Write what comes, as long as there is room and it is no more than any release."""
    await asyncio.to_thread(_need_room, target.parent, size or 0)
    file: BinaryIO = await asyncio.to_thread(_create, target)
    received = 0
    try:
        piece = bytearray()
        async for chunk in chunks:
            piece += chunk
            received += len(chunk)
            if received > MAX_BUNDLE:
                raise BundleDamaged("it is larger than any release")
            if len(piece) >= _PIECE:
                await asyncio.to_thread(_put, file, target.parent, bytes(piece))
                piece.clear()
        await asyncio.to_thread(_put, file, target.parent, bytes(piece))
    finally:
        await asyncio.to_thread(file.close)


async def _get(caller: Caller, url: str, limit: int) -> bytes:
    try:
        answer = await caller.call("GET", url, limit=limit)
    except DeviceFailed as error:
        raise UpdateRefused(str(error)) from error
    if answer.status != 200:
        message = f"{server_of(url)} answered {answer.status} when asked for releases"
        raise UpdateRefused(message)
    return answer.body


def _create(target: Path) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.fdopen(os.open(target, flags, 0o600), "wb")


def _put(file: BinaryIO, folder: Path, piece: bytes) -> None:
    _need_room(folder, len(piece))
    file.write(piece)


def _need_room(folder: Path, size: int) -> None:
    status = os.statvfs(folder)
    if status.f_bavail * status.f_frsize < size + RESERVE_BYTES:
        raise StorageFull("there is not enough room on the disk")
