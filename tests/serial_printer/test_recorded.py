"""Other firmwares' recorded words, read by the codec and answered by the real engine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from appliance.components.serial_printer.engine.lines import LineSplitter, clean
from appliance.components.serial_printer.engine.replies import parse
from appliance.domain.job import JobResult
from tests.engine_harness import engine
from tests.serial_printer.files import write
from tests.serial_printer.recorded import FOLDER, Recorded, load

NAMES = sorted(path.stem for path in FOLDER.glob("*.txt"))
PROFILES = {
    "klipper", "malyan", "marlin_kimbra", "prusa_buddy", "prusa_mk3", "repetier",
    "reprapfirmware", "smoothieware", "teacup",
}  # fmt: skip
MOVES = [f"G1 X{number} Y{number} E{number / 100:.2f}" for number in range(1, 31)]


def test_there_is_one_for_each_kind() -> None:
    assert set(NAMES) == PROFILES


@pytest.mark.parametrize("name", NAMES)
def test_the_codec_takes_every_line_for_what_it_is(name: str) -> None:
    recording = load(FOLDER / f"{name}.txt")
    heard = LineSplitter().feed(
        "".join(f"{text}\r\n" for _, text in recording.replies).encode()
    )
    kinds = [type(parse(clean(line))).__name__ for line in heard]
    assert [*zip(kinds, heard, strict=True)] == [
        (kind, text.strip().encode()) for kind, text in recording.replies
    ]


@pytest.mark.parametrize("name", NAMES)
async def test_the_engine_prints_and_knows_the_printer(tmp_path: Path, name: str) -> None:
    recording = load(FOLDER / f"{name}.txt")
    animal = Recorded(recording)
    asked = [step.command for step in recording.steps]
    moving = [command for command in asked if command.startswith("M73")]
    heating = [command for command in asked if command.startswith(("M108", "M109"))]
    with animal.on(tmp_path / "tty") as port:
        async with engine(tmp_path, port=port) as one:
            await one.online()
            for command in heating:
                await one.send(command)
            await one.print_file(write(tmp_path / "a.gcode", "\n".join([*moving, *MOVES, ""])))
            job = await one.ended()
            assert job.result is JobResult.COMPLETE, job.cause
            for path, value in recording.known:
                found: object = one.snapshot
                for part in path.split("."):
                    found = found[part] if isinstance(found, Mapping) else getattr(found, part)
                assert str(found) == value, path
    printed = [line for line in animal.accepted if line.startswith("G1 X")]
    assert list(dict.fromkeys(printed)) == MOVES
    text = "\n".join(printed)
    assert "\n".join(recording.printed) in text
    again = 2 if name == "prusa_mk3" else 0  # thrown away after they were acknowledged
    assert len(printed) == len(MOVES) + again
