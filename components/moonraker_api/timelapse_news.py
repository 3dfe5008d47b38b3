"""What becomes of recordings, as the notifications of Moonraker's timelapse component."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from appliance.bus import Bus
from appliance.components.moonraker_api.host import Host
from appliance.components.moonraker_api.render import files as render_files
from appliance.domain.file_service import Files
from appliance.domain.timelapse import (
    VIDEOS,
    CaptureDone,
    CaptureFailed,
    RenderDone,
    RenderFailed,
    RenderProgressed,
    RenderStarted,
    Timelapse,
)
from appliance.errors import FileError
from appliance.tasks import Tasks


class TimelapseNews:
    """Listens to the bus and tells the hosts."""

    def __init__(
        self, hosts: Mapping[str, Host], timelapse: Timelapse, files: Files, tasks: Tasks
    ) -> None:
        self._hosts = hosts
        self._timelapse = timelapse
        self._files = files
        self._tasks = tasks

    def listen(self, bus: Bus) -> None:
        """Hear everything from now on."""
        bus.listen(CaptureDone, self._captured)
        bus.listen(CaptureFailed, self._telling(lambda _: {"action": "newframe"}, "error"))
        bus.listen(RenderStarted, self._telling(_rendering, "started"))
        bus.listen(RenderProgressed, self._telling(_progress, "running"))
        bus.listen(RenderDone, self._rendered)
        bus.listen(RenderFailed, self._telling(_failed, "error"))

    def _telling(
        self, render: Callable[[Any], dict[str, Any]], status: str
    ) -> Callable[[Any], None]:
        return lambda event: self._tell(event.printer_id, {**render(event), "status": status})

    def _tell(self, printer_id: str, told: dict[str, Any]) -> None:
        if (host := self._hosts.get(printer_id)) is not None:
            host.tell("notify_timelapse_event", told)

    def _captured(self, event: CaptureDone) -> None:
        host = self._hosts.get(event.printer_id)
        if host is not None and host.clients:
            self._tasks.spawn(self._show_picture(event.printer_id), "tell of a picture")

    async def _show_picture(self, printer_id: str) -> None:
        latest = await self._timelapse.latest(printer_id)
        if latest is not None:
            told = {"action": "newframe", "status": "success", "frame": str(latest.frames)}
            self._tell(printer_id, {**told, "framefile": latest.path})

    def _rendered(self, event: RenderDone) -> None:
        told = {**_rendering(event), "status": "success", "printfile": event.gcode}
        place = self._timelapse.place(event.printer_id, event.video)
        told |= {"filename": place, "msg": f"Rendering Video successful: {event.video}"}
        self._tell(event.printer_id, told)
        self._tasks.spawn(self._list_video(place), "tell of a video")

    async def _list_video(self, place: str) -> None:
        """Tell that there is a file more; nobody watches that folder."""
        try:
            info = await self._files.info(VIDEOS, place)
        except FileError:
            return
        item = render_files.item(info, "rw")
        for host in self._hosts.values():
            host.tell("notify_filelist_changed", {"action": "create_file", "item": item})


def _rendering(_event: object) -> dict[str, Any]:
    return {"action": "render"}


def _progress(event: RenderProgressed) -> dict[str, Any]:
    return {"action": "render", "progress": int(event.done * 100)}


def _failed(event: RenderFailed) -> dict[str, Any]:
    return {"action": "render", "msg": f"Rendering Video failed: {event.error}"}
