from __future__ import annotations

import io

import pytest

from appliance.printing.display import Display, bar, duration, line
from appliance.printing.news import Status

STATUS = Status(
    state="Printing",
    completion=42.5,
    left_s=754.0,
    layer=12,
    layers=55,
    temperatures={"tool0": (200.4, 200.0), "bed": (60.0, 60.0)},
)
TEXT = "Printing   42.5%  layer 12/55  nozzle 200/200°C  bed 60/60°C  12:34 left"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_line_tells_everything_that_is_known() -> None:
    assert line(STATUS, 0) == TEXT
    assert line(Status(), 0) == "Waiting"
    assert line(Status(state="Starting", layer=3), 0) == "Starting  layer 3"


@pytest.mark.parametrize("columns", [20, 60, 80, 100, 200])
def test_a_line_fits_its_terminal(columns: int) -> None:
    assert len(line(STATUS, columns)) < columns


def test_a_wide_terminal_has_a_bar() -> None:
    assert line(STATUS, 120).startswith("[####")
    assert line(STATUS, 70).startswith("Printing")


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "[--------]"), (0.5, "[####----]"), (1.0, "[########]"), (7.0, "[########]")],
)
def test_bars(share: float, text: str) -> None:
    assert bar(share, 10) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (61.9, "1:01"), (3600, "1:00:00"), (90061, "25:01:01")]
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_a_terminal_keeps_one_line_and_breaks_it_for_a_sentence() -> None:
    out = Terminal()
    display = Display(out)
    display.show(STATUS)
    display.show(STATUS)
    display.say("Done.")
    assert out.getvalue().count("\n") == 2
    assert out.getvalue().endswith("\nDone.\n")
    assert out.getvalue().startswith("\r\x1b[K")


def test_elsewhere_a_line_is_written_only_for_news() -> None:
    now = [0.0]
    out = io.StringIO()
    display = Display(out, lambda: now[0])
    display.show_upload(1, 2)
    for percent in (0.0, 1.0, 4.9, 5.0, 9.0):
        display.show(Status(state="Printing", completion=percent))
    assert len(out.getvalue().splitlines()) == 2
    display.show(Status(state="Paused", completion=9.0))
    now[0] = 61.0
    display.show(Status(state="Paused", completion=9.0))
    assert len(out.getvalue().splitlines()) == 4
    assert "\r" not in out.getvalue()
