"""Starting a print by the path of its file."""

from __future__ import annotations

from appliance.domain.file_service import Files
from appliance.domain.printer import Printer
from appliance.errors import PrinterBusy


class Printing:
    """Prints files on one printer."""

    def __init__(self, files: Files, printer: Printer) -> None:
        self._files = files
        self._printer = printer

    async def start(self, path: str, user: str | None) -> None:
        """Print a file; it becomes the selected one, for every view."""
        if self._printer.snapshot.phase.active:
            raise PrinterBusy("a print is under way already")
        plain = path.strip("/").removeprefix("gcodes/")
        request = await self._files.prepare(plain, self._printer.id, user=user)
        await self._printer.select(request.file)
        await self._printer.start(request)
