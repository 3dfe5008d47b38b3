"""kill -9 at every step of a backup and of a restore: it is as before, or as in the backup."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


# A work has at least so many steps at which the power can go.
@pytest.mark.parametrize(("work", "steps"), [("pack", 8), ("stage", 25), ("replace", 30)])
def test_the_power_may_go_at_any_step(tmp_path: Path, work: str, steps: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.backup.power_cut", work, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout) >= steps
