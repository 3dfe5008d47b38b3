"""Files and folders as the listings show them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote

from appliance.domain.analysis import Analysis, Extents
from appliance.domain.files import FileInfo, FileKind, FolderInfo, Listing
from appliance.domain.telemetry import SdFile

# Makes an absolute URL of a path of ours, for one client.
Urls = Callable[[str], str]
# Makes the print statistics of a file, by its path.
Statistics = Callable[[str], Mapping[str, Any]]

_NO_PRINTS = {"success": 0, "failure": 0}


def resource(urls: Urls, location: str, path: str) -> str:
    """Return the URL of a file or folder in the API."""
    return urls(f"/api/files/{location}/{quote(path)}")


def references(urls: Urls, path: str) -> dict[str, str]:
    """Return where a local file is described and downloaded."""
    return {
        "resource": resource(urls, "local", path),
        "download": urls(f"/downloads/files/local/{quote(path)}"),
    }


def short(urls: Urls, path: str, *, folder: bool = False) -> dict[str, Any]:
    """Return what the answers to uploads, copies and moves say about a local file."""
    refs = {"resource": resource(urls, "local", path)} if folder else references(urls, path)
    return {
        "name": path.rpartition("/")[2],
        "path": path,
        "origin": "local",
        "refs": refs,
    }


def short_on_card(urls: Urls, name: str) -> dict[str, Any]:
    """Return what the answers say about a file on the card."""
    return {
        "name": name,
        "path": name,
        "origin": "sdcard",
        "refs": {"resource": resource(urls, "sdcard", name.lstrip("/"))},
    }


def type_path(kind: FileKind) -> list[str]:
    """Return the kind as a path of ever finer types."""
    if kind is FileKind.GCODE:
        return ["machinecode", "gcode"]
    return ["model", "stl"] if kind is FileKind.MODEL else ["unknown"]


def file(info: FileInfo, urls: Urls, statistics: Statistics) -> dict[str, Any]:
    """Return a local file."""
    types = type_path(info.kind)
    entry: dict[str, Any] = {
        "name": info.name,
        "display": info.display or info.name,
        "path": info.path,
        "type": types[0],
        "typePath": types,
        "origin": "local",
        "refs": references(urls, info.path),
        "size": info.size,
        "date": int(info.modified),
        **statistics(info.path),
    }
    if info.digest is not None:
        entry["hash"] = info.digest
    if info.user is not None:
        entry["user"] = info.user
    if info.userdata is not None:
        entry["userdata"] = info.userdata
    analysis = gcode_analysis(info)
    if analysis is not None:
        entry["gcodeAnalysis"] = analysis
    return entry


def folder(
    info: FolderInfo,
    urls: Urls,
    children: Iterable[dict[str, Any]] = (),
    prints: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return a folder with the children that were asked for."""
    return {
        "name": info.name,
        "display": info.display or info.name,
        "path": info.path,
        "type": "folder",
        "typePath": ["folder"],
        "origin": "local",
        "refs": {"resource": resource(urls, "local", info.path)},
        "size": info.size,
        "date": int(info.modified),
        "prints": dict(prints or _NO_PRINTS),
        "children": list(children),
    }


def tree(
    listing: Listing, urls: Urls, statistics: Statistics, *, top: str = ""
) -> list[dict[str, Any]]:
    """Return everything below the folder ``top``, each folder holding its children."""
    children: dict[str, list[dict[str, Any]]] = {top: []}
    for found in listing.folders:
        children[found.path] = []
    for found in listing.folders:
        entry = folder(found, urls)
        entry["children"] = children[found.path]
        children[_parent(found.path, children)].append(entry)
    for info in listing.files:
        children[_parent(info.path, children)].append(file(info, urls, statistics))
    return children[top]


def on_card(found: SdFile, urls: Urls) -> dict[str, Any]:
    """Return a file on the printer's own card."""
    name = found.name.lstrip("/")
    entry: dict[str, Any] = {
        "name": name.rpartition("/")[2],
        "display": found.display or name.rpartition("/")[2],
        "path": name,
        "type": "machinecode",
        "typePath": ["machinecode", "gcode"],
        "origin": "sdcard",
        "refs": {"resource": resource(urls, "sdcard", name)},
    }
    if found.size is not None:
        entry["size"] = found.size
    if found.modified is not None:
        entry["date"] = int(found.modified)
    return entry


def gcode_analysis(info: FileInfo) -> dict[str, Any] | None:
    """Return what is known about the print: the moves' word, else the slicer's."""
    if info.analysis is not None:
        return analysis_result(info.analysis)
    metadata = info.metadata
    if metadata is None or metadata.estimated_s is None:
        return None
    return {
        "estimatedPrintTime": metadata.estimated_s,
        "filament": {
            f"tool{use.tool}": {"length": use.length_mm, "volume": use.volume_cm3 or 0.0}
            for use in metadata.filaments
            if use.length_mm is not None
        },
    }


def analysis_result(analysis: Analysis) -> dict[str, Any]:
    """Return the outcome of an analysis."""
    volumes = analysis.filament_cm3
    return {
        "estimatedPrintTime": analysis.estimated_s,
        "filament": {
            f"tool{tool}": {
                "length": length,
                "volume": volumes[tool] if tool < len(volumes) else 0.0,
            }
            for tool, length in enumerate(analysis.filament_mm)
        },
        "printingArea": _area(analysis.printing),
        "dimensions": _dimensions(analysis.printing),
        "travelArea": _area(analysis.travel),
        "travelDimensions": _dimensions(analysis.travel),
    }


def _area(box: Extents | None) -> dict[str, float]:
    box = box or Extents(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    return {
        "minX": box.min_x,
        "minY": box.min_y,
        "minZ": box.min_z,
        "maxX": box.max_x,
        "maxY": box.max_y,
        "maxZ": box.max_z,
    }


def _dimensions(box: Extents | None) -> dict[str, float]:
    box = box or Extents(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    return {"width": box.width, "depth": box.depth, "height": box.height}


def _parent(path: str, known: Mapping[str, object]) -> str:
    parent = path.rpartition("/")[0]
    return parent if parent in known else ""
