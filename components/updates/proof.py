"""A new release shows that it is well: it answers, and nothing fails that did not before."""

from __future__ import annotations

import asyncio
from contextlib import closing

from appliance.control import ControlConnection, Refused, socket_path
from appliance.core import Appliance
from appliance.domain.printer import PRINTERS
from appliance.releases.slots import Trial
from appliance.web import HTTP

PROVE_S = 90.0
ANSWERS = 3
PAUSE_S = 1.0
_ANSWER_S = 5.0
_PATHS = ("/api/version", "/server/info", "/health")


async def prove(appliance: Appliance, trial: Trial) -> str | None:
    """Return what is wrong with the release that runs, or None if it is well.

    An engine that cannot be reached is a printer that could not be set up.
    """
    for name, reason in appliance.failed_components.items():
        if name not in trial.failed_before:
            return f"'{name}' cannot be set up: {reason}"
    http = appliance.find(HTTP)
    if http is None:
        return None
    printers = appliance.find(PRINTERS)
    # Of an appliance that nobody has given a printer yet, only what needs none answers.
    alone = printers is None or not list(printers)
    served = {route.path for route in http.routes if not (alone and route.per_printer)}
    path = next(each for each in _PATHS if each in served)
    good, said = 0, "nothing"
    try:
        async with asyncio.timeout(PROVE_S):
            while good < ANSWERS:
                try:
                    await asyncio.to_thread(_ask, appliance, path)
                    good += 1
                except Refused as error:
                    good, said = 0, str(error)
                await asyncio.sleep(PAUSE_S)
    except TimeoutError:
        return f"{path} did not answer well within {PROVE_S:.0f} s: {said}"
    return None


def _ask(appliance: Appliance, path: str) -> None:
    socket = socket_path(appliance.paths.config)
    with closing(ControlConnection(socket, _ANSWER_S)) as connection:
        connection.open("GET", path).read()
