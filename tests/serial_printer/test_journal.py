"""The journal after a kill at any byte: the last state or the one before, never a mixture."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.components.serial_printer.engine.journal import Journal, Remembered

SECTOR = 512
JOB = {"id": "one", "file": {"path": "a.gcode"}}
OTHER = {"id": "two", "file": {"path": "b.gcode", "layers": 12}}
MODES = {"x": 1.5, "absolute": True}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "storage" / "ender.journal"


def recalled(path: Path) -> Remembered | None:
    with closing(Journal(path)) as journal:
        return journal.recall()


def test_a_job_is_remembered_by_the_next_engine(path: Path) -> None:
    with closing(Journal(path)) as journal:
        assert journal.recall() is None
        journal.begin(JOB, MODES, 0)
        journal.progress(1234, 56, ((57, 1260), (58, 1290)))
    assert recalled(path) == Remembered(JOB, MODES, 1234, 56, ((57, 1260), (58, 1290)))


def test_a_job_that_ended_is_not(path: Path) -> None:
    with closing(Journal(path)) as journal:
        journal.begin(JOB, MODES, 0)
        journal.progress(99, 3, ())
        journal.end()
    assert recalled(path) is None


def test_progress_of_a_former_job_is_not_taken_for_this_one(path: Path) -> None:
    with closing(Journal(path)) as journal:
        journal.begin(JOB, MODES, 0)
        journal.progress(99_999, 3000, ())
        journal.end()
        journal.begin(OTHER, MODES, 17)
    assert recalled(path) == Remembered(OTHER, MODES, 17, 0, ())


@given(st.lists(st.tuples(st.integers(0, 2**40), st.integers(0, 2**31)), max_size=20))
def test_the_last_progress_counts(steps: list[tuple[int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "j"
        with closing(Journal(path)) as journal:
            journal.begin(JOB, MODES, 0)
            for offset, number in steps:
                journal.progress(offset, number, ((number + 1, offset + 5),))
        found = recalled(path)
        assert found is not None
        offset, number = steps[-1] if steps else (0, 0)
        assert (found.offset, found.number) == (offset, number)


Operation = Callable[[Journal], Any]
OPERATIONS: dict[str, Operation] = {
    "progress": lambda j: j.progress(2222, 70, ((71, 2250), (72, 2300), (73, 2350))),
    "progress with less on the way": lambda j: j.progress(2222, 70, ()),
    "update": lambda j: j.update({**JOB, "line": 5}, {**MODES, "x": 2.5}),
    "update of the same length": lambda j: j.update(JOB, {**MODES, "x": 2.5}),
    "update that is longer": lambda j: j.update({**JOB, "text": "x" * 5000}, MODES),
    "end": lambda j: j.end(),
    "begin": lambda j: j.begin(OTHER, MODES, 5),
}


def before_and_after(path: Path, operation: Operation) -> tuple[bytes, bytes]:
    """Return the file's bytes around an operation, with some history before it."""
    with closing(Journal(path)) as journal:
        journal.begin(JOB, MODES, 0)
        for step in range(5):
            journal.progress(1000 + step, 50 + step, ((51 + step, 1500),))
            journal.update(JOB, {**MODES, "x": float(step)})
        journal.sync()
        before = path.read_bytes()
        operation(journal)
        journal.sync()
    return before, path.read_bytes()


def believed(path: Path, content: bytes) -> Remembered | None:
    path.write_bytes(content)
    return recalled(path)


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS.keys())
def test_a_write_cut_off_at_any_byte(path: Path, operation: Operation) -> None:
    before, after = before_and_after(path, operation)
    allowed = [believed(path, before), believed(path, after)]
    if operation is OPERATIONS["begin"]:
        allowed.append(None)  # the former job is forgotten first
    changed = [at for at in range(len(before)) if before[at] != after[at]]
    assert changed
    for cut in changed[:: max(len(changed) // 60, 1)]:
        assert believed(path, after[:cut] + before[cut:]) in allowed
        assert believed(path, before[:cut] + after[cut:]) in allowed


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS.keys())
def test_sectors_that_reached_the_disk_in_any_order(path: Path, operation: Operation) -> None:
    before, after = before_and_after(path, operation)
    allowed = [believed(path, before), believed(path, after)]
    if operation is OPERATIONS["begin"]:
        allowed.append(None)
    sectors = [
        at
        for at in range(0, len(before), SECTOR)
        if before[at : at + SECTOR] != after[at : at + SECTOR]
    ]
    chance = random.Random(1)
    for _ in range(100):
        content = bytearray(before)
        for at in sectors:
            if chance.random() < 0.5:
                content[at : at + SECTOR] = after[at : at + SECTOR]
        assert believed(path, bytes(content)) in allowed


@given(st.binary(max_size=4000))
def test_a_file_of_garbage_is_no_journal(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "j"
        path.write_bytes(content)
        assert recalled(path) is None
        filled = bytearray(path.read_bytes())
        filled[64 : 64 + len(content)] = content
        filled[4096 : 4096 + len(content)] = content
        path.write_bytes(bytes(filled))
        assert recalled(path) is None


def test_a_job_too_large_to_be_remembered_does_not_leave_another_in_its_place(
    path: Path,
) -> None:
    with closing(Journal(path)) as journal:
        journal.begin(JOB, MODES, 0)
        journal.begin({**OTHER, "curve": "x" * 600_000}, MODES, 0)
    assert recalled(path) is None


def test_it_is_private(path: Path) -> None:
    recalled(path)
    assert path.stat().st_mode & 0o077 == 0
