"""Home Assistant's own OctoPrint integration: pair, set up, look, pause the print.

``python home_assistant_octoprint.py URL`` runs in an environment with Home Assistant. It asks
for a key as the integration does and prints ``asked``; once a person has agreed it prints the
states of its entities as JSON, presses its button to pause the print, and ends.
"""

# mypy: ignore-errors

from __future__ import annotations

import asyncio
import json
import logging
import sys
import tempfile
from urllib.parse import urlsplit

logging.disable()

from homeassistant import bootstrap, config_entries, core_config, loader  # noqa: E402
from homeassistant.core import CoreState, HomeAssistant  # noqa: E402

USER = "admin"
PAUSE = "button.octoprint_pause_job"


async def main(url: str) -> None:
    """Do what a person does in the settings of Home Assistant."""
    with tempfile.TemporaryDirectory() as folder:
        hass = HomeAssistant(folder)
        hass.config.skip_pip = True
        loader.async_setup(hass)
        hass.config_entries = config_entries.ConfigEntries(hass, {})
        await bootstrap.async_load_base_functionality(hass)
        await core_config.async_process_ha_core_config(hass, {})
        hass.set_state(CoreState.running)
        await pair(hass, url)
        await hass.async_block_till_done()
        states = {state.entity_id: state.state for state in hass.states.async_all()}
        print(json.dumps(states), flush=True)
        await hass.services.async_call("button", "press", {"entity_id": PAUSE}, blocking=True)
        await hass.async_stop(force=True)


async def pair(hass: HomeAssistant, url: str) -> None:
    """Go through the steps of the integration's form."""
    flows = hass.config_entries.flow
    flow = await flows.async_init("octoprint", context={"source": "user"})
    server = urlsplit(url)
    given = {
        "username": USER,
        "host": server.hostname,
        "port": server.port,
        "path": "/",
        "ssl": False,
        "verify_ssl": False,
    }
    await flows.async_configure(flow["flow_id"], given)
    print("asked", flush=True)
    while not hass.config_entries.async_entries("octoprint"):
        await asyncio.sleep(0.05)
        (going,) = flows.async_progress()
        if going["step_id"] == USER_STEP:  # it has the key; the page would go on here
            await flows.async_configure(flow["flow_id"])


USER_STEP = "user"
asyncio.run(main(sys.argv[1]))
