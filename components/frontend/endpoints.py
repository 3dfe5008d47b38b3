"""Tells Fluidd where its server is: at the port that it was loaded from, and nowhere else.

Without that it asks port 7125 of the same machine as well and takes whoever answers first;
where that is another printer, its buttons would command the wrong one.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import orjson

CONFIG = "config.json"


def settle(content: bytes, origin: str) -> bytes | None:
    """Return Fluidd's config.json with ``origin`` as its only endpoint.

    None: it is no such file, or a person has written endpoints into it.
    """
    try:
        config: Any = orjson.loads(content)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(config, dict) or config.get("endpoints") != []:
        return None
    blacklist = config.get("blacklist")
    if not isinstance(blacklist, list) or config.get("hosted") is not False:
        return None
    host = urlsplit(origin).hostname or ""
    named = f"[{host}]" if ":" in host else host
    # Servers in this list are not asked by guess.
    return orjson.dumps(config | {"endpoints": [origin], "blacklist": [*blacklist, named]})
