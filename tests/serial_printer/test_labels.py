"""M486 as files have it: numbers, and names when there are any."""

from __future__ import annotations

from appliance.components.serial_printer.engine.labels import Label, Labels
from appliance.components.serial_printer.engine.running import RunningJob
from appliance.domain.job import JobFile, JobKind, Origin


def job(*lines: bytes, excluded: str | None = None) -> RunningJob:
    running = RunningJob("1", JobKind.FILE, JobFile(Origin.LOCAL, "a", "a", 1), None)
    if excluded is not None:
        running.excluded.add(excluded)
    labels = Labels()
    for line in lines:
        running.label(labels.read(line))
    return running


def test_names_come_after_the_numbers_once() -> None:
    labels = Labels()
    assert labels.read(b"M486 T2") == Label()
    assert labels.read(b"M486 S0") == Label(begins="object 0")
    assert labels.read(b'M486 A"Box S1"') == Label(renamed=("object 0", "Box S1"))
    assert labels.read(b"M486 S-1") == Label(ends=True)
    assert labels.read(b"M486 S1 ACone") == Label(begins="Cone", renamed=("object 1", "Cone"))
    assert labels.read(b"M486 S0") == Label(begins="Box S1")
    assert labels.read(b"M486 ABox S1") == Label()


def test_a_file_may_leave_objects_out_by_itself() -> None:
    running = job(b"M486 S0", b"M486 ABox", b"M486 S1", b"M486 P0", b"M486 C", b"M486 U1")
    assert running.objects == ["Box", "object 1"]
    assert running.excluded == {"Box"}


def test_an_object_that_is_left_out_stays_so_under_its_name() -> None:
    running = job(b"M486 S3", b"M486 ABox", excluded="object 3")
    assert (running.excluded, running.current_object) == ({"Box"}, "Box")
    assert running.objects == ["Box"]


def test_what_it_does_not_say_means_nothing() -> None:
    assert Labels().read(b"M486") == Label()
    assert Labels().read(b"M486 A") == Label()
    assert Labels().read(b"M486 ALost") == Label()
