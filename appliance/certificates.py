"""The certificates by which other servers are known.

OpenSSL reads the bundle of the system into every context, 1 MB each, and aiohttp makes two
when it is imported. Debian keeps every certificate under its hash as well, where OpenSSL
looks up the one that it needs, when it needs it.
"""

from __future__ import annotations

import os
import re
import ssl
from contextlib import suppress
from pathlib import Path

_HASHED = re.compile(r"[0-9a-f]{8}\.\d+")


def look_up_one_by_one() -> None:
    """Leave the bundle alone, from now on and in our processes, if there is a folder too."""
    places = ssl.get_default_verify_paths()
    if places.openssl_cafile_env in os.environ:
        return  # somebody wants that file
    folders = os.environ.get(places.openssl_capath_env, places.openssl_capath)
    if any(_is_hashed(folder) for folder in folders.split(os.pathsep)):
        os.environ[places.openssl_cafile_env] = os.devnull


def _is_hashed(folder: str) -> bool:
    with suppress(OSError):
        return any(_HASHED.fullmatch(each.name) for each in Path(folder).iterdir())
    return False
