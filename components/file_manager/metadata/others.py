"""Simplify3D, KISSlicer, ideaMaker, IceSL and Kiri:Moto, and files of nobody we know."""

from __future__ import annotations

import re

from appliance.components.file_manager.metadata import commands
from appliance.components.file_manager.metadata.comments import Comments, number, numbers
from appliance.components.file_manager.metadata.facts import Facts, Source

_KIRI_LAYER = re.compile(rb"^;; --- layer (\d{1,6})\b", re.MULTILINE)
_KIRI_USED = re.compile(rb"--- filament used:[ \t]{0,4}(\d{1,9}(?:\.\d{1,6})?)")
_KIRI_TIME = re.compile(rb"--- print time:[ \t]{0,4}(\d{1,9})")
_KISS_HEIGHT = re.compile(rb"^; END_LAYER_OBJECT z=(\d{1,5}(?:\.\d{1,6})?)", re.MULTILINE)
_KISS_LENGTH = re.compile(
    rb"^;[ \t]{1,8}Ext[ \t]?#?\d{1,2}[ \t]{0,4}=[ \t]{0,8}(\d{1,9}(?:\.\d{1,6})?) mm"
    rb"(?:[ \t]{1,8}\([ \t]{0,8}(\d{1,9}(?:\.\d{1,6})?))?",
    re.MULTILINE,
)
_S3D_LAYER = re.compile(rb"^; layer \d{1,6}, Z = (\d{1,5}(?:\.\d{1,6})?)", re.MULTILINE)


def simplify3d(source: Source) -> Facts:
    """Read Simplify3D: settings ``;   name,value`` in the head, a summary in the tail."""
    comments = source.comments
    temperatures = _simplify3d_temperatures(comments)
    layer = comments.number("layerHeight")
    percent = comments.number("firstLayerHeightPercentage")
    layers = _S3D_LAYER.findall(source.tail)
    return Facts(
        estimated_s=comments.period("Build time", "Build Time"),
        layer_height_mm=layer,
        first_layer_height_mm=layer * percent / 100 if layer and percent else None,
        object_height_mm=(
            max(float(height) for height in layers)
            if layers
            else commands.printed_height(source.tail)
        ),
        nozzle_mm=comments.number("extruderDiameter", "nozzleDiameter"),
        filament_diameter_mm=comments.number("filamentDiameters", "filamentDiameter"),
        first_layer_extruder_c=temperatures.get("extruder"),
        first_layer_bed_c=temperatures.get("bed"),
        printer_model=comments.text("machineName", "printerName"),
        lengths_mm=[
            value
            for name in ("Filament length", "Material Length")
            for text in comments.all(name)[:1]
            if (value := number(text)) is not None
        ],
        weights_g=[
            value
            for name in ("Plastic weight", "Material Weight")
            for text in comments.all(name)[:1]
            if (value := number(text)) is not None
        ],
        types=_entries(comments.text("printMaterial", "makerBotModelMaterial")),
        tools=commands.tools(source.head),
    )


def _simplify3d_temperatures(comments: Comments) -> dict[str, float]:
    names = re.split(r"[,|]", comments.text("temperatureName") or "")
    values = numbers(comments.text("temperatureSetpointTemperatures") or "")
    found: dict[str, float] = {}
    for name, value in zip(names, values, strict=False):
        heater = "bed" if "bed" in name.lower() else "extruder"
        found.setdefault(heater, value)
    for kind, text in zip(
        comments.all("temperatureType"), comments.all("temperatureSetpoints"), strict=False
    ):
        # version 5: "1|220" is layer and degrees
        value5 = number(text.partition("|")[2])
        if value5 is not None:
            found.setdefault("bed" if kind == "platform" else "extruder", value5)
    return found


def kisslicer(source: Source) -> Facts:
    """Read KISSlicer."""
    comments = source.comments
    used = _KISS_LENGTH.findall(source.tail)
    heights = _KISS_HEIGHT.findall(source.tail)
    return Facts(
        estimated_s=comments.period(
            "Calculated-during-export Build Time", "Calculated Build Time", "Build Time"
        ),
        layer_height_mm=_last(comments, "layer_thickness_mm", "max_layer_thickness_mm"),
        first_layer_height_mm=_last(comments, "first_layer_thickness_mm"),
        object_height_mm=float(heights[-1]) if heights else None,
        nozzle_mm=comments.number("nozzle_dia_mm"),
        filament_diameter_mm=comments.number("fiber_dia_mm"),
        first_layer_extruder_c=comments.number("first_layer_C"),
        first_layer_bed_c=comments.number("bed_C"),
        chamber_c=comments.number("chamber_C"),
        printer_model=comments.text("printer_name"),
        lengths_mm=[float(length) for length, _ in used],
        volumes_cm3=[float(volume) for _, volume in used if volume],
        names=_entries(comments.text("material_name")),
        tools=commands.tools(source.head),
    )


def _last(comments: Comments, *names: str) -> float | None:
    """Return the last number above zero: settings as used come after settings as given."""
    for name in names:
        for text in reversed(comments.all(name)):
            value = number(text)
            if value:
                return value
    return None


