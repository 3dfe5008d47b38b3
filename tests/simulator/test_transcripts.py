from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulator.transcript import play

FOLDER = Path(__file__).parent.parent / "transcripts"
NAMES = sorted(path.stem for path in FOLDER.glob("marlin_*.txt"))


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """The card that was in the recorded printer."""
    root = tmp_path / "card"
    (root / "SUBDIR").mkdir(parents=True)
    small = "".join(f"G1 X{x} F3000\n" for x in range(10, 16))
    small = small.ljust(91, ";")
    (root / "SUBDIR" / "nested.gcode").write_text(small)
    (root / "DEMO.GCO").write_text(small)
    long = "".join(f"G1 X{10 + x % 90} F3000\n" for x in range(440))
    (root / "A long named print file (v2).gcode").write_text(long.ljust(7087, ";")[:7087])
    return root


@pytest.mark.parametrize("name", NAMES)
def test_it_answers_as_the_recorded_firmware_did(name: str, card: Path) -> None:
    play(FOLDER / f"{name}.txt", card)


def test_there_are_transcripts() -> None:
    assert len(NAMES) > 10
