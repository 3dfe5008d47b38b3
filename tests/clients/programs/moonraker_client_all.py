"""moonraker-client, both ways: HTTP for everything, and its websocket."""

import asyncio
import hashlib
import json
import sys
import time
from pathlib import Path
from typing import Any

from moonraker_client import AsyncMoonrakerClient, MoonrakerClient
from moonraker_client.exceptions import MoonrakerAPIError

url, key, gcode = sys.argv[1:4]
done: list[str] = []


def everything() -> None:
    with MoonrakerClient(url, api_key=key) as client:

        def call(name: str, *arguments: Any, **named: Any) -> Any:
            answer = getattr(client, name)(*arguments, **named)
            done.append(name)
            return answer

        assert call("printer_info")["state"] == "ready"
        assert "klippy_state" in call("server_info")
        digest = hashlib.sha256(Path(gcode).read_bytes()).hexdigest()
        assert call("files_upload", gcode, checksum=digest)["item"]["root"] == "gcodes"
        try:
            call("files_upload", gcode, checksum="0" * 64)
        except MoonrakerAPIError as error:
            refused = error.status_code
        else:
            refused = None
        assert refused == 422, "a wrong checksum was taken"
        name = Path(gcode).name
        assert name in [each["path"] for each in call("files_list")]
        assert call("files_roots")[0]["name"] == "gcodes"
        found = call("files_directory", "gcodes", extended=True)
        assert {"disk_usage", "root_info", "dirs", "files"} <= set(found)
        assert call("files_metadata", name)["size"]
        call("files_metascan", name)
        call("files_thumbnails", name)
        call("files_create_directory", "gcodes/parts")
        call("files_copy", f"gcodes/{name}", "gcodes/parts/copy.gcode")
        call("files_move", "gcodes/parts/copy.gcode", "gcodes/parts/moved.gcode")
        call("files_zip", ["gcodes/parts/moved.gcode"])
        call("files_delete", "gcodes", "parts/moved.gcode")
        call("files_delete_directory", "gcodes/parts", force=True)
        for method in (
            "server_config",
            "server_temperaturestore",
            "server_gcodestore",
            "server_logs_rollover",
            "server_database_list",
            "server_database_compact",
            "server_database_backup",
            "server_history_list",
            "server_history_totals",
            "server_jobqueue_status",
            "server_jobqueue_pause",
            "server_webcams_list",
            "server_announcements_list",
            "server_announcements_update",
            "server_announcements_feeds",
            "machine_systeminfo",
            "machine_procstats",
            "machine_peripherals_usb",
            "machine_peripherals_serial",
            "machine_peripherals_video",
            "access_info",
            "access_user",
            "access_users_list",
            "access_oneshottoken",
            "gcode_help",
            "query_endstops",
        ):
            call(method)
        assert "toolhead" in call("printer_objects_list")["objects"]
        assert call("printer_objects_query", {"toolhead": ["homed_axes"]})["status"]
        assert call("gcode_script", "G28") == "ok"
        call("print_start", name)
        until(lambda: state(client) == "printing")
        call("print_pause")
        until(lambda: state(client) == "paused")
        call("print_resume")
        call("print_cancel")
        until(lambda: state(client) == "cancelled")


def state(client: Any) -> str:
    answer = client.printer_objects_query({"print_stats": ["state"]})
    return str(answer["status"]["print_stats"]["state"])


def until(condition: Any) -> None:
    for _ in range(1200):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("not in time")


async def listen() -> None:
    async with AsyncMoonrakerClient(url, api_key=key) as client:
        told = asyncio.Event()
        await client.connect_websocket()
        answer = await client.identify("test", "1.0", "bot", "https://example.org")
        assert answer["connection_id"]
        client.on("notify_status_update", lambda *_: told.set())
        wish = {"extruder": ["target"]}
        assert (await client.subscribe_objects(wish))["status"]["extruder"]
        await client.gcode_script("M104 S55")
        await asyncio.wait_for(told.wait(), 30)
        done.append("websocket")
        await client.disconnect_websocket()


everything()
asyncio.run(listen())
print(json.dumps({"calls": len(done), "different": len(set(done))}))