def ideamaker(source: Source) -> Facts:
    """Read ideaMaker."""
    comments = source.comments
    tools = [
        tool
        for tool in range(8)
        if f"Material#{tool} Used" in comments or f"Filament Type #{tool}" in comments
    ]
    box = numbers(re.sub(r"\s+", ",", comments.text("Bounding Box") or ""))
    lengths = [comments.number(f"Material#{tool} Used") or 0.0 for tool in tools]
    diameters = [comments.number(f"Filament Diameter #{tool}") or 1.75 for tool in tools]
    densities = [comments.number(f"Filament Density #{tool}") or 0.0 for tool in tools]
    volumes = [
        length * 0.7853981634 * diameter**2 / 1000
        for length, diameter in zip(lengths, diameters, strict=True)
    ]
    dimension = (comments.text("Dimension") or "").split()
    found = commands.first_temperatures(source.start_script)
    heights = [
        value for text in comments.all("HEIGHT")[:2] if (value := number(text)) is not None
    ]
    return Facts(
        estimated_s=comments.number("Print Time"),
        layer_count=comments.whole("LAYER_COUNT"),
        layer_height_mm=heights[-1] if heights else None,
        first_layer_height_mm=heights[0] if heights else None,
        object_height_mm=box[5] if len(box) >= 6 else comments.number("Object Height"),
        nozzle_mm=number(dimension[3]) if len(dimension) > 3 else None,
        filament_diameter_mm=diameters[0] if diameters else None,
        first_layer_extruder_c=found.get("extruder"),
        first_layer_bed_c=found.get("bed"),
        chamber_c=found.get("chamber"),
        printer_model=comments.text("Printer Type"),
        lengths_mm=lengths,
        volumes_cm3=volumes,
        # the density is written in grams per litre
        weights_g=[
            volume * density / 1000 for volume, density in zip(volumes, densities, strict=True)
        ]
        if all(densities)
        else (),
        names=[comments.text(f"Filament Name #{tool}") or "" for tool in tools],
        types=[comments.text(f"Filament Type #{tool}") or "" for tool in tools],
        tools=commands.tools(source.head),
    )


def icesl(source: Source) -> Facts:
    """Read IceSL: every setting as ``; name : value``."""
    comments = source.comments
    count = comments.whole("extruder_count") or 1
    return Facts(
        estimated_s=comments.number("estimated_print_time_s"),
        layer_count=comments.whole("layer_count"),
        layer_height_mm=comments.number("z_layer_height_mm"),
        first_layer_height_mm=comments.number("z_layer_height_first_layer_mm"),
        object_height_mm=comments.number("print_height_mm")
        or commands.printed_height(source.tail),
        nozzle_mm=comments.number("nozzle_diameter_mm_0"),
        filament_diameter_mm=comments.number("filament_diameter_mm_0"),
        first_layer_extruder_c=comments.number("extruder_temp_degree_c_0"),
        first_layer_bed_c=comments.number("bed_temp_degree_c"),
        chamber_c=comments.number("chamber_temp_degree_c"),
        printer_model=comments.text("printer"),
        lengths_mm=comments.numbers("filament_used_mm"),
        weights_g=comments.numbers("filament_used_g"),
        names=comments.texts("filament_name"),
        types=comments.texts("filament_type"),
        temperatures_c=[
            comments.number(f"extruder_temp_degree_c_{tool}") or 0.0
            for tool in range(min(count, 16))
        ],
        tools=commands.tools(source.head),
    )


def kirimoto(source: Source) -> Facts:
    """Read Kiri:Moto."""
    comments = source.comments
    layers = _KIRI_LAYER.findall(source.tail) or _KIRI_LAYER.findall(source.head)
    used = _KIRI_USED.search(source.tail)
    time = _KIRI_TIME.search(source.tail)
    return Facts(
        estimated_s=float(time.group(1)) if time else None,
        layer_count=int(layers[-1]) + 1 if layers else None,
        layer_height_mm=comments.number("sliceHeight"),
        first_layer_height_mm=comments.number("firstSliceHeight"),
        object_height_mm=commands.printed_height(source.tail),
        first_layer_extruder_c=comments.number("firstLayerNozzleTemp", "outputTemp")
        or commands.first_temperatures(source.start_script).get("extruder"),
        first_layer_bed_c=comments.number("firstLayerBedTemp", "outputBedTemp")
        or commands.first_temperatures(source.start_script).get("bed"),
        lengths_mm=[float(used.group(1))] if used else (),
        tools=commands.tools(source.head),
    )


def unknown(source: Source) -> Facts:
    """Read what the commands themselves say."""
    found = commands.first_temperatures(source.start_script)
    return Facts(
        object_height_mm=commands.printed_height(source.tail),
        layer_count=source.comments.whole("LAYER_COUNT"),
        estimated_s=source.comments.number("TIME"),
        first_layer_extruder_c=found.get("extruder"),
        first_layer_bed_c=found.get("bed"),
        chamber_c=found.get("chamber"),
        tools=commands.tools(source.head),
    )


def _entries(text: str | None) -> list[str]:
    return [] if text is None else [part.strip() for part in re.split(r"[|;]", text)]
