"""What functions say of themselves, with and without docstrings in memory."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import json
from functools import wraps
from appliance.docstrings import summary

class Thing:
    def method(self):
        '''Do the one thing.

        And more.
        '''

    @wraps(method)
    async def wrapped(self):
        return await self.method()

    def silent(self):
        return 1

print(json.dumps([summary(f) for f in (Thing().method, Thing.wrapped, Thing.silent)]))
"""


@pytest.mark.parametrize("level", [(), ("-OO",)])
def test_it_is_the_first_line_however_python_runs(level: tuple[str], tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    done = subprocess.run([sys.executable, *level, program], capture_output=True, check=True)
    assert json.loads(done.stdout) == ["Do the one thing.", "Do the one thing.", ""]
