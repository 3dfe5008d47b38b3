"""Taking the printer for a job: what must be so before, and the file opened meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from appliance.domain.job import JobPhase, JobRequest, Origin
from appliance.domain.machine import Link
from appliance.errors import FileMissing, InvalidRequest, PrinterBusy, PrinterOffline

from .state import State
from .streamer import FileStreamer


async def open_file(
    state: State, request: JobRequest, more: Callable[[], None]
) -> FileStreamer:
    """Take the printer and open the file; ``more`` is called when lines of it are ready."""
    if state.link is not Link.ONLINE:
        message = "the printer is not connected"
        raise PrinterOffline(message)
    if state.phase.active:
        message = "the printer has a job already"
        raise PrinterBusy(message)
    if request.file.origin is not Origin.LOCAL or request.local_path is None:
        message = "this is not a local file"
        raise InvalidRequest(message)
    # From here on the printer is taken, also while the file is being opened.
    state.set_phase(JobPhase.PREPARING)
    try:
        streamer = await asyncio.to_thread(
            FileStreamer, Path(request.local_path), more, start=request.start_at
        )
    except OSError as error:
        state.set_phase(JobPhase.NONE)
        message = f"the file cannot be opened: {error.strerror}"
        raise FileMissing(message) from error
    if state.phase is not JobPhase.PREPARING:  # the port was lost meanwhile
        asyncio.get_running_loop().run_in_executor(None, streamer.close)
        message = "the printer is not connected any more"
        raise PrinterOffline(message)
    return streamer
