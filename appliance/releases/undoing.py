"""After a release that was not well: the data of before, if it may have changed them."""

from __future__ import annotations

import logging
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import orjson

from appliance.backup import order
from appliance.backup.order import Order
from appliance.lock import core_lock
from appliance.processes import module_environment
from appliance.releases.places import find_places

_LOGGER = logging.getLogger(__name__)

PATIENCE_S = 600.0


def bring_back_data(config: Path) -> None:
    """Unpack the backup of before the update, if the launcher has asked for that."""
    places = find_places()
    if places is None:
        return
    state = places.slots.state()
    if state.restore is None:
        return
    with core_lock(config.absolute()):
        _LOGGER.warning("Restoring %s: the release that was left may have changed it", config)
        wish = Order("stage", Path(state.restore), config.absolute())
        done = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", order.MODULE],
            input=wish.dump(),
            stdout=subprocess.PIPE,
            env=module_environment(),
            cwd="/",
            timeout=PATIENCE_S,
            check=False,
        )
        answer = orjson.loads(done.stdout or b'{"error": "", "message": "it ended"}')
        if "error" in answer:
            _LOGGER.error("The data of before cannot be restored: %s", answer["message"])
        # Staged is as good as restored: the next step, of this start or another, ends it.
        places.slots.save(replace(state, restore=None))
