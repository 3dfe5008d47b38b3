"""What Home Assistant's integration does with moonraker-api, from connecting to a print."""

import asyncio
import json
import sys
from typing import Any
from urllib.parse import urlsplit

from moonraker_api import MoonrakerClient, MoonrakerListener
from moonraker_api.websockets.websocketclient import ClientNotAuthenticatedError

url, key, filename = sys.argv[1:4]
parts = urlsplit(url)
done: list[str] = []


class Listener(MoonrakerListener):  # type: ignore[misc]
    """Remembers what was told."""

    def __init__(self) -> None:
        self.states: list[str] = []
        self.told: list[str] = []
        self.refused = False

    async def state_changed(self, state: str) -> None:
        self.states.append(state)

    async def on_exception(self, exception: BaseException) -> None:
        self.refused = True

    async def on_notification(self, method: str, data: Any) -> None:
        self.told.append(method)


def client(listener: Listener, api_key: str) -> Any:
    assert parts.hostname is not None
    options = {"api_key": api_key}
    if parts.path.strip("/"):
        options["route_prefix"] = parts.path.strip("/")
    return MoonrakerClient(listener, parts.hostname, parts.port, **options)


async def until(condition: Any) -> None:
    for _ in range(2400):
        if await condition():
            return
        await asyncio.sleep(0.025)
    raise AssertionError("not in time")


async def refused() -> None:
    """A wrong key ends at the handshake."""
    listener = Listener()
    wrong = client(listener, "wrong")
    try:
        connected = await asyncio.wait_for(wrong.connect(), 5)
    except (TimeoutError, ClientNotAuthenticatedError):
        connected = False
    assert connected is not True, "a wrong key was let in"
    await wrong.disconnect()


async def main() -> None:
    await refused()
    listener = Listener()
    moonraker = client(listener, key)
    assert await moonraker.connect()

    async def call(method: str, **arguments: Any) -> Any:
        answer = await moonraker.call_method(method, **arguments)
        done.append(method)
        return answer

    assert await moonraker.get_klipper_status() == "ready"
    assert "toolhead" in await moonraker.get_supported_modules()
    assert (await moonraker.get_websocket_id())["websocket_id"]
    assert (await moonraker.get_host_info())["state"] == "ready"
    objects = (await call("printer.objects.list"))["objects"]
    assert {"print_stats", "display_status", "virtual_sdcard"} <= set(objects)
    wish = dict.fromkeys(objects)
    state = (await call("printer.objects.query", objects=wish))["status"]
    assert state["print_stats"]["state"] == "standby"
    assert isinstance(state["extruder"]["temperature"], float)
    await call("printer.objects.subscribe", objects={"print_stats": None, "toolhead": None})
    for method in (
        "printer.gcode.help",
        "printer.query_endstops.status",
        "server.history.totals",
        "server.job_queue.status",
        "server.webcams.list",
        "machine.system_info",
        "machine.proc_stats",
    ):
        assert isinstance(await call(method), dict), method
    assert (await call("server.files.metadata", filename=filename))["size"]
    await call(
        "printer.gcode.script", script="SET_HEATER_TEMPERATURE HEATER=extruder TARGET=40"
    )
    await call("printer.print.start", filename=filename)

    async def is_now(wanted: str) -> bool:
        found = await call("printer.objects.query", objects={"print_stats": ["state"]})
        return bool(found["status"]["print_stats"]["state"] == wanted)

    await until(lambda: is_now("printing"))
    await call("printer.print.pause")
    await until(lambda: is_now("paused"))
    await call("printer.print.resume")
    await until(lambda: is_now("printing"))
    await call("printer.print.cancel")
    await until(lambda: is_now("cancelled"))
    await call("printer.emergency_stop")

    async def halted() -> bool:
        return bool(await moonraker.get_klipper_status() == "shutdown")

    await until(halted)

    async def told() -> bool:
        return {"notify_status_update", "notify_klippy_shutdown"} <= set(listener.told)

    await until(told)
    await moonraker.disconnect()
    print(json.dumps({"calls": len(done), "different": len(set(done))}))


asyncio.run(main())
