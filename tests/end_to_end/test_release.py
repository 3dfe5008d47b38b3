"""A real Gantry, started by the launcher of the image from a release that is on trial."""

from __future__ import annotations

import asyncio
import os
import sysconfig
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from appliance import __version__
from appliance.releases.launching import begin_trial
from appliance.releases.slots import PYTHON, RECORD, Slots
from tests.end_to_end.running import KEY, READY
from tests.made import make_component
from tests.releases.made import BASE_PYTHON, make_keys
from tests.waiting import deadline, eventually

ROOT = Path(__file__).parents[2]
CONFIGURATION = """
http: {host: 127.0.0.1, port: 0}
auth: {api_key: %s}
gantry_api:
"""


def install(folder: Path) -> None:
    """Make a release of this very code, as it stands."""
    packages = folder / "lib" / f"python{PYTHON}" / "site-packages"
    packages.mkdir(parents=True)
    (packages / "appliance").symlink_to(ROOT / "appliance")
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (folder / "bin").mkdir()
    (folder / "bin/python").symlink_to(BASE_PYTHON)
    (folder / "pyvenv.cfg").write_text(f"home = {BASE_PYTHON.parent}\n")
    (folder / RECORD).write_text(f'{{"version": "{__version__}"}}')


@pytest.fixture
def slots(tmp_path: Path) -> Slots:
    install(tmp_path / "factory")
    install(tmp_path / "releases" / __version__)
    make_keys(tmp_path)
    (tmp_path / "config").mkdir()
    (tmp_path / "config/configuration.yaml").write_text(CONFIGURATION % KEY)
    return Slots(tmp_path / "releases", tmp_path / "factory")


async def start(base: Path, slots: Slots) -> asyncio.subprocess.Process:
    """Start as the unit does, as somebody who is not root."""
    tools = base / "tools"
    tools.mkdir(exist_ok=True)
    (tools / "id").write_text("#!/bin/sh\necho 999\n")
    (tools / "id").chmod(0o755)
    return await asyncio.create_subprocess_exec(
        str(ROOT / "image/overlay/usr/lib/gantry/launch"),
        *("appliance", "run", "--config", str(base / "config")),
        env={
            **{name: text for name, text in os.environ.items() if "PYTHON" not in name},
            "PATH": f"{tools}:{os.environ['PATH']}",
            "GANTRY_RELEASES": str(slots.root),
            "GANTRY_FACTORY": str(slots.factory),
            "GANTRY_RELEASE_KEYS": str(base / "keys"),
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )


@pytest.fixture
async def process(tmp_path: Path, slots: Slots) -> AsyncIterator[asyncio.subprocess.Process]:
    begin_trial(slots, __version__)
    found = await start(tmp_path, slots)
    yield found
    if found.returncode is None:
        found.terminate()
    await found.communicate()


async def test_a_release_on_trial_is_well_when_it_answers(
    slots: Slots, process: asyncio.subprocess.Process
) -> None:
    assert process.stdout is not None
    async with deadline("the ready line"):
        while not READY.search(line := await process.stdout.readline()):
            assert line, "Gantry ended before it was ready"
    command = Path(f"/proc/{process.pid}/cmdline").read_bytes().split(b"\0")[0]
    assert Path(os.fsdecode(command)) == slots.root / __version__ / "bin/python"
    trial = slots.state().trial
    assert trial is None or trial.attempts == 1
    await eventually(lambda: slots.state().trial is None)
    state = slots.state()
    assert state.highest == __version__
    assert state.outcome is not None
    assert state.outcome.result == "installed"


NEVER_READY = """
import asyncio
from appliance.config.schema import vol

CONFIG_SCHEMA = vol.Schema({})

async def async_setup(appliance, config):
    await asyncio.Event().wait()
"""


async def test_a_release_that_is_killed_before_it_is_well_is_left(
    tmp_path: Path, slots: Slots
) -> None:
    make_component(tmp_path / "config/custom_components", "endless", NEVER_READY)
    (tmp_path / "config/configuration.yaml").write_text(CONFIGURATION % KEY + "endless:\n")
    begin_trial(slots, __version__)
    for enough in (
        partial(started, slots, 1),
        partial(started, slots, 2),
        partial(left, slots),
    ):
        process = await start(tmp_path, slots)
        try:
            await eventually(enough)
        finally:
            process.kill()
            await process.communicate()
    outcome = slots.state().outcome
    assert outcome is not None
    assert outcome.result == "rolled_back"
    assert not (slots.root / "current").exists()


def started(slots: Slots, attempts: int) -> bool:
    trial = slots.state().trial
    assert trial is not None, "it is not left yet, and is never well"
    return trial.attempts >= attempts


def left(slots: Slots) -> bool:
    return slots.state().trial is None
