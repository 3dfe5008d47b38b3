"""Several files at once, folders that come in, and the layers of what is packed."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.browser.appliance import RunningAppliance
from tests.browser.conftest import LONG_MS
from tests.browser.test_page import show
from tests.waiting import eventually_sync

SHORT = b"M140 S0\nG28\nG1 Z0.2 F600\nG1 X20 Y20 E1 F3000\n"
OTHER = SHORT + b"G1 X30\n"
LAYERED = b"M140 S0\nG28\nM82\n" + b"".join(
    b";LAYER:%d\n;TYPE:WALL-OUTER\nG1 Z%.1f\nG1 X%d Y10 F900\nG1 X%d Y90 E%d\n"
    % (n, 0.2 + n / 5, 20 + n, 20 + n, n + 1)
    for n in range(5)
)
PASTE = """text => {
  const data = new DataTransfer();
  data.items.add(new File([text], "pasted.gcode"));
  const about = { clipboardData: data, bubbles: true, cancelable: true };
  document.body.dispatchEvent(new ClipboardEvent("paste", about));
}"""


@pytest.fixture
def bench(inside: Page, appliance: RunningAppliance) -> Page:
    """A folder with three files and an empty folder, opened in Files."""
    for name in ("a", "b", "c"):
        appliance.upload(f"bench/{name}.gcode", SHORT)
    found = appliance.ask("GET", "server/files/directory?path=gcodes/bench")["result"]
    if not any(each["dirname"] == "away" for each in found["dirs"]):
        appliance.ask("POST", "server/files/directory", {"path": "gcodes/bench/away"})
    show(inside, "Files")
    inside.get_by_role("button", name="bench").click()
    expect(inside.get_by_label("Select a.gcode")).to_be_visible()
    return inside


def inside_of(appliance: RunningAppliance, folder: str) -> set[str]:
    found = appliance.ask("GET", "server/files/list")["result"]
    paths = (each["path"] for each in found)
    return {path.removeprefix(f"{folder}/") for path in paths if path.startswith(f"{folder}/")}


def test_several_files_are_taken_moved_copied_and_deleted_at_once(
    bench: Page, appliance: RunningAppliance
) -> None:
    bench.get_by_label("Sort by").select_option("Name")
    bench.get_by_label("Select a.gcode").check()
    bench.get_by_label("Select c.gcode").click(modifiers=["Shift"])
    bar = bench.get_by_role("group", name="3 selected")
    with bench.expect_download() as download:
        bar.get_by_role("button", name="Download").click()
    packed = Path(download.value.path()).read_bytes()
    assert sorted(
        Path(name).name for name in zipfile.ZipFile(io.BytesIO(packed)).namelist()
    ) == [
        "a.gcode",
        "b.gcode",
        "c.gcode",
    ]
    bench.keyboard.press("Escape")
    expect(bench.get_by_role("button", name="Move …")).to_have_count(0)
    bench.get_by_label("Select a.gcode").focus()
    bench.keyboard.press("Space")
    bench.keyboard.press("ArrowDown")
    expect(bench.get_by_label("Select b.gcode")).to_be_focused()
    bench.keyboard.press("Space")
    bench.get_by_role("button", name="Move …").click()
    dialog = bench.get_by_role("dialog", name="Move 2 to …")
    dialog.get_by_role("button", name="away").click()
    expect(dialog.get_by_text("bench/away")).to_be_visible()
    dialog.get_by_role("button", name="Move here").click()
    expect(dialog).to_have_count(0)
    eventually_sync(
        lambda: inside_of(appliance, "bench") == {"away/a.gcode", "away/b.gcode", "c.gcode"}
    )
    bench.get_by_label("Select c.gcode").check()
    bench.get_by_role("button", name="Copy …").click()
    bench.get_by_role("dialog").get_by_role("button", name="Copy here").click()
    expect(bench.get_by_label("Select c (2).gcode")).to_be_visible()
    bench.get_by_label("Select all").check()
    bench.get_by_role("button", name="Delete").click()
    asked = bench.get_by_role("dialog", name="Delete what is selected?")
    expect(asked).to_contain_text(f"Files: 4, {4 * len(SHORT)} B in all.")
    expect(asked).to_contain_text("Folders, with everything in them: 1.")
    expect(asked.get_by_role("listitem")).to_have_text(["away", "c (2).gcode", "c.gcode"])
    expect(asked.get_by_role("button", name="Cancel")).to_be_focused()
    bench.keyboard.press("Enter")
    assert len(inside_of(appliance, "bench")) == 4
    bench.get_by_role("button", name="Delete").click()
    asked.get_by_role("button", name="Delete").click()
    expect(bench.get_by_text("Nothing here yet")).to_be_visible()
    eventually_sync(lambda: not inside_of(appliance, "bench"))


def test_what_shall_be_printed_next_is_the_first_of_the_queue(
    bench: Page, appliance: RunningAppliance
) -> None:
    bench.get_by_label("Select a.gcode").check()
    bench.get_by_label("Select b.gcode").check()
    bench.get_by_role("button", name="Add to queue").click()
    expect(bench.get_by_role("button", name="Clear selection")).to_have_count(0)
    row = bench.get_by_role("listitem").filter(has_text="c.gcode")
    row.locator(".file-open").click()
    row.get_by_role("button", name="Print next").click()
    expect(row.get_by_text("first of the queue")).to_be_visible()
    queue = appliance.ask("GET", "server/job_queue/status")["result"]["queued_jobs"]
    names = [job["filename"] for job in queue]
    assert names[0] == "bench/c.gcode"
    assert set(names[1:]) == {"bench/a.gcode", "bench/b.gcode"}
    appliance.ask("DELETE", "server/job_queue/job?all=true")


def test_a_folder_is_brought_in_and_a_file_is_pasted(
    bench: Page, appliance: RunningAppliance, tmp_path: Path
) -> None:
    folder = tmp_path / "brought"
    (folder / "deep").mkdir(parents=True)
    (folder / "one.gcode").write_bytes(SHORT)
    (folder / "deep" / "two.gcode").write_bytes(SHORT)
    (folder / "notes.txt").write_text("nothing to print")
    bench.locator("input[webkitdirectory]").set_input_files(folder)
    expect(bench.get_by_text("can be printed: 1")).to_be_visible()
    wanted = {"brought/one.gcode", "brought/deep/two.gcode"}
    eventually_sync(lambda: wanted <= inside_of(appliance, "bench"))
    bench.evaluate(PASTE, SHORT.decode())
    expect(bench.get_by_label("Select pasted.gcode")).to_be_visible()
    bench.get_by_label("Select brought").check()
    bench.get_by_role("button", name="Delete").click()
    asked = bench.get_by_role("dialog", name="Delete brought?")
    expect(asked).to_contain_text("Files: 2")
    asked.get_by_role("button", name="Delete").click()
    expect(bench.get_by_label("Select brought")).to_have_count(0)
    eventually_sync(lambda: not wanted & inside_of(appliance, "bench"))


def test_a_name_that_is_there_already_is_asked_about(
    bench: Page, appliance: RunningAppliance, tmp_path: Path
) -> None:
    def bring(*names: str) -> None:
        for name in names:
            (tmp_path / name).write_bytes(OTHER)
        bench.locator("input[multiple]").set_input_files([tmp_path / name for name in names])

    def content(name: str) -> bytes:
        answer = bench.request.get(f"{appliance.url}/downloads/files/local/bench/{name}")
        return answer.body()

    bring("a.gcode")
    asked = bench.get_by_role("dialog", name="a.gcode is there already")
    expect(asked).to_be_visible()
    expect(asked.get_by_role("checkbox")).to_have_count(0)
    bench.keyboard.press("Escape")
    expect(asked).to_have_count(0)
    expect(bench.get_by_role("progressbar")).to_have_count(0)
    assert content("a.gcode") == SHORT
    bring("a.gcode")
    asked.get_by_role("button", name="Replace").click()
    eventually_sync(lambda: content("a.gcode") == OTHER, "it is replaced")
    bring("b.gcode", "c.gcode", "d.gcode")
    asked = bench.get_by_role("dialog", name="b.gcode is there already")
    asked.get_by_label("The same for all others").check()
    asked.get_by_role("button", name="Keep both").click()
    beside = {"b (2).gcode", "c (2).gcode", "d.gcode"}
    eventually_sync(lambda: beside <= inside_of(appliance, "bench"), "all are there")
    assert "d (2).gcode" not in inside_of(appliance, "bench")
    assert content("b.gcode") == SHORT
    # The server drops what cannot be in a name, and then it is taken.
    (tmp_path / "c?.gcode").write_bytes(OTHER)
    bench.locator("input[multiple]").set_input_files(tmp_path / "c?.gcode")
    asked = bench.get_by_role("dialog", name="c?.gcode is there already")
    asked.get_by_role("button", name="Replace").click()
    eventually_sync(lambda: content("c.gcode") == OTHER, "it is replaced")


def test_one_sees_how_far_the_analysis_of_a_file_is(
    inside: Page, appliance: RunningAppliance
) -> None:
    layer = b"G1 X%d Y%d E0.02 F900\n" * 40_000 % tuple(n % 90 + 10 for n in range(80_000))
    appliance.upload("large.gcode", LAYERED + layer * 6)
    bar = inside.get_by_role("progressbar", name="The file is being analysed")
    about = f"api/gantry/layers?{urlencode({'path': 'large.gcode'})}"
    with appliance.held(
        "appliance.components.file_manager.analysis",
        lambda: 0 < (appliance.ask("GET", about)["analysing"] or 0) < 1,
    ):
        inside.evaluate("location.hash = '#/layers/large.gcode'")
        expect(bar).to_have_attribute("value", re.compile(r"0\.\d+"))
    expect(inside.get_by_label("Layer", exact=True)).to_be_visible(timeout=2 * LONG_MS)
    expect(bar).to_have_count(0)


def test_the_layers_of_a_packed_file_are_drawn(
    inside: Page, appliance: RunningAppliance
) -> None:
    appliance.upload("packed.gcode.gz", gzip.compress(LAYERED))
    inside.evaluate("location.hash = '#/layers/packed.gcode.gz'")
    layer = inside.get_by_label("Layer", exact=True)
    expect(layer).to_have_attribute("max", "5")
    layer.fill("3")
    expect(inside.get_by_role("list", name="Colours")).to_contain_text("Outer wall")
