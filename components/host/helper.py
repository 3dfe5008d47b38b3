"""The root's helper of the image: a wish is one line, answered by one of JSON."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from appliance.domain.host import HostRefused

_TIMEOUT_S = 40.0


async def wish(path: Path, line: str) -> dict[str, Any]:
    """Tell the helper a wish; return its answer, or raise `HostRefused`."""
    if not line.isascii() or not line.isprintable():
        raise HostRefused("that is nothing that can be wished")
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            reader, writer = await asyncio.open_unix_connection(str(path))
            try:
                writer.write(f"{line}\n".encode())
                await writer.drain()
                content = await reader.readline()
            finally:
                writer.close()
        if not content:
            raise HostRefused("the computer's helper has gone without an answer")
        answer: dict[str, Any] = json.loads(content)
    except (OSError, TimeoutError, ValueError) as error:
        message = f"the computer's helper does not answer: {error}"
        raise HostRefused(message) from error
    if not answer["ok"]:
        raise HostRefused(str(answer["error"]))
    return answer
