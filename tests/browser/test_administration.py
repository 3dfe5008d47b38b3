"""Configuration, keys, backups and health in a browser, as the administrator uses them."""

from __future__ import annotations

import re
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.appliance import PASSWORD, RunningAppliance
from tests.browser.conftest import press_twice, running_in, state_of
from tests.browser.keyboard import LISTEN, heard
from tests.browser.test_page import show
from tests.waiting import eventually_sync


def edit(page: Page, text: str) -> None:
    """Type at the end of configuration.yaml."""
    page.get_by_label("Text of configuration.yaml").click()
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.type(text)


def test_the_editor_completes_what_the_schemas_know(inside: Page) -> None:
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    inside.route("**/configuration/schema", hold)
    show(inside, "Configuration")
    edit(inside, "mqtt:\n  brok")
    eventually_sync(lambda: inside.evaluate("1") and late, "the schema is asked for")
    late[0].continue_()
    choice = inside.get_by_role("option", name=re.compile("^broker"))
    expect(choice).to_contain_text("required")
    choice.click()
    inside.keyboard.type("localhost\n")
    inside.keyboard.type("retain: f")
    inside.get_by_role("option", name="false").click()
    editor = inside.get_by_label("Text of configuration.yaml")
    expect(editor).to_contain_text("broker: localhost")
    expect(editor).to_contain_text("retain: false")
    expect(inside.get_by_text("The configuration is valid.")).to_be_visible()


def test_a_former_version_comes_back_and_what_needs_a_restart_gets_one(
    page: Page, tmp_path: Path
) -> None:
    with running_in(tmp_path) as appliance:
        page.add_init_script(LISTEN)
        page.goto(appliance.url)
        page.get_by_label("User").fill("admin")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        show(page, "Configuration")
        before = appliance.configuration
        edit(page, "automation:\n")
        page.get_by_role("button", name="Review changes").click()
        expect(page.get_by_text("Gantry has to restart for: automation")).to_be_visible()
        page.get_by_role("button", name="Save and restart").click()
        heard(page, "Gantry restarts")  # and it may be there again already
        former = page.get_by_role("button", name=re.compile("Look at the version of"))
        expect(former).to_have_count(1)
        assert appliance.configuration == before + "automation:\n"
        former.click()
        # After a restart nobody's password was given a moment ago.
        dialog = page.get_by_role("dialog", name="Your password, please")
        dialog.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        lines = page.get_by_role("region", name="Lines that change")
        expect(lines).to_contain_text("-automation:")
        page.get_by_role("button", name="Save", exact=True).click()
        eventually_sync(lambda: appliance.configuration == before, "it is as it was")
        expect(page.get_by_label("Text of configuration.yaml")).not_to_contain_text(
            "automation:"
        )
        edit(page, "mqtt:\n  broker: localhost\n")
        edit(page, "password: typed-just-now\n")  # below, as the line before is indented
        page.get_by_role("button", name="Review changes").click()
        expect(lines).to_have_count(2)
        expect(lines.first).to_contain_text("+  password: !secret mqtt_password")
        expect(lines.last).to_contain_text("+mqtt_password: <secret>")
        offer = page.get_by_role("checkbox", name="in secrets.yaml")
        offer.uncheck()
        expect(lines).to_have_count(1)
        expect(lines).to_contain_text("+  password: typed-just-now")
        offer.check()
        page.get_by_role("button", name="Save", exact=True).click()
        editor = page.get_by_label("Text of configuration.yaml")
        expect(editor).to_contain_text("password: !secret mqtt_password")
        stored = (tmp_path / "secrets.yaml").read_text()
        assert stored == "mqtt_password: typed-just-now\n"


def test_a_stale_login_is_asked_for_the_password_in_place(
    inside: Page, appliance: RunningAppliance
) -> None:
    asked: list[str] = []

    def stale(route: Route) -> None:
        if asked:
            route.continue_()
            return
        asked.append(route.request.method)
        error = {"error": {"message": "log in again: that was a while ago"}}
        route.fulfill(status=403, json=error)

    inside.route("**/api/gantry/keys", stale)
    show(inside, "People and keys")
    dialog = inside.get_by_role("dialog", name="Your password, please")
    dialog.get_by_label("Password").fill("wrong")
    inside.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).not_to_be_empty()
    dialog.get_by_label("Password").fill(PASSWORD)
    inside.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(inside.get_by_role("listitem").filter(has_text="of admin").first).to_be_visible()
    assert appliance.ask("GET", "api/currentuser")["name"] == "admin"


