"""The screens of a print: every control is proven by what reaches the firmware."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.appliance import PATIENCE_S, RunningAppliance
from tests.browser.conftest import choose, press_twice
from tests.browser.test_page import show
from tests.waiting import eventually_sync

Sent = Callable[[str], None]
HOSTILE = "<img src=x onerror=alert(1)>"
OBJECTS = (
    "M140 S0\nG28\n"
    + "".join(
        f";LAYER:{layer}\nG1 Z{0.2 + layer / 5:.1f} F600\n"
        f"; printing object {HOSTILE}\n;TYPE:WALL-OUTER\n"
        f"G1 X20 Y20 F900\nG1 X40 E{layer * 4 + 1}\nG1 Y40 E{layer * 4 + 2}\n"
        f"; stop printing object {HOSTILE}\n; printing object cube\n;TYPE:FILL\n"
        f"G1 X70 Y20\nG1 X90 E{layer * 4 + 3}\nG1 Y40 E{layer * 4 + 4}\n"
        "; stop printing object cube\n"
        for layer in range(600)
    )
).encode()


def test_the_camera_is_seen_live_through_our_own_door(
    inside: Page, appliance: RunningAppliance
) -> None:
    picture = inside.get_by_role("img", name="Picture of Front <i>door</i>")
    expect(picture).to_have_attribute("src", f"{appliance.url}/webcam/front-i-door-i/stream")
    eventually_sync(lambda: picture.evaluate("image => image.naturalWidth") > 0)


def test_a_material_heats_and_the_chosen_tool_pushes_filament(
    inside: Page, sent: Sent
) -> None:
    show(inside, "Control")
    inside.get_by_role("button", name="PLA").click()
    sent("M140 S60")
    sent(r"M104 (T0 )?S180")
    extrude = inside.get_by_role("button", name="Extrude")
    expect(extrude).to_be_enabled()  # it is warm
    choose(inside.get_by_role("radio", name="50", exact=True))
    extrude.click()
    sent(r"G1 E50(\.0)? F300")
    choose(inside.get_by_role("radio", name="T1"))
    sent("T1")
    expect(extrude).to_be_disabled()  # that one is cold
    choose(inside.get_by_role("radio", name="T0"))
    expect(extrude).to_be_enabled()
    inside.get_by_role("button", name="Retract").click()
    sent(r"G1 E-50(\.0)? F300")
    inside.get_by_role("button", name="All off").click()
    sent(r"M104 (T0 )?S0")


def test_materials_are_written_where_other_clients_read_them(
    inside: Page, appliance: RunningAppliance
) -> None:
    inside.get_by_role("button", name="Edit").click()
    dialog = inside.get_by_role("dialog", name="Temperatures for materials")
    dialog.get_by_role("button", name="Add a material").click()
    dialog.get_by_label("Material").last.fill("PETG <b>")
    dialog.get_by_label("Hotend").last.fill("235")
    dialog.get_by_label("Bed").last.fill("80")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    expect(inside.get_by_role("button", name="PETG <b>")).to_be_visible()
    profiles = appliance.ask("GET", "api/settings")["temperature"]["profiles"]
    assert {"name": "PETG <b>", "extruder": 235, "bed": 80, "chamber": None} in profiles


def test_macros_ask_for_their_parameters(inside: Page, sent: Sent) -> None:
    show(inside, "Control")
    inside.get_by_role("button", name="Park").click()
    sent("M117 parked")
    inside.get_by_role("button", name="Load <b>filament</b>").click()
    dialog = inside.get_by_role("dialog", name="Load <b>filament</b>")
    dialog.get_by_label("LENGTH").fill("70")
    dialog.get_by_label("WORD (shown)").fill("blue")
    dialog.get_by_role("button", name="Run").click()
    sent("M117 blue 70")


def test_sliders_go_back_and_the_nozzle_is_raised_by_a_hair(inside: Page, sent: Sent) -> None:
    show(inside, "Control")
    inside.get_by_label("Flow", exact=True).fill("95")
    sent(r"M221 (T0 )?S95")
    inside.get_by_role("button", name="Flow back to 100 %").click()
    sent(r"M221 (T0 )?S100")
    choose(inside.get_by_role("radio", name="0.01 mm"))
    inside.get_by_role("button", name="Farther by 0.01 mm").click()
    sent("M290 Z0.01")
    inside.get_by_role("button", name="Motors off").click()
    sent("M84")


def test_an_object_is_left_out_and_the_layers_follow_the_print(
    inside: Page, appliance: RunningAppliance
) -> None:
    appliance.upload("objects.gcode", OBJECTS)
    body = {"path": "objects.gcode", "force": True}
    appliance.ask("POST", "api/gantry/print", body)
    appliance.until("phase", "printing")
    show(inside, "Control")
    card = inside.get_by_role("region", name="Objects of this print")
    expect(card.get_by_role("listitem")).to_have_count(2)
    button = card.get_by_role("button", name=re.compile("Leave out cube"))
    button.focus()
    inside.keyboard.press("Enter")
    assert appliance.objects("exclude_object")["exclude_object"]["excluded_objects"] == []
    inside.keyboard.press("Enter")
    expect(card.get_by_text("Left out")).to_be_visible()
    expect(button).to_have_count(0)
    expect(card.get_by_role("button")).to_have_count(0)  # the last one stays
    assert appliance.objects("exclude_object")["exclude_object"]["excluded_objects"] == [
        "cube"
    ]
    assert inside.locator("img[src=x]").count() == 0
    show(inside, "Layers")
    expect(inside.get_by_text("objects.gcode")).to_be_visible()
    layer = inside.get_by_label("Layer", exact=True)
    eventually_sync(lambda: int(layer.input_value()) > 1, "the picture follows the print")
    appliance.rest()


@pytest.mark.parametrize("slicer", ["curaengine-4.13.0", "prusaslicer-2.5.0", "slic3r-1.3.0"])
def test_the_layers_of_every_slicer_are_drawn(
    inside: Page, appliance: RunningAppliance, slicer: str
) -> None:
    name = f"tile-{slicer}.gcode"
    path = f"server/files/metadata?filename={name}"
    # Not every slicer says it: then the analysis counts them.
    layers = eventually_sync(
        lambda: appliance.ask("GET", path)["result"].get("layer_count"),
        "the layers are counted",
        PATIENCE_S,
    )
    inside.evaluate("name => { location.hash = `#/layers/${name}` }", name)
    layer = inside.get_by_label("Layer", exact=True)
    expect(layer).to_have_attribute("max", str(layers))
    layer.fill(str(layers // 2))
    colours = "Extrusion" if slicer.startswith("slic3r") else "Outer wall"
    expect(inside.get_by_role("list", name="Colours")).to_contain_text(colours)
    inside.get_by_label("Show travel").check()
    expect(inside.get_by_role("list", name="Colours")).to_contain_text("Travel")
    drawn = """canvas => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    }"""
    canvas = inside.get_by_role("img", name=re.compile("seen from above"))
    eventually_sync(lambda: canvas.evaluate(drawn) > 20, "something is drawn")


def test_the_bed_is_measured_and_its_map_can_be_read(
    inside: Page, appliance: RunningAppliance, sent: Sent
) -> None:
    show(inside, "Height map")
    expect(inside.get_by_text("was not measured yet")).to_be_visible()
    press_twice(inside.get_by_role("button", name="Measure the bed"))
    sent("G28.*")
    sent("G29( V3)?")
    inside.get_by_text("Values in mm by place").click()
    expect(inside.get_by_role("table").get_by_role("cell")).to_have_count(9)
    expect(inside.get_by_role("img", name=re.compile("Surface of the bed"))).to_be_visible()
    points = appliance.objects("bed_mesh")["bed_mesh"]["probed_matrix"]
    highest = max(z for row in points for z in row)
    expect(inside.get_by_text(f"{highest:+.3f} mm").first).to_be_visible()
    inside.get_by_role("button", name="Print without it").click()
    sent("M420 S0")


def test_the_other_printer_is_a_choice_away(inside: Page, appliance: RunningAppliance) -> None:
    inside.get_by_label("Printer", exact=True).select_option("Mini")
    inside.wait_for_url("**/printers/mini/**")  # and nobody has to log in again
    expect(inside.get_by_role("heading", level=1)).to_contain_text("Mini")
    inside.get_by_label("Target of Bed in degrees").fill("41")
    inside.get_by_role("button", name="Set target of Bed").click()
    eventually_sync(lambda: "M140 S41" in appliance.written("printers/mini/"))
    assert "M140 S41" not in appliance.written()


def test_two_tabs_show_the_same(inside: Page, appliance: RunningAppliance) -> None:
    other = inside.context.new_page()
    other.goto(appliance.url)
    inside.get_by_label("Target of Bed in degrees").fill("39")
    inside.get_by_role("button", name="Set target of Bed").click()
    expect(other.get_by_text("→ 39 °C")).to_be_visible()


@pytest.mark.usefixtures("idle")
def test_a_keyboard_is_enough_to_move_the_machine(inside: Page, sent: Sent) -> None:
    def press(*keys: str) -> None:
        for key in keys:
            inside.keyboard.press(key)

    press("Tab")
    expect(inside.get_by_role("link", name="Skip to content")).to_be_focused()
    press("Enter")
    expect(inside.locator("#main")).to_be_focused()
    inside.get_by_role("link", name="Control").focus()
    press("Enter")
    expect(inside.locator("#main")).to_be_focused()  # where reading goes on
    panel = inside.get_by_role("group", name="Move", exact=True)
    expect(panel).to_be_visible()
    for _ in range(12):
        if panel.evaluate("panel => panel === document.activeElement"):
            break
        press("Tab")
    expect(panel).to_be_focused()
    press("Home")
    sent(r"G28( X.*)?")
    press("2", "ArrowRight", "ArrowUp", "PageUp")
    sent(r"G0 X1(\.0)? .*")
    sent(r"G0 Y1(\.0)? .*")
    sent(r"G0 Z1(\.0)? .*")
