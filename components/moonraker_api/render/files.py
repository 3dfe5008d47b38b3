"""Files, folders and what slicers wrote."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from appliance.domain.files import DiskUsage, FileInfo, FolderInfo, Listing, Root
from appliance.domain.history import HistoryEntry
from appliance.domain.metadata import Metadata, Thumbnail


def item(info: FileInfo | FolderInfo, permissions: str) -> dict[str, Any]:
    """Return what a change of a file or folder is about."""
    return {
        "root": info.root,
        "path": info.path,
        "modified": info.modified,
        "size": info.size,
        "permissions": permissions,
    }


def place(root: str, path: str) -> dict[str, Any]:
    """Return where something was before it was moved."""
    return {"root": root, "path": path}


def listed(info: FileInfo, permissions: str) -> dict[str, Any]:
    """Return a file of a flat list; ``filename`` is how the document of 2020 calls it."""
    return {
        "path": info.path,
        "filename": info.path,
        "modified": info.modified,
        "size": info.size,
        "permissions": permissions,
    }


def directory(
    listing: Listing, root: Root, usage: DiskUsage, *, extended: bool
) -> dict[str, Any]:
    """Return what is right in a folder."""
    permissions = root.permissions
    return {
        "dirs": [
            {
                "dirname": folder.name,
                "modified": folder.modified,
                "size": folder.size,
                "permissions": permissions,
            }
            for folder in listing.folders
        ],
        "files": [
            {
                **(metadata(info, None) if extended and info.metadata is not None else {}),
                "filename": info.name,
                "modified": info.modified,
                "size": info.size,
                "permissions": permissions,
            }
            for info in listing.files
        ],
        "disk_usage": {"total": usage.total, "used": usage.used, "free": usage.free},
        "root_info": {"name": root.name, "permissions": permissions},
    }


def metadata(info: FileInfo, last: HistoryEntry | None) -> dict[str, Any]:
    """Return what is known of a G-code file; what the slicer did not write is left out."""
    known = info.metadata or Metadata()
    found = {
        "slicer": known.slicer or "Unknown",
        "slicer_version": known.slicer_version or "?",
        "gcode_start_byte": known.gcode_start,
        "gcode_end_byte": known.gcode_end,
        "estimated_time": _estimated(info),
        "layer_count": known.layer_count or _counted(info),
        "layer_height": known.layer_height_mm,
        "first_layer_height": known.first_layer_height_mm,
        "object_height": known.object_height_mm,
        "nozzle_diameter": known.nozzle_mm,
        "filament_total": known.filament_mm,
        "filament_weight_total": known.filament_g,
        "filament_change_count": known.filament_changes,
        "first_layer_extr_temp": known.first_layer_extruder_c,
        "first_layer_bed_temp": known.first_layer_bed_c,
        "chamber_temp": known.chamber_c,
        "printer_vendor": known.printer_vendor,
        "printer_model": known.printer_model,
        "printer_variant": known.printer_variant,
        "referenced_tools": list(known.tools) or None,
        **_filaments(known),
        "thumbnails": [thumbnail(each, info.folder) for each in known.thumbnails] or None,
    }
    return {
        "size": info.size,
        "modified": info.modified,
        "uuid": info.uuid,
        "file_processors": [],
        **{name: value for name, value in found.items() if value is not None},
        "print_start_time": None if last is None else last.started_at,
        "job_id": None if last is None else job_id(last),
        "filename": info.path,
    }


def thumbnail(picture: Thumbnail, folder: str) -> dict[str, Any]:
    """Return a picture; its path is relative to the folder of the file."""
    path = picture.path.removeprefix(f"{folder}/") if folder else picture.path
    return {
        "width": picture.width,
        "height": picture.height,
        "size": picture.size,
        "relative_path": path,
    }


def pictures(found: Iterable[Thumbnail]) -> list[dict[str, Any]]:
    """Return the answer to a question for the pictures alone."""
    return [
        {
            "width": each.width,
            "height": each.height,
            "size": each.size,
            "thumbnail_path": each.path,
        }
        for each in found
    ]


def root(found: Root) -> dict[str, Any]:
    """Return a root."""
    return {"name": found.name, "path": str(found.path), "permissions": found.permissions}


def job_id(entry: HistoryEntry) -> str:
    """Return the id of a job the way Moonraker writes them: six hexadecimal digits."""
    return f"{entry.number:06X}"


def _estimated(info: FileInfo) -> float | None:
    if info.metadata is not None and info.metadata.estimated_s is not None:
        return info.metadata.estimated_s
    return None if info.analysis is None else round(info.analysis.estimated_s, 1)


def _counted(info: FileInfo) -> int | None:
    return None if info.analysis is None else info.analysis.layer_count or None


def _filaments(known: Metadata) -> dict[str, Any]:
    tools = known.filaments
    return {
        "filament_name": _names([each.name for each in tools]),
        "filament_type": _names([each.type for each in tools]),
        "filament_weights": _numbers([each.weight_g for each in tools]),
        "filament_colors": [each.color for each in tools if each.color] or None,
        "filament_temps": _numbers([each.temperature_c for each in tools]),
    }


def _names(names: list[str | None]) -> str | None:
    """Return one name as text, several as a JSON array in text."""
    if not any(names):
        return None
    words = [name or "" for name in names]
    return words[0] if len(words) == 1 else orjson.dumps(words).decode()


def _numbers(values: list[float | None]) -> list[float] | None:
    known = [value for value in values if value is not None]
    return known if known and len(known) == len(values) else None
