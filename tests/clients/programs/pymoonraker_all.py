"""pymoonraker: every answer has to fit its models."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pymoonraker import MoonrakerClient

url, key, gcode = sys.argv[1:4]
parts = urlsplit(url)
done: list[str] = []


async def main() -> None:
    assert parts.hostname is not None
    async with MoonrakerClient(parts.hostname, parts.port, api_key=key) as client:
        told = asyncio.Event()
        client.on("notify_status_update", lambda *_: told.set())

        async def call(name: str, *arguments: Any, **named: Any) -> Any:
            target: Any = client
            for part in name.split("."):
                target = getattr(target, part)
            answer = await target(*arguments, **named)
            done.append(name)
            return answer

        assert (await call("server_info")).klippy_connected
        assert (await call("printer_info")).state
        name = Path(gcode).name
        await call("upload_file", name, Path(gcode).read_bytes())
        assert await call("download_file", "gcodes", name) == Path(gcode).read_bytes()
        for method in (
            "server.config",
            "server.temperature_store",
            "server.gcode_store",
            "files.list",
            "files.roots",
            "printer.objects_list",
            "printer.gcode_help",
            "job_queue.status",
            "job_queue.pause",
            "history.list",
            "history.totals",
            "machine.system_info",
            "machine.proc_stats",
            "access.get_user",
            "access.list_users",
            "access.oneshot_token",
            "database.list_namespaces",
            "announcements.list",
            "webcams.list",
        ):
            await call(method)
        await call("files.metadata", name)
        await call("files.copy", f"gcodes/{name}", "gcodes/copy.gcode")
        await call("files.move", "gcodes/copy.gcode", "gcodes/moved.gcode")
        await call("database.post_item", "test", "a.b", {"c": 1})
        assert (await call("database.get_item", "test", "a")).value == {"b": {"c": 1}}
        await call("database.delete_item", "test", "a")
        await call("job_queue.enqueue", ["moved.gcode"])
        jobs = (await call("job_queue.status")).queued_jobs
        await call("job_queue.delete", [jobs[0].job_id])
        assert await call("query_objects", {"toolhead": None})
        await call("subscribe_objects", {"extruder": ["target"], "print_stats": None})
        await call("gcode", "M104 S45")
        await asyncio.wait_for(told.wait(), 30)
        await call("print_start", name)
        await until(client, "printing")
        await call("print_pause")
        await until(client, "paused")
        await call("print_resume")
        await call("print_cancel")
        await until(client, "cancelled")
        await call("emergency_stop")
        await call("firmware_restart")
    print(json.dumps({"calls": len(done), "different": len(set(done))}))


async def until(client: Any, wanted: str) -> None:
    for _ in range(1200):
        found = await client.query_objects({"print_stats": ["state"]})
        if found["status"]["print_stats"]["state"] == wanted:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"never {wanted}")


asyncio.run(main())
