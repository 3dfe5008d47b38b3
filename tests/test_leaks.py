"""The leak fixture must catch what it is there for: pytest is run on tests that leak."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent

CONFTEST = """
from tests import leaks
from tests.conftest import *

leaks.GRACE_S = 0.2
"""

LEAKING = """
import asyncio, builtins, os, subprocess, threading
from pathlib import Path
from tests import leaks

async def test_thread():
    builtins.event = threading.Event()
    threading.Thread(target=builtins.event.wait, name="forgotten", daemon=True).start()

def test_file():
    builtins.kept = os.open("/etc/hostname", os.O_RDONLY)

def test_process():
    begun(os.spawnlp(os.P_NOWAIT, "sleep", "sleep", "600"))

def test_orphan():
    shell = ["sh", "-c", "sleep 601 >/dev/null 2>&1 & echo $!"]
    begun(int(subprocess.run(shell, stdout=subprocess.PIPE).stdout))

def begun(pid):  # before that it has the name of whoever starts it
    while not Path(f"/proc/{pid}/cmdline").read_bytes().startswith(b"sleep"):
        pass

async def test_task():
    asyncio.get_running_loop().create_task(asyncio.Event().wait(), name="forgotten task")

async def test_tidy():
    leaks.GRACE_S = 30.0  # what is ending may end
    await asyncio.to_thread(print)
    await (await asyncio.create_subprocess_exec("true")).wait()
    with open("/etc/hostname"):
        pass
"""


def test_each_leak_fails_its_test_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_leaking.py").write_text(LEAKING)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
    ]
    options = ["-o", "asyncio_mode=auto", "-o", f"pythonpath={ROOT}"]
    result = subprocess.run(
        [*command, *options, str(tmp_path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "6 passed, 5 errors" in result.stdout
    for leak in (
        "thread forgotten",
        "/etc/hostname",
        "sleep 600",
        "sleep 601",
        "forgotten task",
    ):
        assert leak in result.stdout
