"""docs/compatibility.md names every path that is there, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from appliance.web import HTTP, Family
from tests.whole import whole_appliance

TABLE = Path(__file__).parents[3] / "docs" / "compatibility.md"
CONFIGURATION = """\
http: {host: 127.0.0.1, port: 0}
auth: {admin: admin, password: the-password-of-these-tests}
octoprint_api:
"""


async def test_the_table_is_what_is_declared(tmp_path: Path) -> None:
    documented = {
        (method, path)
        for path, methods in re.findall(
            r"^\| `(/[^`]*)` \| ([^|]*) \|", TABLE.read_text(), re.MULTILINE
        )
        for method in re.findall(r"\b(GET|POST|PUT|PATCH|DELETE)\b", methods)
    }
    async with whole_appliance(tmp_path, CONFIGURATION) as appliance:
        declared = {
            (route.method, re.sub(r":[^}]*", "", route.path))
            for route in appliance.use(HTTP).routes
            if route.family is Family.OCTOPRINT
        }
    assert documented == declared
