"""What the page does while Gantry, or a proxy before it, answers badly or not at all."""

from __future__ import annotations

import base64
import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.appliance import CHECKOUT, RunningAppliance
from tests.browser.conftest import Ear, log_in, stand_still, state_of
from tests.waiting import eventually_sync

SOURCES = CHECKOUT / "components" / "frontend" / "src"
WAIT = "Gantry does not answer yet"
LONG = "a-part-for-the-shelf-in-the-hallway_0.2mm_PETG_7h41m_final (copy).gcode"


def hang(_route: Route) -> None:
    """Take a question, and never answer."""


def pictured(icon: str) -> bytes:
    """A file with that picture of ours in it; printing it takes minutes."""
    image = base64.b64encode((SOURCES / icon).read_bytes()).decode()
    rows = "\n".join(f"; {image[at : at + 78]}" for at in range(0, len(image), 78))
    moves = "\n".join(f"G1 X{50 + i % 2} Y60 E{i} F120" for i in range(9000))
    head = f"; thumbnail begin 64x64 {len(image)}\n{rows}\n; thumbnail end\n"
    return f"{head}G28\n{moves}".encode()


def test_a_page_opened_too_early_opens_by_itself(page: Page) -> None:
    log_in(page)
    page.route("**/api/currentuser", lambda route: route.fulfill(status=502))
    page.reload()
    expect(page.get_by_text(WAIT)).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)
    page.unroute("**/api/currentuser")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ender 3")
    expect(page.get_by_role("button", name="Stop")).to_be_enabled()
    expect(page.get_by_role("link", name="Control")).to_be_visible()  # what only some may


def test_what_never_answers_keeps_nobody_from_the_printer(page: Page) -> None:
    log_in(page)
    for silent in ("cameras", "health", "macros", "printers"):
        page.route(f"**/api/gantry/{silent}", hang)
    page.goto(f"{page.url.split('#')[0]}#/control")
    page.reload()
    expect(page.get_by_role("button", name="Home all")).to_be_enabled()
    expect(state_of(page)).not_to_contain_text("No connection")


def test_a_proxy_that_knows_no_websockets_is_named_and_stop_works(
    page: Page, appliance: RunningAppliance
) -> None:
    log_in(page)
    page.route_web_socket(re.compile("/websocket"), lambda socket: socket.close())
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("its websocket does not")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ender 3")
    page.get_by_role("button", name="Stop").click()
    appliance.until("link", "halted")
    appliance.ask("POST", "printer/firmware_restart")
    appliance.until("link", "online")


def test_a_server_that_falls_silent_is_missed_within_five_seconds(
    page: Page, appliance: RunningAppliance
) -> None:
    ear = Ear(page)
    page.clock.install()
    log_in(page)
    lost = page.get_by_text("The connection to Gantry is lost")
    expect(lost).to_have_count(0)
    stand_still(page)
    ear.something_more()
    with appliance.silent():
        heard = -1
        while heard < ear.heard:  # what was on its way comes a moment later
            heard = ear.heard
            page.clock.run_for(5000)
        expect(lost).to_be_visible()
    page.clock.resume()
    expect(lost).to_have_count(0)


def give_camera(page: Page, **different: object) -> None:
    """Let the page know of a camera that has pictures alone, at webcam/slow/snapshot."""
    camera = {
        "id": "slow", "name": "Slow", "stream": None, "snapshot": "webcam/slow/snapshot",
        "flip_horizontal": False, "flip_vertical": False, "rotation": 0, "aspect_ratio": "1:1",
    } | different  # fmt: skip
    page.route(
        "**/api/gantry/cameras", lambda route: route.fulfill(json={"cameras": [camera]})
    )


