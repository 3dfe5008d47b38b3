"""What each family of slicers writes, and what is read of it."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.components.file_manager.metadata import slicers
from appliance.components.file_manager.metadata.excerpt import (
    HEAD_BYTES,
    TAIL_BYTES,
    Excerpt,
    take,
)
from appliance.components.file_manager.metadata.reader import read_waiting
from appliance.domain.metadata import Metadata

GCODE = Path(__file__).parents[3] / "data" / "gcode"
MOVES = b"G28\nG1 Z0.2 F1200\nG1 X10 Y10 E1\n"


def read(text: str, tail: str = "") -> Metadata:
    data = text.encode() + MOVES + tail.encode()
    return slicers.read(Excerpt(data, data[-TAIL_BYTES:], len(data)))


def facts(metadata: Metadata) -> dict[str, object]:
    """Everything that is known, without what is not."""
    return {
        name: value
        for name in Metadata.__slots__
        if (value := getattr(metadata, name)) not in (None, ())
        and name not in {"gcode_start", "gcode_end", "filaments", "tools"}
    }


def test_a_file_of_prusaslicer() -> None:
    metadata = read_waiting(GCODE / "tile-prusaslicer-2.5.0.gcode", ".gcode").metadata
    assert facts(metadata) == {
        "slicer": "PrusaSlicer",
        "slicer_version": "2.5.0",
        "estimated_s": 152.0,
        "layer_height_mm": 0.2,
        "first_layer_height_mm": 0.2,
        "object_height_mm": 2.0,
        "nozzle_mm": 0.4,
        "filament_diameter_mm": 1.75,
        "filament_mm": 91.7,
        "filament_g": 0.27,
        "first_layer_extruder_c": 240.0,
        "first_layer_bed_c": 85.0,
        "printer_model": "MK3S",
        "flavor": "marlin2",
        "objects": ("tile.stl",),
    }
    (use,) = metadata.filaments
    assert (use.length_mm, use.weight_g, use.volume_cm3) == (91.7, 0.27, 0.22)
    assert (use.name, use.type, use.color) == ("Generic PETG", "PETG", "#FF8000")
    assert use.temperature_c == 235.0


def test_a_file_of_slic3r() -> None:
    metadata = read_waiting(GCODE / "tile-slic3r-1.3.0.gcode", ".gcode").metadata
    assert facts(metadata) == {
        "slicer": "Slic3r",
        "slicer_version": "1.3.0",
        "layer_height_mm": 0.2,
        "first_layer_height_mm": 0.35,
        "object_height_mm": 1.95,
        "nozzle_mm": 0.4,
        "filament_diameter_mm": 3.0,
        "filament_mm": 31.6,
        "first_layer_extruder_c": 210.0,
        "first_layer_bed_c": 0.0,
        "flavor": "reprap",
    }
    assert metadata.filaments[0].volume_cm3 == 0.2


def test_a_file_of_the_cura_engine_alone_has_placeholders_that_are_not_believed() -> None:
    path = GCODE / "tile-curaengine-4.13.0.gcode"
    assert b";TIME:6666\n" in path.read_bytes()
    assert facts(read_waiting(path, ".gcode").metadata) == {
        "slicer": "Cura",
        "slicer_version": "4.13.0",
        "estimated_s": 160.380763,
        "layer_count": 10,
        "layer_height_mm": 0.2,
        "object_height_mm": 2.0,
        "first_layer_extruder_c": 205.0,
        "first_layer_bed_c": 60.0,
        "flavor": "Marlin",
        "objects": ("tile.stl",),
    }


def test_the_range_of_the_commands_is_found_to_the_byte() -> None:
    for path in GCODE.glob("*.gcode"):
        data = path.read_bytes()
        metadata = read_waiting(path, ".gcode").metadata
        assert metadata.gcode_start is not None
        assert metadata.gcode_end is not None
        commands = data[metadata.gcode_start : metadata.gcode_end].splitlines()
        assert commands[0][:1] in b"GM"
        assert commands[-1][:1] in b"GM"
        outside = data[: metadata.gcode_start] + data[metadata.gcode_end :]
        assert all(line[:1] in (b"", b";") for line in outside.splitlines())


def test_cura_with_its_front_end() -> None:
    setting = json.dumps({"global_quality": "[values]\\nlayer_height_0 = 0.3\\n"})
    pieces = [setting[start : start + 20] for start in range(0, len(setting), 20)]
    metadata = read(
        ";FLAVOR:Marlin\n;TIME:3661\n;Filament used: 1.25m, 0.5m\n;Layer height: 0.2\n"
        ";MINX:10\n;MINZ:0.3\n;MAXX:90.5\n;MAXZ:20.1\n;TARGET_MACHINE.NAME:Creality Ender-3\n"
        ";Generated with Cura_SteamEngine 5.7.1\nM140 S60\nM104 S215\n;LAYER_COUNT:100\n",
        "".join(f";SETTING_3 {piece}\n" for piece in pieces),
    )
    assert facts(metadata) == {
        "slicer": "Cura",
        "slicer_version": "5.7.1",
        "estimated_s": 3661.0,
        "layer_count": 100,
        "layer_height_mm": 0.2,
        "first_layer_height_mm": 0.3,
        "object_height_mm": 20.1,
        "filament_mm": 1750.0,
        "first_layer_extruder_c": 215.0,
        "first_layer_bed_c": 60.0,
        "printer_model": "Creality Ender-3",
        "flavor": "Marlin",
    }
    assert [use.length_mm for use in metadata.filaments] == [1250.0, 500.0]
    assert metadata.tools == (0, 1)


def test_cura_for_ultimaker() -> None:
    metadata = read(
        ";START_OF_HEADER\n;HEADER_VERSION:0.1\n;FLAVOR:Griffin\n"
        ";GENERATOR.NAME:Cura_SteamEngine\n;GENERATOR.VERSION:5.2.1\n"
        ";TARGET_MACHINE.NAME:Ultimaker S5\n;EXTRUDER_TRAIN.0.INITIAL_TEMPERATURE:205\n"
        ";EXTRUDER_TRAIN.0.MATERIAL.VOLUME_USED:2500\n;EXTRUDER_TRAIN.0.NOZZLE.DIAMETER:0.4\n"
        ";BUILD_PLATE.INITIAL_TEMPERATURE:60\n;PRINT.TIME:1234\n;PRINT.SIZE.MAX.Z:12.5\n"
        ";END_OF_HEADER\n"
    )
    assert metadata.slicer_version == "5.2.1"
    assert (metadata.estimated_s, metadata.object_height_mm) == (1234.0, 12.5)
    assert (metadata.first_layer_extruder_c, metadata.first_layer_bed_c) == (205.0, 60.0)
    assert metadata.nozzle_mm == 0.4


def test_orcaslicer() -> None:
    metadata = read(
        "; HEADER_BLOCK_START\n; generated by OrcaSlicer 2.1.1 on 2024-07-01 at 10:00:00\n"
        "; total layer number: 120\n; filament_density: 1.24\n; max_z_height: 24.00\n"
        "; HEADER_BLOCK_END\n",
        "; filament used [mm] = 2000.5\n; filament used [cm3] = 4.81\n"
        "; filament used [g] = 5.97\n; total filament used [g] = 5.97\n"
        "; total layers count = 120\n"
        "; estimated printing time (normal mode) = 1d 2h 3m 4s\n"
        "; CONFIG_BLOCK_START\n; initial_layer_print_height = 0.25\n; layer_height = 0.2\n"
        "; nozzle_diameter = 0.4\n; nozzle_temperature_initial_layer = 220\n"
        "; curr_bed_type = Textured PEI Plate\n; hot_plate_temp_initial_layer = 55\n"
        "; textured_plate_temp_initial_layer = 65\n; chamber_temperature = 40\n"
        '; filament_type = PLA\n; filament_settings_id = "My, own ; PLA"\n'
        "; filament_colour = #26A69A\n; printer_model = Voron 2.4\n; gcode_flavor = klipper\n"
        "; CONFIG_BLOCK_END\n",
    )
    assert facts(metadata) == {
        "slicer": "OrcaSlicer",
        "slicer_version": "2.1.1",
        "estimated_s": 93784.0,
        "layer_count": 120,
        "layer_height_mm": 0.2,
        "first_layer_height_mm": 0.25,
        "object_height_mm": 24.0,
        "nozzle_mm": 0.4,
        "filament_mm": 2000.5,
        "filament_g": 5.97,
        "first_layer_extruder_c": 220.0,
        "first_layer_bed_c": 65.0,
        "chamber_c": 40.0,
        "printer_model": "Voron 2.4",
        "flavor": "klipper",
    }
    assert metadata.filaments[0].name == "My, own ; PLA"


def test_bambustudio() -> None:
    metadata = read(
        "; HEADER_BLOCK_START\n; BambuStudio 01.09.07.52\n"
        "; model printing time: 14m 34s; total estimated time: 20m 1s\n"
        "; total layer number: 100\n; total filament length [mm] : 840.03,100.0\n"
        "; total filament volume [cm^3] : 2020.50,240.5\n"
        "; total filament weight [g] : 2.51,0.3\n; filament_diameter: 1.75,1.75\n"
        "; max_z_height: 20.00\n; HEADER_BLOCK_END\n; CONFIG_BLOCK_START\n"
        "; filament_type = PLA;PETG\n; filament_colour = #F2F0E8;#5FAA72\n"
        "; layer_height = 0.2\n; nozzle_temperature_initial_layer = 220,250\n"
        "; hot_plate_temp_initial_layer = 60,70\n; printer_model = Bambu Lab A1\n"
        "; CONFIG_BLOCK_END\n"
    )
    assert (metadata.slicer, metadata.slicer_version) == ("BambuStudio", "01.09.07.52")
    assert metadata.estimated_s == 1201.0
    assert metadata.filament_mm == pytest.approx(940.03)
    assert metadata.filament_g == pytest.approx(2.81)
    assert [use.volume_cm3 for use in metadata.filaments] == [2.0205, 0.2405]
    assert [use.type for use in metadata.filaments] == ["PLA", "PETG"]
    assert (metadata.first_layer_extruder_c, metadata.first_layer_bed_c) == (220.0, 60.0)


@pytest.mark.parametrize(
    ("line", "name", "version"),
    [
        ("; generated by SuperSlicer 2.5.59 on 2024-01-01", "SuperSlicer", "2.5.59"),
        ("; generated by QIDISlicer 1.1.0 on 2024-01-01", "QIDISlicer", "1.1.0"),
        ("; generated by Creality Print 5.1.0 on x", "Creality Print", "5.1.0"),
        (
            "; generated by Slic3r Prusa Edition 1.41.2+x on y",
            "Slic3r Prusa Edition",
            "1.41.2+x",
        ),
        (
            "; generated by PrusaSlicer 2.8.0-alpha5+UNKNOWN",
            "PrusaSlicer",
            "2.8.0-alpha5+UNKNOWN",
        ),
    ],
)
def test_forks_are_known_by_their_own_words(line: str, name: str, version: str) -> None:
    metadata = read(line + "\n", "; layer_height = 0.3\n; first_layer_height = 50%\n")
    assert (metadata.slicer, metadata.slicer_version) == (name, version)
    assert metadata.first_layer_height_mm == 0.15


def test_several_tools() -> None:
    metadata = read(
        "; generated by PrusaSlicer 2.7.0 on x\n",
        "; filament used [mm] = 100.5, 0.00, 20.0\n; filament used [g] = 1.5, 0, 0.5\n"
        "; filament_type = PLA;PETG;PVA\n; total toolchanges = 7\n"
        "; temperature = 210,240,215\n",
    )
    assert metadata.filament_mm == 120.5
    assert metadata.tools == (0, 2)
    assert metadata.filament_changes == 7
    assert [use.temperature_c for use in metadata.filaments] == [210.0, 240.0, 215.0]


def test_simplify3d_4() -> None:
    metadata = read(
        "; G-Code generated by Simplify3D(R) Version 4.1.2\n;   layerHeight,0.2\n"
        ";   firstLayerHeightPercentage,150\n;   extruderDiameter,0.4\n"
        ";   filamentDiameters,1.75|1.75|1.75\n;   temperatureName,Extruder 1,Heated Bed\n"
        ";   temperatureSetpointTemperatures,205,65\n;   printMaterial,PLA\n",
        "; layer 99, Z = 19.8\nG1 X1 Y1 E2\n; layer 100, Z = 20.000\nG1 Z40\n; Build Summary\n"
        ";   Build time: 2 hours 35 minutes\n;   Filament length: 12345.6 mm (12.35 m)\n"
        ";   Plastic volume: 29694.12 mm^3 (29.69 cc)\n"
        ";   Plastic weight: 37.12 g (0.08 lb)\n",
    )
    assert facts(metadata) == {
        "slicer": "Simplify3D",
        "slicer_version": "4.1.2",
        "estimated_s": 9300.0,
        "layer_height_mm": 0.2,
        "first_layer_height_mm": pytest.approx(0.3),
        "object_height_mm": 20.0,
        "nozzle_mm": 0.4,
        "filament_diameter_mm": 1.75,
        "filament_mm": 12345.6,
        "filament_g": 37.12,
        "first_layer_extruder_c": 205.0,
        "first_layer_bed_c": 65.0,
    }


def test_simplify3d_5() -> None:
    metadata = read(
        "; G-Code generated by Simplify3D(R) Version 5.1.2\n; Build Time: 1 hour 2 min 3 sec\n"
        "; layerHeight,0.25\n; nozzleDiameter,0.6\n; temperatureController,tool\n"
        "; temperatureType,extruder\n; temperatureSetpoints,1|220\n"
        "; temperatureController,bed\n; temperatureType,platform\n"
        "; temperatureSetpoints,1|65\n"
        "; Material Length: 120 mm\n; Material Weight: 2.5 g\n",
    )
    assert metadata.estimated_s == 3723.0
    assert (metadata.first_layer_extruder_c, metadata.first_layer_bed_c) == (220.0, 65.0)
    assert (metadata.filament_mm, metadata.filament_g) == (120.0, 2.5)
    assert metadata.nozzle_mm == 0.6


def test_kisslicer() -> None:
    metadata = read(
        "; KISSlicer - FREE\n; Windows\n; version 1.6.3\n; *** Style Settings ***\n"
        "; layer_thickness_mm = 0.2\n; first_layer_thickness_mm = 0\n; fiber_dia_mm = 1.75\n"
        "; first_layer_C = 215\n; bed_C = 60\n; chamber_C = 40\n"
        "; *** Actual Slicing Settings As Used ***\n; layer_thickness_mm = 0.132\n"
        "; first_layer_thickness_mm = 0.25\n",
        "; END_LAYER_OBJECT z=14.75\n; END_LAYER_OBJECT z=15.25\n"
        ";    Ext #1 =   1234.56 mm  (  2.970 cm^3)\n"
        "; Calculated-during-export Build Time: 71.50 minutes\n",
    )
    assert (metadata.slicer, metadata.estimated_s) == ("KISSlicer", 4290.0)
    assert (metadata.layer_height_mm, metadata.first_layer_height_mm) == (0.132, 0.25)
    assert (metadata.object_height_mm, metadata.filament_mm) == (15.25, 1234.56)
    assert metadata.filaments[0].volume_cm3 == 2.97
    assert (metadata.first_layer_bed_c, metadata.chamber_c) == (60.0, 40.0)


def test_ideamaker() -> None:
    metadata = read(
        ";Sliced by ideaMaker 4.3.1.6452, 2023-01-01 10:00:00 UTC+0000\n"
        ";Dimension: 305.000 305.000 605.000 0.400 0.400\n"
        ";Filament Diameter #1: 1.750\n;Filament Density #1: 1240.000\n"
        ";Filament Type #1: PLA\n;Filament Name #1: [Raise3D] PLA\n"
        ";Bounding Box: 10 90 20 80 0.0 25.5\n;Printer Type: RAISE3D Pro2\n"
        "M140 S60\nM104 T0 S205\n;LAYER_COUNT:127\n;LAYER:0\n;HEIGHT:0.3\n"
        ";LAYER:1\n;HEIGHT:0.2\n",
        ";Material#1 Used: 1000.0\n;Print Time: 3600\n",
    )
    assert facts(metadata) == {
        "slicer": "ideaMaker",
        "slicer_version": "4.3.1.6452",
        "estimated_s": 3600.0,
        "layer_count": 127,
        "layer_height_mm": 0.2,
        "first_layer_height_mm": 0.3,
        "object_height_mm": 25.5,
        "nozzle_mm": 0.4,
        "filament_diameter_mm": 1.75,
        "filament_mm": 1000.0,
        "filament_g": pytest.approx(2.983, abs=0.001),
        "first_layer_extruder_c": 205.0,
        "first_layer_bed_c": 60.0,
        "printer_model": "RAISE3D Pro2",
    }
    assert metadata.filaments[0].name == "[Raise3D] PLA"


def test_icesl() -> None:
    metadata = read(
        "M190 S55\nM109 S210\n; <IceSL Dec 20 2021 17:10:40>\n; bed_temp_degree_c : \t55\n"
        "; chamber_temp_degree_c : \t0\n; extruder_count : \t1\n"
        "; extruder_temp_degree_c_0 : \t210\n; filament_diameter_mm_0 : \t1.75\n"
        "; nozzle_diameter_mm_0 : \t0.4\n; printer : \tAnycubic_Mega_Zero\n"
        "; z_layer_height_first_layer_mm : \t0.3\n; z_layer_height_mm : \t0.28\n",
        "; filament_used_mm : \t1200\n; estimated_print_time_s : \t150\n",
    )
    assert (metadata.slicer, metadata.slicer_version) == ("IceSL", "Dec 20 2021 17:10:40")
    assert (metadata.layer_height_mm, metadata.first_layer_height_mm) == (0.28, 0.3)
    assert (metadata.first_layer_extruder_c, metadata.first_layer_bed_c) == (210.0, 55.0)
    assert (metadata.estimated_s, metadata.filament_mm) == (150.0, 1200.0)
    assert metadata.printer_model == "Anycubic_Mega_Zero"


def test_kirimoto() -> None:
    metadata = read(
        "; Generated by Kiri:Moto 3.8.9\n; --- process ---\n; firstSliceHeight = 0.25\n"
        "; sliceHeight = 0.2\n; firstLayerNozzleTemp = 215\n; outputBedTemp = 60\n",
        ";; --- layer 7 (0.20mm @ 1.6mm) ---\nG1 X1 Y1 Z1.6 E5\n"
        "; --- filament used: 1500.5 mm ---\n; --- print time: 1800s ---\n",
    )
    assert (metadata.slicer, metadata.slicer_version) == ("Kiri:Moto", "3.8.9")
    assert (metadata.layer_height_mm, metadata.first_layer_height_mm) == (0.2, 0.25)
    assert (metadata.layer_count, metadata.object_height_mm) == (8, 1.6)
    assert (metadata.estimated_s, metadata.filament_mm) == (1800.0, 1500.5)
    assert (metadata.first_layer_extruder_c, metadata.first_layer_bed_c) == (215.0, 60.0)


def test_a_file_of_nobody_says_what_its_commands_say() -> None:
    metadata = read("M140 S60\nM109 S200\nT1\n", "G1 X5 Y5 Z3.4 E2\nG1 Z50\n")
    assert metadata.slicer is None
    assert (metadata.first_layer_extruder_c, metadata.first_layer_bed_c) == (200.0, 60.0)
    assert metadata.object_height_mm == 3.4
    assert metadata.tools == (1,)


JSON_LABELS = '; objects_info = {"objects":[{"name":"a.stl"},{"name":"b \\"x\\""}]}\n'
KLIPPER_LABELS = "".join(
    f"EXCLUDE_OBJECT_DEFINE NAME=part_{number} CENTER=1,2\n" for number in (1, 2)
)
COMMENT_LABELS = "".join(f"; printing object cube.stl id:0 copy {copy}\n" for copy in (0, 1))


@pytest.mark.parametrize(
    ("info", "names"),
    [
        (JSON_LABELS, ("a.stl", 'b "x"')),
        (KLIPPER_LABELS, ("part_1", "part_2")),
        (COMMENT_LABELS, ("cube.stl",)),
        ('G28\nM486 S0 A"left"\nM486 S1 A"right"\n', ("left", "right")),
        ("; objects_info = {broken\n", ()),
    ],
)
def test_objects_by_their_labels(info: str, names: tuple[str, ...]) -> None:
    assert read("; generated by PrusaSlicer 2.7.0 on x\n" + info).objects == names


SIGNATURES = (
    b"; generated by PrusaSlicer 2.5.0 on x\n",
    b"; BambuStudio 01.09.07.52\n",
    b";Generated with Cura_SteamEngine 4.13.0\n",
    b"; G-Code generated by Simplify3D(R) Version 4.1.2\n",
    b"; KISSlicer - FREE\n; version 1.6.3\n",
    b";Sliced by ideaMaker 4.3.1.6452, x\n",
    b"; <IceSL 2.4>\n",
    b"; Generated by Kiri:Moto 3.8.9\n",
    b"",
)
WORDS = st.sampled_from(
    [
        b"; layer_height = ",
        b";LAYER:",
        b"; filament used [mm] = ",
        b";TIME:",
        b";SETTING_3 ",
        b"; estimated printing time (normal mode) = ",
        b"1d 2h",
        b"1e9999",
        b"-1",
        b"9" * 40,
        b"; objects_info = {",
        b"; thumbnail begin 10x10 4\n",
        b"\n",
        b"\r\n",
        b";",
        b":",
        b"=",
        b"G1 X1 Y1 Z",
        b"M109 S",
        b";Bounding Box: 1 2 3",
        b";Material#0 Used: ",
        b"nan",
        b"\0",
        b";   temperatureName,",
        b"\xff\xfe",
        b'"',
        b"{",
        b"; print time: 99999999999s",
    ]
)


@given(
    st.sampled_from(SIGNATURES),
    st.lists(st.one_of(WORDS, st.binary(max_size=40)), max_size=60),
)
def test_no_bytes_upset_a_reader(signature: bytes, parts: list[bytes]) -> None:
    data = signature + b"".join(parts)
    metadata = slicers.read(Excerpt(data, data[-TAIL_BYTES:], len(data)))
    for value in (metadata.estimated_s, metadata.filament_mm, metadata.layer_height_mm):
        assert value is None or 0 < value < 1e9
    json.dumps([metadata.slicer, metadata.objects])


@pytest.mark.parametrize(
    "line",
    [
        b";",
        b"; a",
        b"; a = ",
        b" ",
        b"G1 ",
        b";;;;    ",
        b"; filament used [mm] = 1,",
        b"M109 S",
    ],
)
def test_one_endless_line_is_read_like_any_other(line: bytes) -> None:
    data = b"; generated by PrusaSlicer 2.5.0 on x\n" + line * (HEAD_BYTES // len(line))
    metadata = slicers.read(Excerpt(data[:HEAD_BYTES], data[-TAIL_BYTES:], len(data)))
    assert metadata.slicer == "PrusaSlicer"


def test_only_head_and_tail_are_read_of_a_large_file(tmp_path: Path) -> None:
    path = tmp_path / "large.gcode"
    with path.open("wb") as file:
        file.write(b"; generated by PrusaSlicer 2.5.0 on x\nG28\n")
        file.truncate(1_000_000_000)  # a hole
        file.seek(0, os.SEEK_END)
        file.write(b"\nG1 X1\n; layer_height = 0.2\n")
    descriptor = os.open(path, os.O_RDONLY)
    text = take(descriptor)
    os.close(descriptor)
    assert len(text.head) + len(text.tail) == HEAD_BYTES + TAIL_BYTES
    metadata = slicers.read(text)
    assert (metadata.slicer, metadata.layer_height_mm) == ("PrusaSlicer", 0.2)
    assert metadata.gcode_end == 1_000_000_000 + len(b"\nG1 X1\n")
