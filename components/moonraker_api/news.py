"""Facts of the domain as notifications of Moonraker."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from appliance.bus import Bus
from appliance.components.moonraker_api.host import Host
from appliance.components.moonraker_api.objects.scene import ObjectOutline
from appliance.components.moonraker_api.render import files as render_files
from appliance.components.moonraker_api.render import jobs as render_jobs
from appliance.components.moonraker_api.render import power as render_power
from appliance.components.moonraker_api.render import updates as render_updates
from appliance.domain import file_events as files
from appliance.domain.analysis import PrintedObject
from appliance.domain.file_service import Files
from appliance.domain.files import GCODES
from appliance.domain.history import HistoryAdded, HistoryEntry, HistoryFinished
from appliance.domain.job import Job, Origin
from appliance.domain.logins import UserLoggedOut
from appliance.domain.power import PowerDeviceChanged
from appliance.domain.printer import ConsoleGrew, PrinterChanged
from appliance.domain.queue import QueueChanged, QueueView
from appliance.domain.sensors import SensorsMeasured
from appliance.domain.spools import ActiveSpoolChanged, SpoolServerChanged
from appliance.domain.updates import UpdateChanged, UpdatePhase, UpdateStatus
from appliance.domain.users import UserCreated, UserDeleted
from appliance.errors import FileError
from appliance.tasks import Tasks

_ADDED = {files.FileAdded: "create_file", files.FileChanged: "modify_file"}


class News:
    """Listens to the bus and tells the hosts."""

    def __init__(
        self,
        hosts: Mapping[str, Host],
        store: Files,
        tasks: Tasks,
        update: UpdateStatus | None,
    ) -> None:
        self._hosts = hosts
        self._files = store
        self._tasks = tasks
        self._queues: dict[str, QueueView] = {}
        self._outlined: dict[str, str] = {}  # the last job of each printer
        self._update = update
        self._update_number = 0

    def listen(self, bus: Bus) -> None:
        """Hear everything from now on."""
        bus.listen(PrinterChanged, self._of_printer(Host.changed))
        bus.listen(ConsoleGrew, self._of_printer(lambda host, e: host.console_grew(e.lines)))
        bus.listen(PrinterChanged, self._of_printer(self._look_at_job))
        for kind, action in _ADDED.items():
            bus.listen(kind, self._file_event(action))
        bus.listen(files.FileRemoved, self._file_event("delete_file"))
        bus.listen(files.FileMoved, self._moved("move_file", "file"))
        bus.listen(files.FolderAdded, self._folder_event("create_dir"))
        bus.listen(files.FolderRemoved, self._folder_event("delete_dir"))
        bus.listen(files.FolderMoved, self._moved("move_dir", "folder"))
        bus.listen(files.RootAdded, self._root_added)
        bus.listen(files.MetadataReady, self._metadata_ready)
        bus.listen(files.AnalysisFinished, self._analysed)
        bus.listen(HistoryAdded, lambda e: self._history("added", e.entry))
        bus.listen(HistoryFinished, lambda e: self._history("finished", e.entry))
        bus.listen(QueueChanged, self._queue_changed)
        bus.listen(PowerDeviceChanged, self._power_changed)
        bus.listen(SensorsMeasured, self._sensors_measured)
        bus.listen(ActiveSpoolChanged, self._of_printer(_spool_changed))
        bus.listen(SpoolServerChanged, self._spool_server_changed)
        bus.listen(UpdateChanged, self._update_changed)
        bus.listen(UserCreated, lambda e: self._user("notify_user_created", e.name))
        bus.listen(UserDeleted, lambda e: self._user("notify_user_deleted", e.name))
        bus.listen(UserLoggedOut, lambda e: self._user("notify_user_logged_out", e.name))

    def tell_all(self, method: str, *params: Any) -> None:
        """Tell something that is about no single printer."""
        for host in self._hosts.values():
            host.tell(method, *params)

    # --- printers -----------------------------------------------------------------------

    def _of_printer(self, tell: Callable[[Host, Any], None]) -> Callable[[Any], None]:
        def heard(event: Any) -> None:
            host = self._hosts.get(event.printer_id)
            if host is not None:
                tell(host, event)

        return heard

    def _look_at_job(self, host: Host, event: PrinterChanged) -> None:
        """Outline the objects of a job that is new, or that was found running."""
        job = event.snapshot.job if event.snapshot.phase.active else None
        if job is None or self._outlined.get(event.printer_id) == job.id:
            return
        self._outlined[event.printer_id] = job.id
        host.outlines = ()
        if job.file.origin is Origin.LOCAL:
            self._tasks.spawn(self._outline(host, job), f"outline the objects of {job.id}")

    def _analysed(self, event: files.AnalysisFinished) -> None:
        """Tell what only the analysis knows; outline the objects of a job of that file."""
        if event.analysis is None:
            return
        info = replace(event.file, analysis=event.analysis)
        self.tell_all("notify_metadata_update", render_files.metadata(info, None))
        for host in self._hosts.values():
            job = host.printer.snapshot.job
            if job is not None and job.file.path == event.file.path:
                host.outlines = outlines(event.analysis.objects)
                host.touch()

    async def _outline(self, host: Host, job: Job) -> None:
        """Learn where the objects of a job lie, unless the next one began meanwhile."""
        try:
            info = await self._files.info(GCODES, job.file.path)
        except FileError:
            return
        if info.analysis is not None and self._outlined.get(host.printer.id) == job.id:
            host.outlines = outlines(info.analysis.objects)
            host.touch()

    def _history(self, action: str, entry: HistoryEntry) -> None:
        host = self._hosts.get(entry.printer_id)
        if host is not None:
            job = render_jobs.job(entry, exists=True)
            host.tell("notify_history_changed", {"action": action, "job": job})

    def _queue_changed(self, event: QueueChanged) -> None:
        view = event.view
        before = self._queues.get(view.printer_id)
        self._queues[view.printer_id] = view
        host = self._hosts.get(view.printer_id)
        if host is not None:
            change = render_jobs.queue_change(before, view, time.time())
            host.tell("notify_job_queue_changed", change)

    def _power_changed(self, event: PowerDeviceChanged) -> None:
        now = render_power.device(event.device)
        if now == render_power.device(event.previous):
            return
        for printer_id, host in self._hosts.items():
            if event.device.printer_id in (None, printer_id):
                host.tell("notify_power_changed", now)

    def _sensors_measured(self, event: SensorsMeasured) -> None:
        values = {sensor.id: sensor.values for sensor in event.sensors}
        self.tell_all("notify_sensor_update", values)

    def _spool_server_changed(self, event: SpoolServerChanged) -> None:
        told = {"spoolman_connected": event.connected}
        self.tell_all("notify_spoolman_status_changed", told)

    def _update_changed(self, event: UpdateChanged) -> None:
        before, now = self._update, event.status
        self._update = now
        if not now.supported or before is None:
            return
        if before.phase is UpdatePhase.IDLE and now.phase is not UpdatePhase.IDLE:
            self._update_number += 1
        done = before.phase is not UpdatePhase.IDLE and now.phase is UpdatePhase.IDLE
        if now.phase is not before.phase:
            told = {
                "application": render_updates.NAME,
                "proc_id": self._update_number,
                "message": render_updates.message(now),
                "complete": done or now.phase is UpdatePhase.RESTARTING,
            }
            self.tell_all("notify_update_response", told)
        if done or (now.available, now.checked_at) != (before.available, before.checked_at):
            self.tell_all("notify_update_refreshed", render_updates.status(now))

    # --- files --------------------------------------------------------------------------

    def _file_event(self, action: str) -> Callable[[Any], None]:
        return lambda event: self._changed(action, event.file)

    def _folder_event(self, action: str) -> Callable[[Any], None]:
        return lambda event: self._changed(action, event.folder)

    def _moved(self, action: str, what: str) -> Callable[[Any], None]:
        def heard(event: Any) -> None:
            source = render_files.place(event.source_root, event.source_path)
            self._changed(action, getattr(event, what), source_item=source)

        return heard

    def _changed(self, action: str, info: Any, **more: Any) -> None:
        item = render_files.item(info, self._permissions(info.root))
        self.tell_all("notify_filelist_changed", {"action": action, "item": item, **more})

    def _root_added(self, event: files.RootAdded) -> None:
        root = event.root
        item = {**render_files.place(root.name, ""), "modified": 0, "size": 0}
        item["permissions"] = root.permissions
        self.tell_all("notify_filelist_changed", {"action": "root_update", "item": item})

    def _metadata_ready(self, event: files.MetadataReady) -> None:
        info = event.file
        if info.metadata is None:
            info = replace(info, metadata=event.metadata)
        self.tell_all("notify_metadata_update", render_files.metadata(info, None))

    def _permissions(self, name: str) -> str:
        return next((root.permissions for root in self._files.roots if root.name == name), "r")

    def _user(self, method: str, name: str) -> None:
        self.tell_all(method, {"username": name})


def _spool_changed(host: Host, event: ActiveSpoolChanged) -> None:
    host.tell("notify_active_spool_set", {"spool_id": event.spool_id})


def outlines(objects: tuple[PrintedObject, ...]) -> tuple[ObjectOutline, ...]:
    """Return the rectangles around labelled objects, as far as they are known."""
    found = []
    for each in objects:
        box = each.extents
        if box is None:
            continue
        corners = (
            (box.min_x, box.min_y),
            (box.max_x, box.min_y),
            (box.max_x, box.max_y),
            (box.min_x, box.max_y),
        )
        center = ((box.min_x + box.max_x) / 2, (box.min_y + box.max_y) / 2)
        found.append(ObjectOutline(each.name, center, corners))
    return tuple(found)