@pytest.mark.parametrize("width", [320, 1440])
def test_a_turned_camera_fills_its_room(page: Page, width: int) -> None:
    give_camera(page, rotation=90, aspect_ratio="16:9")
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360"/>'
    page.route(
        "**/webcam/slow/snapshot*",
        lambda route: route.fulfill(body=drawing, content_type="image/svg+xml"),
    )
    page.set_viewport_size({"width": width, "height": 800})
    log_in(page)
    page.wait_for_function("() => document.querySelector('live-camera img')?.naturalWidth > 0")
    room, picture = page.evaluate(
        """["", " img"].map(of => {
            const { x, y, width, height } =
                document.querySelector(`live-camera .live${of}`).getBoundingClientRect();
            return [x, y, width, height];
        })"""
    )
    assert picture == pytest.approx(room, abs=1)
    assert room[3] / room[2] == pytest.approx(16 / 9, rel=0.02)


def test_a_slow_camera_is_seen(page: Page) -> None:
    late: list[Route] = []

    def keep(route: Route) -> None:
        late.append(route)

    give_camera(page)
    page.route("**/webcam/slow/snapshot*", keep)
    page.clock.install()
    stand_still(page)
    log_in(page)
    eventually_sync(lambda: page.evaluate("true") and late, "it is asked")
    page.clock.run_for(3000)  # in which one that is quick is asked three times
    page.evaluate("true")
    assert len(late) == 1
    picture = (SOURCES / "icon-192.png").read_bytes()
    late.pop().fulfill(body=picture, content_type="image/png")
    page.wait_for_function("() => document.querySelector('live-camera img')?.naturalWidth > 0")
    page.clock.run_for(1500)
    eventually_sync(lambda: page.evaluate("true") and late, "the next is asked")


def test_nothing_is_asked_after_somebody_left(page: Page) -> None:
    asked: list[str] = []
    page.clock.install()
    log_in(page)
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(3500)
    page.get_by_role("link", name="Settings").click()
    eventually_sync(lambda: page.evaluate("true") and asked, "its usual questions are asked")
    page.get_by_role("button", name="Log out").click()
    page.get_by_label("User").wait_for()
    asked.clear()
    page.clock.run_for(70_000)
    page.evaluate("true")
    assert asked == []


@pytest.mark.parametrize("width", [320, 1440])
def test_a_long_name_is_cut_and_a_new_picture_seen(
    page: Page, appliance: RunningAppliance, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    appliance.upload(LONG, pictured("icon-192.png"))
    appliance.ask("POST", "api/gantry/print", {"path": LONG, "force": True})
    appliance.until("phase", "printing")
    log_in(page)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text(f"Printing {LONG}")  # as a whole for who listens
    high = heading.evaluate("each => each.offsetHeight")
    line = heading.evaluate("each => parseFloat(getComputedStyle(each).lineHeight)")
    assert high / line < 4.5
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate("location.hash = '#/printers'")
    tile = page.get_by_role("article")
    expect(tile).to_contain_text(f"Printing {LONG}")
    assert tile.evaluate("each => each.scrollWidth - each.clientWidth") <= 0
    page.evaluate("location.hash = '#/dashboard'")
    size = "document.querySelector('.hero .thumb img')?.naturalWidth"
    page.wait_for_function(f"() => {size} === 192")
    appliance.rest()
    appliance.upload(LONG, pictured("icon-512.png"))
    page.wait_for_function(f"() => {size} === 512")


def test_who_leaves_in_one_tab_leaves_all_and_comes_in_to_all(page: Page) -> None:
    log_in(page)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_role("navigation", name="Pages")).to_be_visible()
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("button", name="Log out").click()
    woken = "document.dispatchEvent(new Event('visibilitychange'))"
    other.evaluate(woken)
    expect(other.get_by_label("User")).to_be_visible()
    log_in(page)
    other.evaluate(woken)
    expect(other.get_by_role("navigation", name="Pages")).to_be_visible()


@pytest.mark.parametrize("name", ["setup", "configuration", "control"])
def test_a_page_that_somebody_may_not_open_says_so(
    page: Page, appliance: RunningAppliance, name: str
) -> None:
    body = {"label": "tv", "scopes": ["read"]}
    secret = appliance.ask("POST", "api/gantry/keys", body)["key"]
    page.goto(f"{page.url.split('#')[0]}#/{name}")
    page.get_by_role("button", name="Use an API key instead").click()
    page.get_by_label("API key").fill(secret)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("main")).to_contain_text("You may not open this page")
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("main").get_by_role("button")).to_have_count(0)