def test_whoever_gives_the_password_again_is_not_thrown_out_meanwhile(
    inside: Page, appliance: RunningAppliance
) -> None:
    stale = {"error": {"message": "log in again: that was a while ago"}}
    inside.route("**/api/gantry/keys", lambda route: route.fulfill(status=403, json=stale))
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    inside.route("**/api/login", hold)
    show(inside, "People and keys")
    dialog = inside.get_by_role("dialog", name="Your password, please")
    dialog.get_by_label("Password").fill(PASSWORD)
    inside.keyboard.press("Enter")
    eventually_sync(lambda: inside.evaluate("1") and late, "it logs in")
    inside.unroute("**/api/gantry/keys")
    # Gantry ends the session of before; the answer with the next one is held on its way.
    cookies = {each["name"]: each["value"] for each in inside.context.cookies()}
    headers = {
        "Content-Type": "application/json",
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "X-CSRF-Token": late[0].request.headers["x-csrf-token"],
    }
    data = late[0].request.post_data_buffer
    with urlopen(Request(f"{appliance.url}/api/login", data, headers)) as answer:
        content = answer.read()
        begun = SimpleCookie("; ".join(answer.headers.get_all("Set-Cookie")))
    with inside.expect_response(lambda told: told.status in (401, 403)):
        inside.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # it looks
    given = [
        {"name": name, "value": each.value, "url": appliance.url}
        for name, each in begun.items()
        if each.value
    ]
    inside.context.add_cookies(given)  # type: ignore[arg-type]
    late[0].fulfill(body=content, content_type="application/json")
    expect(dialog).to_have_count(0)
    expect(inside.get_by_role("listitem").filter(has_text="of admin").first).to_be_visible()
    expect(state_of(inside)).not_to_contain_text("No connection")


def test_a_slicer_gets_a_key_that_reaches_no_further_than_it_must(
    inside: Page, appliance: RunningAppliance
) -> None:
    show(inside, "People and keys")
    inside.get_by_label("Program").select_option("cura")
    inside.get_by_role("button", name="Make a key").click()
    secret = inside.locator("dd .secret")
    expect(secret).to_be_visible()
    expect(inside.get_by_role("img", name="API key")).to_be_visible()
    key = secret.inner_text()
    permissions = appliance.ask("GET", "api/currentuser", key=key)["permissions"]
    assert "FILES_UPLOAD" in permissions
    assert not {"CONTROL", "ADMIN"} & set(permissions)
    # What Cura's plug-in and the slicers ask, with that key and no other.
    for path in ("version", "settings", "printer", "job", "files/local"):
        assert appliance.ask("GET", f"api/{path}", key=key), path
    appliance.upload("of-a-slicer.gcode", b"G28\nG4 S1\n", key=key)
    command = {"command": "select", "print": True}
    appliance.ask("POST", "api/files/local/of-a-slicer.gcode", command, key=key)
    eventually_sync(
        lambda: (appliance.printer()["job"] or {}).get("result") == "complete", "it is printed"
    )
    with pytest.raises(HTTPError, match="403"):
        appliance.ask("POST", "api/printer/command", {"command": "M104 S200"}, key=key)


def test_a_backup_is_made_downloaded_and_deleted(inside: Page) -> None:
    inside.evaluate("location.hash = '#/upkeep'")
    inside.get_by_role("button", name="Make a backup").click()
    row = inside.get_by_role("listitem").filter(has_text="made by hand")
    expect(row).to_have_count(1)
    with inside.expect_download() as download:
        row.get_by_role("button", name="Download").click()
    assert download.value.path().stat().st_size > 500
    row.get_by_role("button", name="Restore").click()
    expect(row.get_by_role("button", name="Restore it and restart")).to_be_visible()
    press_twice(row.get_by_role("button", name="Delete"))
    expect(row).to_have_count(0)


