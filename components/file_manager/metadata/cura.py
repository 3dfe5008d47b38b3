"""Cura and CuraEngine: a header of ``;NAME:value``, settings as JSON in the tail."""

from __future__ import annotations

import re
from collections.abc import Iterator

import orjson

from appliance.components.file_manager.metadata import commands
from appliance.components.file_manager.metadata.comments import Comments, number
from appliance.components.file_manager.metadata.facts import Facts, Source

_ENGINE = re.compile(rb"Cura_SteamEngine[ \t:]{1,4}([\w.+-]{1,40})")
_GRIFFIN = re.compile(rb"^;GENERATOR\.NAME:Cura_SteamEngine", re.MULTILINE)
_SETTINGS = re.compile(rb"^;SETTING_3 ([^\r\n]{0,400})", re.MULTILINE)
_ELAPSED = re.compile(rb"^;TIME_ELAPSED:(\d{1,9}(?:\.\d{1,9})?)", re.MULTILINE)
_MESH = re.compile(rb"^;MESH:([^\r\n]{1,200})", re.MULTILINE)
_ESCAPED = re.compile(r"\\n([a-z0-9_]{1,60}) = ([^\\]{0,200})")
# Until the engine knows better it writes the largest numbers and a time of 6666.
_PLACEHOLDER = 2.0e6


def identify(head: bytes, tail: bytes) -> tuple[str, str] | None:
    """Return name and version if Cura made the file."""
    del tail
    match = _ENGINE.search(head)
    if match is not None:
        return "Cura", match.group(1).decode("utf-8", "replace")
    if _GRIFFIN.search(head) is not None:
        version = Comments.of(head[:8192]).text("GENERATOR.VERSION")
        return "Cura", version or ""
    return None


def read(source: Source) -> Facts:
    """Read everything that Cura writes."""
    comments = source.comments
    settings = _settings(source.tail)
    written = _is_written(comments)
    found = commands.first_temperatures(source.start_script)
    lengths = _lengths(comments)
    return Facts(
        estimated_s=_estimated(source, written=written),
        layer_count=comments.whole("LAYER_COUNT"),
        layer_height_mm=comments.number("Layer height") or settings.number("layer_height"),
        first_layer_height_mm=(
            settings.number("layer_height_0") or (comments.number("MINZ") if written else None)
        ),
        object_height_mm=_height(source, written=written),
        nozzle_mm=comments.number("EXTRUDER_TRAIN.0.NOZZLE.DIAMETER")
        or settings.number("machine_nozzle_size"),
        filament_diameter_mm=settings.number("material_diameter"),
        first_layer_extruder_c=comments.number("EXTRUDER_TRAIN.0.INITIAL_TEMPERATURE")
        or found.get("extruder"),
        first_layer_bed_c=comments.number("BUILD_PLATE.INITIAL_TEMPERATURE")
        or found.get("bed"),
        chamber_c=comments.number("BUILD_VOLUME.TEMPERATURE") or found.get("chamber"),
        printer_model=comments.text("TARGET_MACHINE.NAME"),
        flavor=comments.text("FLAVOR"),
        lengths_mm=lengths,
        weights_g=comments.numbers("Filament weight"),
        volumes_cm3=_volumes(comments),
        names=comments.texts("Filament name"),
        types=comments.texts("Filament type"),
        objects=_objects(source.head),
        tools=commands.tools(source.head) if len(lengths) <= 1 else (),
    )


def _is_written(comments: Comments) -> bool:
    largest = comments.number("MINX")
    return largest is None or abs(largest) < _PLACEHOLDER


def _estimated(source: Source, *, written: bool) -> float | None:
    if written:
        found = source.comments.number("TIME", "PRINT.TIME")
        if found is not None:
            return found
    elapsed = _ELAPSED.findall(source.tail)
    return float(elapsed[-1]) if elapsed else None


def _height(source: Source, *, written: bool) -> float | None:
    if written:
        found = source.comments.number("MAXZ", "PRINT.SIZE.MAX.Z")
        if found is not None and found < _PLACEHOLDER:
            return found
    return commands.printed_height(source.tail)


def _lengths(comments: Comments) -> list[float]:
    """Return ``Filament used: 1.2m, 0.3m`` in mm; zero is what an engine alone writes."""
    text = comments.text("Filament used")
    if text is None or "m" not in text:
        return []
    values = [(number(part) or 0.0) * 1000 for part in text.split(",")]
    return values if any(values) else []


def _volumes(comments: Comments) -> list[float]:
    volumes = []
    for tool in range(16):
        value = comments.number(f"EXTRUDER_TRAIN.{tool}.MATERIAL.VOLUME_USED")
        if value is None:
            break
        volumes.append(value / 1000)  # it is written in mm3
    return volumes


def _settings(tail: bytes) -> Comments:
    """Return the settings that were changed from the profile, from the JSON in the tail."""
    text = b"".join(match.group(1) for match in _SETTINGS.finditer(tail))
    values: dict[str, list[str]] = {}
    for part in _parts(text):
        for name, value in _ESCAPED.findall(part):
            values.setdefault(name, []).append(value)
    return Comments(values)


def _parts(text: bytes) -> Iterator[str]:
    if not text:
        return
    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError:
        yield text.decode("utf-8", "replace")  # cut in two by the excerpt
        return
    if isinstance(data, dict):
        for value in data.values():
            yield from (repr(each) for each in (value if isinstance(value, list) else [value]))


def _objects(head: bytes) -> list[str]:
    names = dict.fromkeys(
        match.group(1).decode("utf-8", "replace").strip() for match in _MESH.finditer(head)
    )
    names.pop("NONMESH", None)
    return list(names)
