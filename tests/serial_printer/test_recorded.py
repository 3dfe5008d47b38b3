"""Other firmwares' recorded words, read by the codec and answered by the real engine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from appliance.components.serial_printer.engine.lines import LineSplitter, clean
from appliance.components.serial_printer.engine.replies import (
    Busy,
    Ok,
    PositionReport,
    Temperatures,
    parse,
)
from appliance.domain.job import JobResult
from tests.engine_harness import engine
from tests.serial_printer.files import write
from tests.serial_printer.recorded import FOLDER, Recorded, Step, load, load_marlin

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


MARLIN = (
    "marlin_card", "marlin_levelling", "marlin_m115", "marlin_odd_lines", "marlin_ok_forms",
    "marlin_position", "marlin_settings", "marlin_temperatures",
)  # fmt: skip


def words(step: Step) -> list[str]:
    """What is said before the ok of a command, without reports."""
    said = [text.strip() for _, text in step.said]
    end = next(at for at, text in enumerate(said) if text.startswith(("ok", "echo:ok")))
    return [text for text in said[:end] if not _by_itself(text)]


def _by_itself(text: str) -> bool:
    return not text or isinstance(parse(text), (Busy, Ok, PositionReport, Temperatures))


@pytest.mark.parametrize("name", MARLIN)
async def test_the_engine_hands_on_what_marlin_answered(tmp_path: Path, name: str) -> None:
    recording = load_marlin(name)
    assert len(recording.steps) >= 3 or name == "marlin_m115"
    steps = list(recording.steps)
    if name != "marlin_m115":
        recording.steps = [*load_marlin("marlin_m115").steps[:1], *recording.steps]
    animal = Recorded(recording)
    animal.started = True  # it was switched on long ago
    with animal.on(tmp_path / "tty") as port:
        async with engine(tmp_path, port=port) as one:
            await one.online()
            assert one.snapshot.firmware is not None
            assert one.snapshot.firmware.profile == "marlin"
            assert one.snapshot.firmware.capabilities["EMERGENCY_PARSER"]
            asked = [step for step in steps if step.command not in taken_by_handshake(steps)]
            for step in asked:
                answers = await one.send(step.command)
                assert [line for line in answers if not _by_itself(line)] == words(step), step
            assert one.snapshot.fault is None
            assert one.snapshot.health.resend_requests == 0


def taken_by_handshake(steps: list[Step]) -> set[str]:
    """The commands that the engine has sent by itself: their one answer is used up."""
    return {step.command for step in steps} & {
        "M115", "M155 S1", "M154 S1", "M503", "M220", "M221", "M114", "M105", "M20", "M20 L",
        "M21", "M27", "M27 S2", "M104 S0", "M140 S0",
    }  # fmt: skip
