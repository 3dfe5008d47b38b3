"""``/api/gantry/layers`` and ``gcode``: where the layers of a file begin, and its text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aiohttp.web import FileResponse

from appliance import web
from appliance.components.gantry_api.routing import route
from appliance.domain.analysis import Extents
from appliance.domain.file_service import Files
from appliance.domain.files import GCODES
from appliance.domain.permissions import Scope

# Not the bytes that a client has uploaded, but those that a layer and a print count.
_PACKED = (".gz", ".bgcode", ".ufp")
_OF_A_FILE = web.Exchange(query={"path": {"type": "string"}})
# A browser that is led there shows text and runs nothing, whatever stands in the file.
_INERT = {
    "Content-Type": "text/plain; charset=latin-1",
    "Content-Security-Policy": "sandbox",
    "Content-Disposition": "attachment",
}
_TEXT = web.Exchange(
    query={"path": {"type": "string"}},
    statuses=(200, 206),
    media_type="text/plain",
    answer={"type": "string"},
)


class LayersApi:
    """The routes."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def routes(self) -> Iterable[web.Route]:
        """Declare them."""
        yield route("GET", "/layers", self.show, Scope.READ, exchange=_OF_A_FILE)
        yield route("GET", "/gcode", self.text, Scope.READ, exchange=_TEXT)

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Return byte and height in mm of each layer; none until the file is analysed.

        ``analysing`` says how far that is, from 0 to 1; null: it is done, or cannot be done.
        """
        info = await self._files.info(GCODES, request.query.get("path", ""))
        layers = await self._files.layers(info.path)
        analysis = info.analysis
        return web.json_response(
            {
                "path": info.path,
                "size": (await self._files.job_file(info.path)).size if layers else info.size,
                "packed": info.path.lower().endswith(_PACKED),
                "analysed": analysis is not None,
                "analysing": None if analysis else self._files.analysing(info.path),
                "bounds": None if analysis is None else _bounds(analysis.printing),
                "layers": [[layer.position, layer.height_mm] for layer in layers],
            }
        )

    async def text(self, request: web.Request) -> web.StreamResponse:
        """Return the G-code as it is printed, unpacked if need be; ranges of it, too."""
        path = await self._files.plain(request.query.get("path", ""))
        return FileResponse(path, headers=_INERT)


def _bounds(extents: Extents | None) -> Any:
    """Return what is printed on as x, y, x, y in mm."""
    if extents is None:
        return None
    return [extents.min_x, extents.min_y, extents.max_x, extents.max_y]
