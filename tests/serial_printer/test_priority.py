"""The priority of the engine, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent

BUSY = """
import os, threading
from appliance.components.serial_printer.engine.priority import raise_priority

def policy():
    return os.sched_getscheduler(0)

def of_a_thread():
    seen = []
    thread = threading.Thread(target=lambda: seen.append(policy()))
    thread.start()
    thread.join()
    return seen[0]

raise_priority(longest_burst_us=200_000)
print(policy(), of_a_thread(), flush=True)
for _ in range(200_000_000):  # as long as the kernel takes to notice
    if policy() == os.SCHED_OTHER:
        break
print(policy(), of_a_thread())
"""


def test_it_is_urgent_where_it_may_be_and_gives_way_when_it_computes_without_a_pause() -> None:
    said = subprocess.run(
        [sys.executable, "-c", BUSY], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    urgent = os.SCHED_RR if _may_be_urgent() else os.SCHED_OTHER
    before, after = ([int(word) for word in line.split()] for line in said.stdout.splitlines())
    assert before == [urgent, urgent]
    assert after == [os.SCHED_OTHER, os.SCHED_OTHER]


def _may_be_urgent() -> bool:
    allowed = "import os; os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))"
    command = [sys.executable, "-c", allowed]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
