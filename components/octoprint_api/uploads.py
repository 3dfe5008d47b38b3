"""The fact that a file came in through this API, for the push side."""

from __future__ import annotations

from appliance.domain.files import FileInfo
from appliance.records import dataclass


@dataclass(frozen=True, slots=True)
class FileUploaded:
    """A file was uploaded, and selected or printed as far as that was possible."""

    printer_id: str
    file: FileInfo
    target: str  # local or sdcard
    select: bool
    print: bool
    effective_select: bool
    effective_print: bool
