"""``/api/job``: what is printed, and start, pause, resume, restart, cancel."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from appliance import web
from appliance.components.octoprint_api import body, conditions, selection
from appliance.components.octoprint_api.render import job as render
from appliance.components.octoprint_api.routing import route
from appliance.core import Appliance
from appliance.domain.file_service import FILES
from appliance.domain.job import JobEnded, JobFile, JobPhase
from appliance.domain.permissions import Permission
from appliance.domain.printer import Printer
from appliance.errors import InvalidRequest, NotPrinting, PrinterBusy

_COMMANDS: dict[str, tuple[str, ...]] = {"start": (), "restart": (), "pause": (), "cancel": ()}

# A cancelled job may have to finish a long move and its script before the next one starts.
RESTART_PATIENCE_S = 600.0


class JobApi:
    """The present job."""

    def __init__(self, appliance: Appliance) -> None:
        self._appliance = appliance
        self._files = appliance.use(FILES)

    def routes(self) -> Iterable[web.Route]:
        """Declare the routes."""
        yield route("GET", "/api/job", self.get, Permission.STATUS)
        yield route("POST", "/api/job", self.post, Permission.PRINT)

    async def get(self, request: web.Request) -> web.StreamResponse:
        """Return the selected file, the progress and the state."""
        return web.json_response(render.answer(web.printer(request).snapshot))

    async def post(self, request: web.Request) -> web.StreamResponse:
        """Start, restart, pause, resume or cancel."""
        printer = web.printer(request)
        conditions.need_operational(printer.snapshot)
        name, parameters = await body.command(request, _COMMANDS)
        who = web.identity(request)
        phase = printer.snapshot.phase
        if name == "start":
            if phase.active:
                raise PrinterBusy("there is a job already; a paused one can be restarted")
            selected = printer.snapshot.selected
            if selected is not None:  # else accepted and nothing happens, as clients know it
                await selection.print_file(self._files, printer, selected, who.user)
        elif name == "restart":
            if phase is not JobPhase.PAUSED or printer.snapshot.job is None:
                raise NotPrinting("only a paused job can be restarted")
            await self._restart(printer, printer.snapshot.job.file, who.user, who.origin)
        elif not phase.active or phase is JobPhase.CANCELLING:
            message = f"there is no job to {name}"
            raise NotPrinting(message)
        elif name == "cancel":
            await printer.cancel(origin=who.origin)
        else:
            await _pause(printer, parameters.get("action", "toggle"), who.origin)
        return web.no_content()

    async def _restart(
        self, printer: Printer, file: JobFile, user: str | None, who: str
    ) -> None:
        """Cancel, and print the same file from its beginning once that is done."""
        ended = asyncio.get_running_loop().create_future()

        def heard(event: JobEnded) -> None:
            if event.printer_id == printer.id and not ended.done():
                ended.set_result(None)

        unsubscribe = self._appliance.bus.listen(JobEnded, heard)

        async def again() -> None:
            try:
                async with asyncio.timeout(RESTART_PATIENCE_S):
                    await ended
            finally:
                unsubscribe()
            await selection.print_file(self._files, printer, file, user)

        try:
            await printer.cancel(origin=who)
        except BaseException:
            unsubscribe()
            raise
        self._appliance.tasks.spawn(again(), f"restart the job of {printer.id}")


async def _pause(printer: Printer, action: object, who: str) -> None:
    paused = printer.snapshot.phase in (JobPhase.PAUSING, JobPhase.PAUSED)
    if action == "toggle":
        action = "resume" if paused else "pause"
    if action == "pause":
        await printer.pause(origin=who)
    elif action == "resume":
        # One that is about to pause cannot go on yet; that is no error for clients.
        if printer.snapshot.phase is JobPhase.PAUSED:
            await printer.resume(origin=who)
    else:
        raise InvalidRequest("'action' must be pause, resume or toggle")
