"""``gantry-report.txt`` on the card: what a person without a screen needs to know.

The newest start comes first; five starts are kept. Written for Windows' Notepad: CRLF, and a
mark that says UTF-8.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from pathlib import Path

from . import disk
from .outcome import Outcome

FILE = "gantry-report.txt"
KEPT = 5
MAX_BYTES = 32_000
_LARGEST_START = 12_000

_HEAD = re.compile(r"^=== Start (\d{1,9})\b.*$", re.MULTILINE)
_TITLE = "Gantry: what happened at the last starts, the newest first.\n\n"
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def write_report(boot: Path, outcome: Outcome, later: Sequence[str] = ()) -> bool:
    """Write the part of this start, in the place of what was written of it before.

    ``later`` are the lines of what was seen of network and printer since then.
    """
    file = boot / FILE
    starts = _starts(file)
    starts[outcome.boot] = _one(outcome, later)
    newest = sorted(starts, reverse=True)[:KEPT]
    text = _TITLE
    for number in newest:
        if len((text + starts[number]).encode()) > MAX_BYTES - 2000:
            break
        text += starts[number]
    content = codecs.BOM_UTF8 + text.replace("\n", "\r\n").encode()
    return disk.write(
        file, content, mode=file.stat().st_mode & 0o777 if file.exists() else 0o600
    )


def last_start(boot: Path) -> int:
    """Return the number of the last start that the report knows of; 0 if there is none."""
    return max(_starts(boot / FILE), default=0)


def _starts(file: Path) -> dict[int, str]:
    """Return the parts of a report by the number of the start."""
    try:
        text = file.read_bytes()[:MAX_BYTES].decode("utf-8-sig", errors="replace")
    except OSError:
        return {}
    text = text.replace("\r\n", "\n")
    heads = list(_HEAD.finditer(text))
    ends = [*(head.start() for head in heads[1:]), len(text)]
    return {
        int(head[1]): text[head.start() : end] for head, end in zip(heads, ends, strict=False)
    }


def _one(outcome: Outcome, later: Sequence[str]) -> str:
    when = f", {outcome.started}" if outcome.started else ""
    lines = [f"=== Start {outcome.boot}{when}, Gantry {outcome.version} ===", ""]
    if outcome.problems:
        lines += ["WRONG, and left as it was before:", ""]
        lines += [*_indented(outcome.problems), ""]
    if outcome.applied:
        lines += ["Set:", *(f"  {_one_line(line)}" for line in outcome.applied), ""]
    elif not outcome.problems:
        lines += ["Nothing new was set.", ""]
    if outcome.notes:
        lines += ["To note:", *(f"  {_one_line(line)}" for line in outcome.notes), ""]
    lines += [*map(_one_line, later), ""]
    text = "\n".join(_CONTROL.sub("?", line) for line in lines)
    if len(text) > _LARGEST_START:
        text = text[:_LARGEST_START] + "\n  ... and more\n"
    return text.rstrip("\n") + "\n\n"


def _one_line(text: str) -> str:
    """Keep a name from the network from looking like a part of the report."""
    return text.replace("\n", "?")


def _indented(blocks: Sequence[str]) -> list[str]:
    return [f"  {line}" for block in blocks for line in [*block.split("\n"), ""]]
