"""Gantry's own routes over a real server, with real files."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from appliance.catalogue import Catalogue
from appliance.components import gantry_api
from appliance.components.file_manager import component as file_manager
from appliance.config import load_configuration
from appliance.config.write import CONFIGURATION_WRITER, ConfigurationWriter
from appliance.core import Appliance, ConfigurationChanged, StopReason
from appliance.domain.file_service import FILES
from appliance.domain.files import GCODES
from appliance.domain.job import JobFile, Origin, RecoveryPlan
from appliance.domain.telemetry import Prompt
from appliance.logs import REDACTOR
from tests.fakes import FakePrinter
from tests.serving import API_KEY, Answer, Running, serving
from tests.waiting import eventually

SECRET = "very-secret-broker-word"
YAML = f"""\
appliance:
  name: Workshop   # what people read
http:
  port: 8080
mqtt:
  broker: broker.local
  password: {SECRET}
printer:
  - id: ender3
    platform: simulator
"""
GCODE = b"G28\nG1 X500 Y10 Z0.2 F3000\nG1 X510 E5\n"


class Writer:
    """Provides what `gantry run` provides: the writer and the configuration as read."""

    CONFIG_SCHEMA: ClassVar[dict[str, Any]] = {}

    @staticmethod
    async def async_setup(appliance: Appliance, _config: dict[str, Any]) -> None:
        directory = appliance.paths.config
        catalogue = Catalogue(directory)
        appliance.configuration = load_configuration(directory, catalogue)
        appliance.use(REDACTOR).add(*appliance.configuration.secrets)
        appliance.provide(CONFIGURATION_WRITER, ConfigurationWriter(directory, catalogue))


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    (tmp_path / "configuration.yaml").write_text(YAML)
    components: list[tuple[Any, dict[str, Any]]] = [
        (Writer, {}),
        (file_manager, {}),
        (gantry_api, {}),
    ]
    async with serving(tmp_path, components=components) as found:
        found.printers.add(FakePrinter(found.appliance.bus))
        yield found


def printer_of(running: Running) -> FakePrinter:
    printer = running.printers.first
    assert isinstance(printer, FakePrinter)
    return printer


async def ask(running: Running, method: str, path: str, **options: Any) -> Answer:
    return await running.call(method, f"/api/gantry{path}", key=API_KEY, **options)


async def upload(running: Running, name: str, content: bytes) -> None:
    async with await running.appliance.use(FILES).upload(size=len(content)) as coming:
        await coming.write(content)
        await coming.keep(GCODES, name)


async def test_the_fleet_and_one_printer_are_told_in_plain_words(running: Running) -> None:
    printer = printer_of(running)
    printer.come_online()
    printer.update(prompt=Prompt("Change the filament?", ("Yes", "No")))
    fleet = (await ask(running, "GET", "/printers")).json["printers"]
    assert [(p["id"], p["link"], p["phase"]) for p in fleet] == [("ender3", "online", "none")]
    one = (await ask(running, "GET", "/printer")).json
    assert one["prompt"] == {"text": "Change the filament?", "buttons": ["Yes", "No"]}
    assert one["profile"]["volume"]["width"] == 220.0
    assert one["fault"] is None


async def test_a_question_is_answered_by_the_number_of_a_button(running: Running) -> None:
    printer = printer_of(running)
    printer.come_online()
    printer.update(prompt=Prompt("Go on?", ("Yes",)))
    assert (await ask(running, "POST", "/prompt", json={"button": "0"})).status == 400
    assert (await ask(running, "POST", "/prompt", json={"button": 0})).status == 204


async def test_nothing_answers_without_a_credential(running: Running) -> None:
    for path in ("printers", "printer", "health", "configuration", "support", "lint?path=x"):
        assert (await running.call("GET", f"/api/gantry/{path}")).status == 401, path


async def test_a_plan_for_a_lost_print_is_shown_and_carried_out(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    printer = printer_of(running)
    printer.come_online()
    answer = await ask(running, "GET", "/recovery")
    assert answer.status == 409, answer.text

    file = JobFile(Origin.LOCAL, "cube.gcode", "cube.gcode", 500)
    plan = RecoveryPlan("j1", file, "/x/cube.gcode", 120, 3, 0.6, ("Home",), ("G28 X Y",))

    async def recovery_plan() -> RecoveryPlan:
        return plan

    monkeypatch.setattr(printer, "recovery_plan", recovery_plan)
    shown = (await ask(running, "GET", "/recovery")).json
    assert shown["steps"] == ["Home"]
    assert shown["job_id"] == "j1"
    assert "local_path" not in shown
    assert (await ask(running, "POST", "/recovery", json={})).status == 400


async def test_findings_of_a_file_are_told_for_this_printer(running: Running) -> None:
    await upload(running, "wide.gcode", GCODE)

    async def analysed() -> Any:
        found = (await ask(running, "GET", "/lint?path=wide.gcode")).json
        return found if found["analysed"] else None

    found: dict[str, Any] = await eventually(analysed)
    assert found["findings"], "a move to X500 on a bed of 220 mm"
    assert {"rule", "severity", "message", "line"} <= found["findings"][0].keys()
    assert (await ask(running, "GET", "/lint?path=nothing.gcode")).status == 404


async def test_a_print_begins_and_force_is_a_word_of_its_own(running: Running) -> None:
    printer = printer_of(running)
    printer.come_online()
    await upload(running, "small.gcode", b"G28\nG1 X10 Y10 Z0.2 F3000\n")
    body = {"path": "small.gcode", "force": "yes"}
    assert (await ask(running, "POST", "/print", json=body)).status == 400
    body = {"path": "small.gcode"}
    assert (await ask(running, "POST", "/print", json=body)).status == 204
    assert printer.snapshot.phase.active


async def test_health_tells_the_computer_the_disk_and_the_cable(running: Running) -> None:
    printer = printer_of(running)
    printer.come_online()
    printer.update(health=replace(printer.snapshot.health, lines_sent=200, resends=1))
    health = (await ask(running, "GET", "/health")).json
    assert health["disk"]["total"] > 0
    assert health["host"]["memory_total"] > 0
    assert health["loop_lag_ms"] >= 0
    assert health["printers"][0]["health"]["resend_ratio"] == 0.005


async def test_the_configuration_is_shown_without_secrets_and_saved_with_them(
    running: Running,
) -> None:
    read = (await ask(running, "GET", "/configuration")).json
    assert SECRET not in read["text"]
    assert "# what people read" in read["text"]
    text = read["text"].replace("Workshop", "Garage")
    changes: list[ConfigurationChanged] = []
    running.appliance.bus.listen(ConfigurationChanged, changes.append)
    body = {"text": text, "digest": read["digest"]}
    saved = await ask(running, "PUT", "/configuration", json=body)
    assert saved.status == 200, saved.text
    assert saved.json["sections"] == [{"section": "appliance", "change": "changed"}]
    assert changes[0].configuration.appliance["name"] == "Garage"
    written = (running.appliance.paths.config / "configuration.yaml").read_text()
    assert written == YAML.replace("Workshop", "Garage")


async def test_a_changed_line_with_a_hidden_secret_is_refused(running: Running) -> None:
    read = (await ask(running, "GET", "/configuration")).json
    text = read["text"].replace("password: ", "password: x")
    body = {"text": text, "digest": read["digest"]}
    answer = await ask(running, "PUT", "/configuration", json=body)
    assert answer.status == 400
    assert "line 7" in answer.json["error"]["message"]


async def test_what_is_wrong_is_told_at_its_line_and_nothing_is_written(
    running: Running,
) -> None:
    read = (await ask(running, "GET", "/configuration")).json
    text = read["text"].replace("port: 8080", "prot: 8080")
    found = (await ask(running, "POST", "/configuration/check", json={"text": text})).json
    assert not found["valid"]
    problem = found["problems"][0]
    assert (problem["line"], problem["file"]) == (4, "configuration.yaml")
    assert "port" in problem["hint"]
    body = {"text": text, "digest": read["digest"]}
    assert (await ask(running, "PUT", "/configuration", json=body)).status == 409
    assert (running.appliance.paths.config / "configuration.yaml").read_text() == YAML


async def test_a_plan_tells_lines_and_sections_without_secrets(running: Running) -> None:
    read = (await ask(running, "GET", "/configuration")).json
    text = read["text"].replace("8080", "8081").replace("id: ender3", "id: ender5")
    planned = (await ask(running, "POST", "/configuration/plan", json={"text": text})).json
    assert planned["valid"]
    assert {(s["section"], s["change"]) for s in planned["sections"]} == {
        ("http", "changed"),
        ("printer ender3", "removed"),
        ("printer ender5", "added"),
    }
    assert "+  port: 8081" in planned["diff"]
    assert SECRET not in "".join(planned["diff"])


async def test_a_secret_that_was_typed_can_go_to_secrets_yaml(running: Running) -> None:
    read = (await ask(running, "GET", "/configuration")).json
    text = read["text"] + "auth:\n  password: typed-just-now\n"
    answer = await ask(running, "POST", "/configuration/plan", json={"text": text})
    shown = {each["file"]: each["diff"] for each in answer.json["apart"]}
    assert "+  password: !secret auth_password" in shown["configuration.yaml"]
    assert shown["secrets.yaml"] == ["+auth_password: <secret>"]
    assert SECRET not in answer.text
    body = {"text": text, "digest": read["digest"], "apart": True}
    saved = (await ask(running, "PUT", "/configuration", json=body)).json
    folder = running.appliance.paths.config
    assert "password: !secret auth_password" in (folder / "configuration.yaml").read_text()
    assert (folder / "secrets.yaml").read_text() == "auth_password: typed-just-now\n"
    again = (await ask(running, "GET", "/configuration")).json
    assert again["digest"] == saved["digest"]
    body = {"text": again["text"] + "# more\n"}
    answer = await ask(running, "POST", "/configuration/plan", json=body)
    assert answer.json["apart"] is None


async def test_a_file_that_somebody_else_changed_is_not_overwritten(running: Running) -> None:
    read = (await ask(running, "GET", "/configuration")).json
    file = running.appliance.paths.config / "configuration.yaml"
    file.write_text(YAML.replace("Workshop", "Kitchen"))
    body = {"text": read["text"].replace("Workshop", "Garage"), "digest": read["digest"]}
    assert (await ask(running, "PUT", "/configuration", json=body)).status == 409
    assert "Kitchen" in file.read_text()


async def test_the_support_archive_holds_no_secret(running: Running) -> None:
    answer = await ask(running, "GET", "/support")
    assert answer.status == 200
    archive = zipfile.ZipFile(io.BytesIO(answer.body))
    names = archive.namelist()
    assert {"health.json", "printers/ender3.json", "configuration.yaml"} <= set(names)
    content = "".join(archive.read(name).decode() for name in names)
    assert SECRET not in content
    assert "broker.local" in content


PLANTED = """\
auth:
  password: planted-one-in-force
