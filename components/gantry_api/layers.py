"""``/api/gantry/layers``: where the layers of a file begin, so that one can be had alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from appliance import web
from appliance.components.gantry_api.routing import route
from appliance.domain.files import GCODES, Extents, Files
from appliance.domain.permissions import Scope

# Their bytes are not the G-code: a range of them says nothing.
_PACKED = (".gz", ".bgcode", ".ufp", ".zip")


class LayersApi:
    """The route."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def routes(self) -> Iterable[web.Route]:
        """Declare it."""
        yield route(
            "GET",
            "/layers",
            self.show,
            Scope.READ,
            exchange=web.Exchange(query={"path": {"type": "string"}}),
        )

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Return byte and height in mm of each layer; none until the file is analysed."""
        info = await self._files.info(GCODES, request.query.get("path", ""))
        layers = await self._files.layers(info.path)
        analysis = info.analysis
        return web.json_response(
            {
                "path": info.path,
                "size": info.size,
                "packed": info.path.lower().endswith(_PACKED),
                "analysed": analysis is not None,
                "bounds": None if analysis is None else _bounds(analysis.printing),
                "layers": [[layer.position, layer.height_mm] for layer in layers],
            }
        )


def _bounds(extents: Extents | None) -> Any:
    """Return what is printed on as x, y, x, y in mm."""
    if extents is None:
        return None
    return [extents.min_x, extents.min_y, extents.max_x, extents.max_y]
