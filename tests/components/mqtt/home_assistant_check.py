"""Check a device discovery message with Home Assistant's own schemas.

Runs in an environment of its own where homeassistant is installed: reads the message as JSON
from stdin, prints what is wrong, one line each, and "checked N" at the end.
"""

# mypy: ignore-errors

from __future__ import annotations

import asyncio
import importlib
import json
import logging
import sys
import tempfile

logging.disable()

import voluptuous as vol  # noqa: E402, TID251
from homeassistant.components.mqtt import schemas  # noqa: E402
from homeassistant.core import HomeAssistant  # noqa: E402

SHARED = ("availability", "availability_mode")


async def check(message: dict) -> None:
    """Print what the schemas do not take or drop silently."""
    HomeAssistant(tempfile.gettempdir())  # templates ask for it
    whole = getattr(schemas, "DEVICE_DISCOVERY_SCHEMA", None)  # since 2024.11
    if whole is not None:
        whole(json.loads(json.dumps(message)))
    count = 0
    for name, component in message["components"].items():
        if set(component) == {"platform"}:
            continue
        count += 1
        platform = component.pop("platform")
        module = importlib.import_module(f"homeassistant.components.mqtt.{platform}")
        shared = {key: message[key] for key in SHARED if key in message}
        config = {**shared, **component, "device": message["device"]}
        try:
            taken = module.DISCOVERY_SCHEMA(config)
        except vol.Invalid as error:
            print(f"{name}: {error}")
            continue
        lost = set(config) - set(taken)
        if lost:
            print(f"{name}: not known: {sorted(lost)}")
    print(f"checked {count}{' and the device' if whole is not None else ''}")


asyncio.run(check(json.load(sys.stdin)))
