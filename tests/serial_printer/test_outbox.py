"""What goes next: commands before lines, one that takes minutes alone, nothing twice."""

from __future__ import annotations

from appliance.components.serial_printer.engine.dialect import MARLIN
from appliance.components.serial_printer.engine.outbox import Command, Outbox
from appliance.components.serial_printer.engine.replies import PLAIN_OK
from appliance.components.serial_printer.engine.window import Window
from tests.serial_printer.talk import Lines

LONG = "G1 Y" + "1" * 90


def sent(outbox: Outbox, window: Window, job: Lines | None) -> list[bytes]:
    """Return all that goes out now."""
    texts = []
    while (line := outbox.take_next(window, job, 0.0)) is not None:
        texts.append(line.text)
    return texts


def test_commands_go_before_the_lines_of_the_job() -> None:
    outbox, window, job = Outbox(), Window(MARLIN), Lines(["G1 X1"])
    outbox.put(Command(b"M114", "me"))
    outbox.put_first(Command(b"M105", "poll"))
    assert sent(outbox, window, job) == [b"M105", b"M114", b"G1 X1"]
    assert outbox.empty


def test_a_line_that_does_not_fit_waits_and_goes_first() -> None:
    outbox, window, job = (
        Outbox(),
        Window(MARLIN),
        Lines(["G1 X1", LONG, "G1 Z1"]),
    )
    window.limit(4, 100)
    assert sent(outbox, window, job) == [b"G1 X1"]
    assert outbox.held == LONG.encode()
    window.acknowledge(PLAIN_OK)
    assert sent(outbox, window, job) == [LONG.encode()]
    assert outbox.held is None


def test_nothing_of_the_job_follows_what_takes_minutes_before_its_ok() -> None:
    outbox, window, job = Outbox(), Window(MARLIN), Lines(["G1 X1", "M109 S200", "G1 X2"])
    assert sent(outbox, window, job) == [b"G1 X1", b"M109 S200"]
    window.acknowledge(PLAIN_OK)
    assert sent(outbox, window, job) == []
    outbox.put(Command(b"M105", "poll"))
    assert sent(outbox, window, job) == [b"M105"]
    window.acknowledge(PLAIN_OK)
    assert sent(outbox, window, job) == [b"G1 X2"]


def test_a_forgotten_job_leaves_neither_a_line_nor_a_wait_behind() -> None:
    outbox, window = Outbox(), Window(MARLIN)
    job = Lines(["M109 S200", "G1 X1"])
    assert sent(outbox, window, job) == [b"M109 S200"]
    outbox.forget_job()
    assert sent(outbox, window, Lines(["G1 X9"])) == [b"G1 X9"]


def test_only_the_commands_of_that_origin_are_dropped() -> None:
    outbox, window = Outbox(), Window(MARLIN)
    mine, other = Command(b"M114", "script"), Command(b"M105", "poll")
    outbox.put(mine)
    outbox.put(other)
    assert list(outbox.drop("script")) == [mine]
    assert not outbox.has(b"M114")
    assert sent(outbox, window, None) == [b"M105"]


def test_an_upload_goes_on_with_the_line_that_waited() -> None:
    outbox, window, job = (
        Outbox(),
        Window(MARLIN),
        Lines(["G1 X1", LONG, "G1 Z1"]),
    )
    window.limit(4, 100)
    sent(outbox, window, job)
    assert outbox.next_of_job(job) == (LONG.encode(), 2)
    assert outbox.next_of_job(job) == (b"G1 Z1", 3)
    assert outbox.next_of_job(job) is None
