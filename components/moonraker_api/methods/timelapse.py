"""``machine.timelapse.*``: how prints are recorded, for the panels of Mainsail and Fluidd."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from appliance.components.moonraker_api.database import Namespaces
from appliance.components.moonraker_api.method import Asked, Method, get, post
from appliance.components.moonraker_api.methods import access
from appliance.components.moonraker_api.render import timelapse as render
from appliance.domain.timelapse import Timelapse
from appliance.errors import FileMissing

_SETTINGS = "/machine/timelapse/settings"
_NAMESPACE, _MODE = "timelapse", ("config", "mode")


class TimelapseMethods:
    """The handlers."""

    def __init__(self, timelapse: Timelapse, namespaces: Namespaces) -> None:
        self._timelapse = timelapse
        self._namespaces = namespaces

    def methods(self) -> Iterable[Method]:
        """Declare the calls."""
        yield get(_SETTINGS, access.READ, self.settings, name="machine.timelapse.get_settings")
        yield post(
            _SETTINGS, access.CONTROL, self.change, name="machine.timelapse.post_settings"
        )
        yield get("/machine/timelapse/lastframeinfo", access.READ, self.last_frame)
        yield post("/machine/timelapse/render", access.CONTROL, self.render)
        yield post("/machine/timelapse/saveframes", access.CONTROL, self.save_frames)

    async def settings(self, asked: Asked) -> dict[str, Any]:
        """Return how prints are recorded."""
        options = self._timelapse.options(asked.printer.id)
        return render.settings(options, await self._mode(asked.printer.id))

    async def change(self, asked: Asked) -> dict[str, Any]:
        """Record prints in another way from now on."""
        printer_id = asked.printer.id
        known = self._timelapse.options(printer_id)
        former = await self._mode(printer_id)
        options, mode = render.changed(known, asked.params, former)
        if options != known:
            await self._timelapse.set_options(printer_id, options, save=True)
        if mode != former:
            await self._namespaces.put(printer_id, _NAMESPACE, _MODE, mode)
        return await self.settings(asked)

    async def last_frame(self, asked: Asked) -> dict[str, Any]:
        """Return the last picture."""
        return render.frame(await self._timelapse.latest(asked.printer.id))

    async def render(self, asked: Asked) -> dict[str, Any]:
        """Make a video of the newest recording; what becomes of it is told."""
        latest = await self._timelapse.latest(asked.printer.id)
        if latest is None:
            return {"action": "render", "status": "skipped", "msg": "there are no pictures"}
        await self._timelapse.render(asked.printer.id, latest.recording)
        count = str(latest.frames)
        return {"action": "render", "status": "started", "framecount": count}

    async def save_frames(self, asked: Asked) -> dict[str, Any]:
        """Pack the pictures of the newest recording beside the videos."""
        latest = await self._timelapse.latest(asked.printer.id)
        if latest is None:
            return {"action": "saveframes"}
        made = await self._timelapse.save_pictures(asked.printer.id, latest.recording)
        return {"action": "saveframes", "status": "finished", "zipfile": made}

    async def _mode(self, printer_id: str) -> str:
        """Return what was chosen last; it counts while nothing is recorded."""
        try:
            mode = await self._namespaces.get(printer_id, _NAMESPACE, _MODE)
        except FileMissing:
            return render.LAYER
        return mode if mode in (render.LAYER, render.TIMED) else render.LAYER
