"""Whenever the power goes during the import, every file is the old or the new one, whole."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.image.cards import DEFAULTS, KEY
from tests.image.test_imager import SCRIPT
from tests.thoroughness import THOROUGH

ROOT = Path(__file__).parent.parent.parent
NEW = {
    "gantry.yaml": "# mine\nauth: {password: long-enough}\n"
    "mqtt: {broker: b, password: !secret m}\n",
    "secrets.yaml": "m: hunter22\n",
    "firstrun.sh": SCRIPT,
}
EDITED = {
    "gantry.yaml": "hostname: b\nwifi: {ssid: x, password: geheim12}\n"
    "auth: {password: other-word}\nhistory:\n"
    f"printer: {{id: p, platform: serial, port: /dev/x}}\nssh: {KEY}\n",
    "secrets.yaml": "m: changed22\n",
}
SECRETS = ("geheim12", "long-enough", "hunter22", "other-word", "changed22")


# What the importer makes itself before it takes anything.
HEADER = "# Passwords and keys; configuration.yaml uses them with !secret NAME.\n"
# Every point takes 60 ms; there are some 300 of them in each case.
STRIDE = 1 if THOROUGH > 1 else 13


@pytest.mark.parametrize(("first", "second"), [(NEW, {}), (NEW, EDITED)], ids=["new", "edit"])
def test_no_power_cut_leaves_anything_half_or_loses_a_secret(
    first: dict[str, str], second: dict[str, str]
) -> None:
    cuts = [json.loads(line) for line in _cut(first, second).splitlines()]
    assert len(cuts) > 150 / STRIDE
    died, before, _, final, problems = cuts[-1]
    assert not died
    assert problems == []
    card = "".join(text for name, text in before.items() if name.startswith("boot/"))
    on_card = [word for word in SECRETS if word in card]
    for _, _, left, after, problems in cuts[:-1]:
        assert problems == [], "the next start finds nothing wrong"
        assert _comparable(after) == _comparable(final), "and comes to the same end"
        for name, text in _comparable(left).items():
            known = (_comparable(before).get(name), _comparable(final).get(name))
            assert text in (*known, HEADER, DEFAULTS), f"{name} is half"
        kept = "".join(left.values())
        assert all(word in kept for word in on_card), "nothing is lost"
    for name, text in final.items():
        assert not name.startswith("boot/") or not [w for w in SECRETS if w in text]


def _comparable(state: dict[str, str]) -> dict[str, str]:
    """Leave out what counts the starts."""
    return {
        name: text.replace("start 2", "start 1").replace("start 3", "start 2")
        for name, text in state.items()
        if not name.endswith(("state.json", "gantry-report.txt", ".tmp"))
    }


def _cut(first: dict[str, str], second: dict[str, str]) -> str:
    words = [json.dumps(first), json.dumps(second), str(STRIDE)]
    return subprocess.run(
        [sys.executable, "-m", "tests.image.power_cut", *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
