"""``/api/languages``: packs of translations, kept for clients that ask for them.

A pack is an archive whose folders are locales, each with a ``meta.yaml``; those below
``_plugins/<id>/`` belong to plugins. Only the descriptions are read; nothing is unpacked.
"""

from __future__ import annotations

import asyncio
import io
import re
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any

from aiohttp import BodyPartReader
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from appliance import web
from appliance.components.octoprint_api.routing import route
from appliance.core import Appliance
from appliance.domain.permissions import Permission
from appliance.errors import InvalidRequest
from appliance.forms import label
from appliance.storage import Store, mappings

PACK_LIMIT = 5 * web.MEBIBYTE
_SUFFIXES = (".zip", ".tar.gz", ".tgz", ".tar")
_META = "meta.yaml"
_LONGEST_META = 16 * 1024
_MOST_MEMBERS = 5000
_CORE = "_core"
_NAME = re.compile(r"[A-Za-z0-9_@-]{1,40}")
_KEYS = ("locale", "locale_display", "locale_english", "author", "last_update")


class LanguagesApi:
    """The packs that were uploaded."""

    def __init__(self, appliance: Appliance) -> None:
        self._store: Store = appliance.storage.store("octoprint_languages")
        self._packs: dict[str, dict[str, dict[str, Any]]] = {}  # pack -> locale -> meta

    async def load(self) -> None:
        """Read what was uploaded."""
        self._packs = await self._store.read(mappings) or {}

    def routes(self) -> Iterable[web.Route]:
        """Declare the routes."""
        path, needed = "/api/languages", Permission.SETTINGS
        yield route("GET", path, self.get, needed, per_printer=False)
        yield route("POST", path, self.post, needed, per_printer=False, body_limit=PACK_LIMIT)
        one = f"{path}/{{locale}}/{{pack}}"
        yield route("DELETE", one, self.delete, needed, per_printer=False)

    async def get(self, _request: web.Request) -> web.StreamResponse:
        """Return the packs."""
        return self._answer()

    async def post(self, request: web.Request) -> web.StreamResponse:
        """Take a pack."""
        name, content = await _uploaded(request)
        if not name.lower().endswith(_SUFFIXES):
            raise InvalidRequest("a pack is a .zip, .tar.gz, .tgz or .tar file")
        found = await asyncio.to_thread(read_pack, content)
        if not found:
            raise InvalidRequest("there is no language in that archive")
        for pack, locale, meta in found:
            self._packs.setdefault(pack, {})[locale] = meta
        await self._store.save(self._packs)
        return self._answer()

    async def delete(self, request: web.Request) -> web.StreamResponse:
        """Remove a language; one that is not there is no error."""
        pack, locale = request.match_info["pack"], request.match_info["locale"]
        if self._packs.get(pack, {}).pop(locale, None) is not None:
            if not self._packs[pack]:
                del self._packs[pack]
            await self._store.save(self._packs)
        return self._answer()

    def _answer(self) -> web.StreamResponse:
        packs = {_CORE: self._packs.get(_CORE, {}), **self._packs}
        return web.json_response(
            {
                "language_packs": {
                    pack: {
                        "identifier": pack,
                        "display": "Core" if pack == _CORE else pack,
                        "languages": list(languages.values()),
                    }
                    for pack, languages in packs.items()
                }
            }
        )


async def _uploaded(request: web.Request) -> tuple[str, bytes]:
    if not request.content_type.startswith("multipart/"):
        raise InvalidRequest("send a form with a part 'file'")
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                continue
            called = label(part)
            if called.name == "file" and called.filename:
                return called.filename, bytes(await part.read())
    except (ValueError, AssertionError) as error:  # how aiohttp reports broken forms
        raise InvalidRequest("the form is broken") from error
    raise InvalidRequest("there is no file in the form")


def read_pack(content: bytes) -> list[tuple[str, str, dict[str, Any]]]:
    """Return the languages of an archive as (pack, locale, description)."""
    languages = []
    try:
        for path, text in _descriptions(content):
            language = _language(path, text)
            if language is not None:
                languages.append(language)
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError, RuntimeError) as error:
        raise InvalidRequest("that archive cannot be read") from error
    return languages


def _descriptions(content: bytes) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Yield the descriptions in an archive, each read up to a limit."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist()[:_MOST_MEMBERS]:
                if PurePosixPath(name).name == _META:
                    with archive.open(name) as file:
                        yield PurePosixPath(name), file.read(_LONGEST_META)
        return
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:*") as tar:
        for count, member in enumerate(tar):
            if count >= _MOST_MEMBERS or tar.offset > 20 * PACK_LIMIT:
                return
            if member.isfile() and PurePosixPath(member.name).name == _META:
                described = tar.extractfile(member)
                if described is not None:
                    yield PurePosixPath(member.name), described.read(_LONGEST_META)


def _language(path: PurePosixPath, text: bytes) -> tuple[str, str, dict[str, Any]] | None:
    parts = path.parts
    plugin = "_plugins" in parts and parts.index("_plugins") + 1 < len(parts) - 1
    pack = parts[parts.index("_plugins") + 1] if plugin else _CORE
    meta: Any = None
    with suppress(YAMLError, UnicodeDecodeError, ValueError):
        meta = YAML(typ="safe", pure=True).load(text.decode())
    if not isinstance(meta, dict):
        return None
    locale = meta.get("locale")
    if not isinstance(locale, str) or not _NAME.fullmatch(locale) or not _NAME.fullmatch(pack):
        return None
    described = {
        key: value
        for key in _KEYS
        if isinstance(value := meta.get(key), str | int) and len(str(value)) < 200
    }
    return pack, locale, {"locale_display": locale, "locale_english": locale, **described}
