"""``/api/gantry/support``: what helps to find a fault, in one archive, without secrets."""

from __future__ import annotations

import asyncio
import io
import re
import time
import zipfile
from collections.abc import Iterable
from pathlib import Path

import orjson

from appliance import web
from appliance.components.gantry_api import render
from appliance.components.gantry_api.health import HealthApi
from appliance.components.gantry_api.routing import route
from appliance.config import CONFIGURATION_FILE
from appliance.config.report import HIDDEN, SECRET_KEY, ConfigurationError, hide_line
from appliance.config.write import CONFIGURATION_WRITER
from appliance.core import Appliance
from appliance.domain.permissions import Scope
from appliance.domain.printer import PRINTERS, Printer
from appliance.logs import LOG_FILE, REDACTOR, Redactor

_TAIL = 1 << 20  # bytes of the log
# A key whose value begins on the next line.
_BLOCK = re.compile(r"^([ -]*)[\"']?([\w-]+)[\"']?\s*:\s*(?:[|>][-+\d]*\s*)?(?:#.*)?$")


class Bundle:
    """The route."""

    def __init__(self, appliance: Appliance, health: HealthApi) -> None:
        self._appliance = appliance
        self._health = health

    def routes(self) -> Iterable[web.Route]:
        """Declare it."""
        yield route(
            "GET",
            "/support",
            self.download,
            Scope.ADMIN,
            exchange=web.Exchange(media_type="application/zip"),
        )

    async def download(self, _request: web.Request) -> web.StreamResponse:
        """Return health, printers, consoles, configuration and log, every secret hidden."""
        texts = {"health.json": _json(await self._health.report())}
        for printer in self._appliance.use(PRINTERS):
            texts[f"printers/{printer.id}.json"] = _json(render.full(printer))
            texts[f"printers/{printer.id}.console.txt"] = _console(printer)
        await self._learn_secrets()
        paths = self._appliance.paths
        files = {
            CONFIGURATION_FILE: paths.config / CONFIGURATION_FILE,
            LOG_FILE: paths.logs / LOG_FILE,
        }
        redactor = self._appliance.use(REDACTOR)
        content = await asyncio.to_thread(_pack, texts, files, redactor)
        stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
        return web.Response(
            body=content,
            content_type="application/zip",
            headers={
                "Content-Disposition": f'attachment; filename="gantry-support-{stamp}.zip"',
                "Cache-Control": "no-store",
            },
        )

    async def _learn_secrets(self) -> None:
        """Know those of the files as they are: they may be newer than what is in force."""
        writer = self._appliance.find(CONFIGURATION_WRITER)
        if writer is None:
            return
        try:
            secrets = (await writer.check()).secrets
        except ConfigurationError as error:
            secrets = error.secrets
        self._appliance.use(REDACTOR).add(*secrets)


def _json(data: object) -> str:
    return orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS).decode()


def _console(printer: Printer) -> str:
    return "".join(
        f"{line.time:.3f} {line.direction:8} {line.origin:10} {line.text}\n"
        for line in printer.console
    )


def _pack(texts: dict[str, str], files: dict[str, Path], redactor: Redactor) -> bytes:
    """Make the archive; blocks on the disk and compresses."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in texts.items():
            packed.writestr(name, redactor.clean(text))
        for name, path in files.items():
            if path.is_file():
                packed.writestr(name, redactor.clean(_by_key(name, tail(path, _TAIL))))
    return archive.getvalue()


def _by_key(name: str, text: str) -> str:
    """Return a configuration without what its keys say to be secret; another file as it is."""
    if name != CONFIGURATION_FILE:
        return text
    lines = []
    below: str | None = None  # the indent of a key whose secret stands on the lines below it
    for line in text.splitlines(keepends=True):
        indent = line[: len(line) - len(line.lstrip())]
        if below is not None and (not line.strip() or len(indent) > len(below)):
            lines.append(f"{indent}{HIDDEN}\n")
            continue
        block = _BLOCK.match(line)
        below = block[1] if block and SECRET_KEY.search(block[2]) else None
        lines.append(hide_line(name, line))
    return "".join(lines)


def tail(path: Path, size: int) -> str:
    """Return the last ``size`` bytes of a file as text; blocks on the disk."""
    with path.open("rb") as file:
        file.seek(0, io.SEEK_END)
        file.seek(max(file.tell() - size, 0))
        return file.read().decode("utf-8", "replace")
