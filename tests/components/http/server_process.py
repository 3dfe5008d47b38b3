"""A server in a process of its own, so that its memory can be looked at.

Run as ``python -m tests.components.http.server_process DIR``; prints its URL, and serves
until its standard input ends.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tests.components.http.probes import ROUTES
from tests.serving import serving


async def serve(directory: Path) -> None:
    async with serving(directory, ROUTES) as running:
        print(running.url, flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
