"""Everything that octorest can do, against the server of the first two arguments."""

import json
import sys
import time
from pathlib import Path
from typing import Any

from octorest import OctoRest

url, key, gcode = sys.argv[1:4]
client = OctoRest(url=url, apikey=key)
done: list[str] = []


def call(name: str, *arguments: Any, **options: Any) -> Any:
    answer = getattr(client, name)(*arguments, **options)
    done.append(name)
    return answer


def until(state: str) -> None:
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        if call("job_info")["state"] == state:
            return
        time.sleep(0.05)
    raise AssertionError(f"never {state}: {client.job_info()}")


assert call("get_version")["text"].startswith("OctoPrint")
assert call("probe_app_keys_workflow_support")
until("Operational")
info = call("connection_info")
assert set(info) == {"current", "options"}
assert call("state") == "Operational"
call("fake_ack")

call("upload", gcode)
call("upload", ("second.gcode", b"G28\n"))
assert call("files", recursive=True)["files"]
assert call("files", "local")["free"] > 0
assert call("files", "sdcard")["files"] is not None
assert call("files_info", "local", "second.gcode")["size"] == 4
call("copy", "second.gcode", "third.gcode")
call("move", "third.gcode", "fourth.gcode")
call("delete", "fourth.gcode")
call("select", "second.gcode")
assert call("job_info")["job"]["file"]["name"] == "second.gcode"

while not call("printer", history=True, limit=2)["temperature"]["history"]:
    time.sleep(0.05)  # nothing was measured yet
assert list(call("printer", exclude=["sd", "temperature"])) == ["state"]
call("tool_target", 50)
call("tool_offset", {"tool0": 5})
call("tool_offset", 0)
call("tool_select", 0)
call("extrude", 1)
call("retract", 1)
call("flowrate", 105)
call("feedrate", 100)
assert "tool0" in call("tool", history=True)
call("bed_target", 40)
call("bed_offset", 0)
assert "bed" in call("bed")
call("home", ["x", "y"])
call("jog", x=1, y=2, z=3)
assert "ready" in call("sd")
call("sd_init")
call("sd_refresh")
assert call("custom_control_request") == {"controls": []}
call("gcode", "M105")
call("gcode", ["M114", "M105"])

call("select", Path(gcode).name, print=True)
until("Printing")
call("pause")
until("Paused")
call("resume")
until("Printing")
call("toggle")
until("Paused")
call("restart")
until("Printing")
call("cancel")
until("Operational")

profiles = call("printer_profiles")["profiles"]
assert call("printer_profile")["id"] in profiles
call("add_printer_profile", {"profile": {"id": "extra", "name": "Extra"}})
changed = call("update_printer_profile", "extra", {"profile": {"color": "red"}})
assert changed["profile"]["color"] == "red"
call("delete_printer_profile", "extra")

assert call("settings")["feature"]["sdSupport"]
assert call("settings", {"appearance": {"color": "green"}})["appearance"]["color"] == "green"
call("fetch_templates")
assert call("slicers") == {}
assert call("system_commands")["core"][0]["action"] == "restart"
call("source_system_commands", "custom")
assert call("timelapses")["files"] == []
call("change_timelapse_config", "off")
assert "_core" in call("languages")["language_packs"]

call("add_user", "bob", "a-long-password-1", active=True)
assert call("user", "bob")["name"] == "bob"
assert any(each["name"] == "bob" for each in call("users")["users"])
call("update_user", "bob", active=False)
call("reset_user_password", "bob", "another-long-password-2")
call("user_settings", "bob")
call("update_user_settings", "bob", {"interface": {"language": "de"}})
assert call("regenerate_user_apikey", "bob")["apikey"]
call("delete_user_apikey", "bob")
call("delete_user", "bob")

call("disconnect")
call("connect")
until("Operational")
print(json.dumps({"calls": len(done), "different": len(set(done))}))
