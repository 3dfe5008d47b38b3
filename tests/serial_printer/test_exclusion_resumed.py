"""A print that breaks off in an object that is left out goes on leaving it out."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.domain.job import JobResult
from tests.engine_harness import engine
from tests.serial_printer.files import write
from tests.simulated import simulated_printer


def content(*, by_command: bool) -> str:
    """Two objects in turn; in the second one of the third layer the bed is heated."""
    lines = ["G90", "M82", "G92 X0 Y0 Z0 E0"]
    e = 0
    for layer in range(4):
        for number, name in enumerate("AB"):
            begin = [f"M486 S{number}", *([f"M486 A{name}"] if not layer else [])]
            lines += begin if by_command else [f"; printing object {name}"]
            for step in range(8):
                e += 1
                lines.append(f"G1 X{100 * number + step} Y{layer} E{e / 100:g} F3000")
                if (layer, name, step) == (2, "B", 3):
                    lines += ["M117 within", "M190 S45", "M117 hot"]
            lines.append("M486 S-1" if by_command else f"; stop printing object {name}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("by_command", [True, False], ids=["M486", "comments"])
async def test_it_stays_left_out(tmp_path: Path, by_command: bool) -> None:
    text = content(by_command=by_command)
    async with (
        simulated_printer(tmp_path, speed=40) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        since = len(await printer.accepted())
        await printer.hold(at="G1 X103 Y0")  # in the first layer of B
        await one.print_file(write(tmp_path / "a.gcode", text))
        await one.until(lambda now: now.job is not None and "B" in now.job.objects)
        await one.call("exclude", name="B")
        await printer.let_go(until="M190")
        await one.until(lambda now: now.message == "within")
        await printer.held()
        await one.kill()
        await printer.let_go()
        await one.start()
        await one.online()
        again = len(await printer.accepted())
        await one.resume()
        job = await one.ended()
        assert (job.result, job.excluded) == (JobResult.COMPLETE, ("B",))
        later = [line for line in (await printer.accepted())[again:] if " E" in line]
        assert [line for line in later if line.startswith("G1 X10")] == []
        of_a = [
            line for line in text.splitlines() if line.startswith("G1 X") and "X10" not in line
        ]
        done = (await printer.accepted())[since:]
        assert [line for line in done if line in set(of_a)] == of_a
        assert (await printer.state())["position"]["e"] == 0.64
