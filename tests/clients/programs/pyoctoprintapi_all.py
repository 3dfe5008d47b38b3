"""Everything that pyoctoprintapi can do, as Home Assistant's integration uses it."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from pyoctoprintapi import ApiError, OctoprintClient

url, key, gcode = sys.argv[1:4]
parts = urlsplit(url)
done: list[str] = []


async def main() -> None:  # noqa: PLR0915 - one call after the other
    async with aiohttp.ClientSession() as session:
        client = OctoprintClient(parts.hostname, session, parts.port, False, parts.path or "/")

        async def call(name: str, *arguments: Any) -> Any:
            answer = await getattr(client, name)(*arguments)
            done.append(name)
            return answer

        async def until(state: str) -> None:
            for _ in range(1200):
                seen = (await call("get_job_info")).state
                if seen == state:
                    return
                await asyncio.sleep(0.05)
            raise AssertionError(f"{seen}, never {state}")

        client.set_api_key("wrong")
        try:
            await call("get_job_info")
        except ApiError:
            pass
        else:
            raise AssertionError("a wrong key was good enough")
        client.set_api_key(key)
        await until("Operational")
        printer = await call("get_printer_info")
        assert printer.state.flags.operational
        assert [tool.name for tool in printer.temperatures] == ["tool0", "bed"]
        assert (await call("get_server_info")).version == "1.11.8"
        discovery = await call("get_discovery_info")
        assert len(discovery.upnp_uuid) == 36
        webcam = await call("get_webcam_info")
        assert (webcam.enabled, webcam.bitrate) == (False, "10000k")
        assert webcam.external_snapshot_url
        assert await call("get_tracking_info") is None
        await call("set_tool_temperature", "tool0", 40)
        await call("set_bed_temperature", 40)
        await call("turn_tool_off", "tool0")
        await call("turn_bed_off")
        form = aiohttp.FormData({"print": "true"})
        form.add_field("file", Path(gcode).read_bytes(), filename="ha.gcode")
        headers = {"X-Api-Key": key}
        await session.post(url + "/api/files/local", data=form, headers=headers)
        await until("Printing")
        job = await call("get_job_info")
        assert job.job.file.name == "ha.gcode"
        assert job.progress.completion is not None
        await call("pause_job")
        await until("Paused")
        await call("resume_job")
        await until("Printing")
        await call("cancel_job")
        await until("Operational")
        await call("disconnect")
        await until("Offline")
        await call("connect")
        await until("Operational")
        try:
            await call("shutdown")  # not configured here
        except ApiError:
            pass
        else:
            raise AssertionError("a command that is not configured was executed")


asyncio.run(main())
print(json.dumps({"calls": len(done), "different": len(set(done))}))