def test_health_says_first_what_needs_a_person(
    inside: Page, appliance: RunningAppliance
) -> None:
    told = appliance.ask("GET", "api/gantry/health")
    told["host"]["throttled"] = {"now": ["undervoltage"], "earlier": ["undervoltage"]}
    told["disk"]["free"] = 1000
    told["failed_components"] = {"mqtt": "<b>no broker</b>"}
    inside.route("**/api/gantry/health", lambda route: route.fulfill(json=told))
    show(inside, "Health")
    verdict = inside.get_by_role("status", name="What needs you")
    expect(verdict).to_contain_text("power supply of the computer is too weak")
    expect(verdict).to_contain_text("Only 1.0 kB are free")
    expect(verdict).to_contain_text("mqtt does not run: <b>no broker</b>")
    inside.get_by_label("Not only warnings").check()
    expect(inside.get_by_role("region", name="Lines of the log")).to_contain_text(
        "Listening on port"
    )


def test_a_lost_print_can_go_on_from_its_layer(
    inside: Page, appliance: RunningAppliance
) -> None:
    job = {"id": "j1", "file": "<img src=x>.gcode", "result": "interrupted", "printing_s": 60}
    plan = {
        "job_id": "j1", "file": job["file"], "layer": 7, "height_mm": 1.4,
        "steps": ["Heat the bed", "Home X and Y only"], "lines": ["G28 X Y"],
    }  # fmt: skip
    confirmed: list[object] = []

    told = {**appliance.printer(), "phase": "none", "job": {**job, "resumable": True}}

    def recovery(route: Route) -> None:
        if route.request.method == "POST":
            confirmed.append(route.request.post_data_json)
        route.fulfill(json=plan)

    inside.route("**/api/gantry/printer", lambda route: route.fulfill(json=told))
    inside.route("**/api/gantry/recovery", recovery)
    show(inside, "Dashboard")
    inside.get_by_role("button", name="Show the plan").click()
    expect(inside.get_by_text("Home X and Y only")).to_be_visible()
    expect(inside.get_by_text("<img src=x>.gcode can go on from layer 7")).to_be_visible()
    go = inside.get_by_role("button", name="Go on with this print")
    go.focus()
    inside.keyboard.press("Enter")
    expect(inside.get_by_text("Press again to confirm").last).to_be_attached()
    assert not confirmed
    with inside.expect_response(lambda answer: answer.request.method == "POST"):
        inside.keyboard.press("Enter")
    assert confirmed == [{"job_id": "j1"}]


def test_two_tabs_do_not_overwrite_each_other(
    inside: Page, appliance: RunningAppliance
) -> None:
    second = inside.context.new_page()
    second.goto(f"{appliance.url}/#/people")
    expect(second.get_by_role("heading", level=1)).to_have_text("People and keys")
    show(inside, "Configuration")
    edit(inside, "# from this tab\n")
    second.goto(f"{appliance.url}/#/configuration")
    edit(second, "# from the other tab\n")
    for tab, saved in ((second, True), (inside, False)):
        tab.get_by_role("button", name="Review changes").click()
        tab.get_by_role("button", name="Save", exact=True).click()
        if saved:
            expect(tab.get_by_text("Saved.")).to_be_visible()
        else:
            alert = tab.get_by_role("alert").filter(has_text="changed in the meantime")
            expect(alert).to_be_visible()
    assert "# from the other tab" in appliance.configuration
    assert "# from this tab" not in appliance.configuration


@pytest.mark.parametrize(
    ("because", "said"),
    [
        (
            "this image knows no key by which releases are signed",
            "Gantry cannot update itself here: this image knows no key",
        ),
        (
            "Gantry updates itself on its SD-card image only: use what you installed it with",
            "Here, update it by the means by which it was installed.",
        ),
    ],
)
def test_why_gantry_cannot_update_itself_is_said(
    inside: Page, appliance: RunningAppliance, because: str, said: str
) -> None:
    status = appliance.ask("GET", "api/gantry/updates")
    told = {**status, "supported": False, "unsupported_because": because}
    inside.route("**/api/gantry/updates", lambda route: route.fulfill(json=told))
    inside.evaluate("location.hash = '#/upkeep'")
    updates = inside.get_by_role("region", name="Updates")
    expect(updates).to_contain_text(said)
    expect(updates.get_by_label("Install from a file")).to_have_count(0)
