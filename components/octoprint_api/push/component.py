"""Brings the push side to life: a hub per printer, fed by the bus."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from appliance import web
from appliance.components.octoprint_api.push import (
    file_events,
    job_events,
    script_events,
    settings_events,
    timelapse_events,
)
from appliance.components.octoprint_api.push.event import Event
from appliance.components.octoprint_api.push.hub import Hub
from appliance.components.octoprint_api.push.transports import Transports
from appliance.components.octoprint_api.render import timelapse as render_timelapse
from appliance.components.octoprint_api.settings.preferences import (
    Preferences,
    PreferencesChanged,
)
from appliance.components.octoprint_api.uploads import FileUploaded
from appliance.core import (
    Appliance,
    ApplianceStarted,
    ApplianceStopping,
    ConfigurationChanged,
    Stage,
    StopReason,
)
from appliance.domain import api_keys, job, logins, timelapse, users
from appliance.domain import file_events as files
from appliance.domain.files import GCODES
from appliance.domain.history import HistoryFinished
from appliance.domain.identity import CredentialRevoked
from appliance.domain.permissions import Permission
from appliance.domain.printer import PRINTERS, ConsoleGrew, PrinterChanged
from appliance.errors import PrinterMissing

_FILE_EVENTS = (
    files.FileAdded,
    files.FileChanged,
    files.FileRemoved,
    files.FileMoved,
    files.FolderAdded,
    files.FolderRemoved,
    files.FolderMoved,
)


class Push:
    """The hubs of all printers."""

    def __init__(self, appliance: Appliance, preferences: Preferences) -> None:
        self._appliance = appliance
        self.hubs = {
            printer.id: Hub(appliance, printer, preferences, self._timelapse_of(printer.id))
            for printer in appliance.use(PRINTERS)
        }

    def hub(self, printer_id: str) -> Hub:
        """Return the hub of a printer."""
        try:
            return self.hubs[printer_id]
        except KeyError:
            message = f"there is no printer '{printer_id}'"
            raise PrinterMissing(message) from None

    def tell_all(self, event: Event) -> None:
        """Tell an event that is about no single printer."""
        for hub in self.hubs.values():
            hub.tell(event)

    def start(self) -> None:
        """Serve the transports and listen to the bus."""
        transports = Transports(self.hub)
        self._appliance.use(web.HTTP).add_routes(transports.routes())

        async def stop(_reason: StopReason) -> None:
            transports.close()

        self._appliance.on_stop(Stage.VIEWS, "push", stop)
        self._listen_to_printers()
        self._listen_to_files()
        self._listen_to_people()
        self._listen_to_timelapses()
        self._listen_to_settings()
        listen = self._appliance.bus.listen
        listen(ApplianceStarted, lambda _: self.tell_all(Event("Startup")))
        listen(ApplianceStopping, lambda _: self.tell_all(Event("Shutdown")))

    def _listen_to_printers(self) -> None:
        listen = self._appliance.bus.listen
        listen(PrinterChanged, self._to_hub(Hub.changed))
        listen(ConsoleGrew, self._to_hub(Hub.console_grew))
        listen(
            job.JobStarted, self._to_hub(lambda hub, e: hub.tell(job_events.of_start(e.job)))
        )
        listen(
            job.JobResumed, self._to_hub(lambda hub, e: hub.tell(job_events.of_resume(e.job)))
        )
        listen(job.JobPaused, self._to_hub(_paused))
        listen(job.JobEnded, self._to_hub(_ended))
        listen(
            script_events.ScriptWished,
            self._to_hub(lambda hub, e: hub.tell(script_events.of_wish(e))),
        )
        listen(FileUploaded, self._to_hub(lambda hub, e: hub.tell(file_events.of_upload(e))))

    def _listen_to_files(self) -> None:
        listen = self._appliance.bus.listen
        for kind in _FILE_EVENTS:
            listen(kind, self._file_changed)
        listen(
            files.AnalysisStarted, lambda e: self.tell_all(file_events.of_analysis_start(e))
        )
        listen(files.AnalysisFinished, lambda e: self.tell_all(file_events.of_analysis_end(e)))
        listen(
            HistoryFinished,
            lambda e: self.tell_all(
                Event(
                    "MetadataStatisticsUpdated",
                    {"storage": e.entry.origin, "path": e.entry.path},
                )
            ),
        )

    def _listen_to_people(self) -> None:
        listen = self._appliance.bus.listen
        listen(logins.UserLoggedIn, self._logged_in)
        listen(logins.UserLoggedOut, self._logged_out)
        listen(users.UserChanged, lambda _: self._recheck("modified"))
        listen(users.UserDeleted, lambda _: self._recheck("removed"))
        listen(CredentialRevoked, lambda _: self._recheck("stale"))
        listen(api_keys.AppKeyRequested, self._key_requested)
        listen(api_keys.AppKeyDecided, self._key_decided)

    def _listen_to_timelapses(self) -> None:
        listen = self._appliance.bus.listen
        for kind in timelapse_events.KINDS:
            listen(kind, self._to_hub(_timelapse_event))
        listen(
            timelapse.TimelapseChanged,
            self._to_hub(lambda hub, e: hub.tell_timelapse(_shown(e.options))),
        )
        listen(
            timelapse.RenderProgressed,
            self._to_hub(lambda hub, e: hub.tell_rendering(e.done * 100)),
        )

    def _listen_to_settings(self) -> None:
        listen = self._appliance.bus.listen
        listen(ConfigurationChanged, self._configuration_changed)
        listen(
            PreferencesChanged, self._to_hub(lambda hub, _: hub.tell(Event("SettingsUpdated")))
        )

    def _configuration_changed(self, event: ConfigurationChanged) -> None:
        for told in settings_events.of_configuration(event.before, event.configuration):
            self.tell_all(told)

    def _timelapse_of(self, printer_id: str) -> dict[str, Any] | None:
        known = self._appliance.find(timelapse.TIMELAPSE)
        return None if known is None else _shown(known.options(printer_id))

    def _to_hub(self, tell: Callable[[Hub, Any], None]) -> Callable[[Any], None]:
        def heard(event: Any) -> None:
            hub = self.hubs.get(event.printer_id)
            if hub is not None:
                tell(hub, event)

        return heard

    def _file_changed(self, event: Any) -> None:
        item = getattr(event, "file", None) or event.folder
        if item.root == GCODES:
            for told in file_events.of_file(event):
                self.tell_all(told)

    def _recheck(self, reason: str) -> None:
        for hub in self.hubs.values():
            hub.recheck(reason)

    def _logged_in(self, event: logins.UserLoggedIn) -> None:
        payload = {"username": event.name, "remoteAddress": event.address}
        self.tell_all(Event("UserLoggedIn", payload))

    def _logged_out(self, event: logins.UserLoggedOut) -> None:
        self.tell_all(Event("UserLoggedOut", {"username": event.name}))
        self._recheck("logout")

    def _key_requested(self, event: api_keys.AppKeyRequested) -> None:
        asked = event.request
        data = {
            "type": "request_access",
            "app_name": asked.app,
            "user_token": asked.user_token,
            "user_id": asked.user,
            "remote_address": asked.address,
        }
        for hub in self.hubs.values():
            hub.tell_plugin("appkeys", data, Permission.APPKEYS_GRANT)

    def _key_decided(self, event: api_keys.AppKeyDecided) -> None:
        data = {"type": "end_request", "user_token": event.request.user_token}
        for hub in self.hubs.values():
            hub.tell_plugin("appkeys", data, Permission.APPKEYS_GRANT)


def _shown(options: timelapse.TimelapseOptions) -> dict[str, Any] | None:
    """Return how a printer is recorded; null if it is not."""
    off = options.mode is timelapse.TimelapseMode.OFF
    return None if off else render_timelapse.config(options)


def _timelapse_event(hub: Hub, event: Any) -> None:
    hub.tell(timelapse_events.told(event))


def _paused(hub: Hub, event: job.JobPaused) -> None:
    for told in job_events.of_pause(event.job, hub.printer.snapshot):
        hub.tell(told)


def _ended(hub: Hub, event: job.JobEnded) -> None:
    for told in job_events.of_end(event.job, hub.printer.snapshot):
        hub.tell(told)