mqtt:
  broker: broker.local
  password: !secret broker
  # password: planted-three-in-a-comment
webcam:
  - stream: http://me:planted-four-of-a-camera@camera.local/stream
    snapshot: https://me:planted-five%40of-a-camera@camera.local/picture
power:
  - {name: lamp, platform: http, token: planted-six-in-braces}
macro:
  A:
    gcode: |
      M117 a
api_key: |
  planted-seven-on-a-line-of-its-own
"""
SAID = """\
GET /api/job?apikey=planted-eight-in-an-address answered
headers {'X-Api-Key': 'planted-nine-in-a-header'} were sent
Authorization: Bearer planted-ten-of-a-token
cannot reach http://me:planted-eleven-in-the-log@plug.local/
"""


@pytest.mark.parametrize("broken", ["", "\nnot: [closed\n"])
async def test_no_planted_secret_is_in_the_support_archive(
    running: Running, broken: str
) -> None:
    paths = running.appliance.paths
    (paths.config / "secrets.yaml").write_text("broker: planted-two-in-secrets\n")
    # Not in force, and not even valid: as it stands when somebody needs help.
    (paths.config / "configuration.yaml").write_text(PLANTED + broken)
    paths.logs.mkdir(exist_ok=True)
    (paths.logs / "gantry.log").write_text(SAID)
    answer = await ask(running, "GET", "/support")
    archive = zipfile.ZipFile(io.BytesIO(answer.body))
    content = {name: archive.read(name).decode() for name in archive.namelist()}
    found = {
        name: re.findall(r"planted-\S+", text)
        for name, text in content.items()
        if "planted-" in text
    }
    assert found == {}
    assert "camera.local/picture" in content["configuration.yaml"]
    assert "plug.local" in content["gantry.log"]


async def test_the_end_of_the_log_is_shown_without_secrets(running: Running) -> None:
    logs = running.appliance.paths.logs
    logs.mkdir(exist_ok=True)
    (logs / "gantry.log").write_text(f"first\nsecond {SECRET}\nthird\n")
    found = (await ask(running, "GET", "/log?lines=2")).json["lines"]
    assert len(found) == 2
    assert found[1] == "third"
    assert SECRET not in found[0]
    for wrong in ("0", "x", "-1", "99999"):
        assert (await ask(running, "GET", f"/log?lines={wrong}")).status == 400


async def test_a_raspberry_pi_that_lacks_power_is_told(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await ask(running, "GET", "/health")).json["host"]["throttled"] is None
    file = tmp_path / "get_throttled"
    file.write_text("50005\n")
    monkeypatch.setattr("appliance.components.gantry_api.health._THROTTLED", file)
    assert (await ask(running, "GET", "/health")).json["host"]["throttled"] == {
        "now": ["undervoltage", "throttled"],
        "earlier": ["undervoltage", "throttled"],
    }


async def test_a_restart_is_answered_before_it_happens(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    wished: list[StopReason] = []
    monkeypatch.setattr(running.appliance, "request_stop", wished.append)
    assert (await ask(running, "POST", "/restart")).status == 204
    await eventually(lambda: wished)
    assert wished == [StopReason.RESTART]
