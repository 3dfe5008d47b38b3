"""kill -9 at every step: nothing is half there, nothing is lost, the databases are whole."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


# An operation has at least so many steps at which the power can go.
@pytest.mark.parametrize(
    ("operation", "steps"),
    [
        ("upload", 30),
        ("move", 15),
        ("move_folder", 12),
        ("copy", 40),
        ("zip", 15),
        ("history", 20),
    ],
)
def test_the_power_may_go_at_any_step(tmp_path: Path, operation: str, steps: int) -> None:
    module = "tests.components.file_manager.power_cut"
    done = subprocess.run(
        [sys.executable, "-m", module, operation, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout) >= steps
