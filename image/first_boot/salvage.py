"""What can be read of a YAML file in which one place cannot.

YAML knows no errors but fatal ones: a tab below ``printer:`` would cost the Wi-Fi. So the
blocks that begin at the left margin are read one by one, and the broken ones taken out, for
as long as it takes. The lines keep their numbers: a comment stands for each one.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field

from appliance.config.nodes import UnreadableYaml, compose

_MARK = "#gantry-unreadable-{}"
_MARKED = re.compile(r"^#gantry-unreadable-(\d+)(\r?)$", re.MULTILINE)
# A list may stand at the margin below its key; comments belong to what is above.
_BLOCK_START = re.compile(r"[^\s#-]")


@dataclass(frozen=True, slots=True)
class Salvaged:
    """The readable text, what is wrong with the rest, and the lines taken out."""

    text: str
    errors: tuple[UnreadableYaml, ...] = ()
    lost: dict[int, str] = field(default_factory=dict)  # by number of the line

    def whole(self, text: str) -> str:
        """Put the lines that were taken out back into the (edited) text."""
        return _MARKED.sub(lambda mark: self.lost[int(mark[1])] + mark[2], text)


def salvage(text: str) -> Salvaged:
    """Take what is not readable out of the text."""
    lines = text.split("\n")
    errors: list[UnreadableYaml] = []
    lost: dict[int, str] = {}

    def take_out(block: range, error: UnreadableYaml) -> None:
        errors.append(error)
        for index in block:
            if index + 1 not in lost:
                ending = "\r" if lines[index].endswith("\r") else ""
                lost[index + 1] = lines[index].removesuffix("\r")
                lines[index] = _MARK.format(index + 1) + ending

    if (error := _error(text)) is None:
        return Salvaged(text)
    for block in _blocks(lines):
        inner = "\n" * block.start + "\n".join(lines[block.start : block.stop])
        if (error := _error(inner)) is not None:
            take_out(block, error)
    # What is left may still not fit together, as when an anchor went with its block.
    while (error := _error("\n".join(lines))) is not None:
        place = min(error.line - 1, len(lines) - 1)
        take_out(next(each for each in _blocks(lines) if place in each), error)
        if len(lost) >= len(lines):
            break
    return Salvaged("\n".join(lines), tuple(errors), lost)


def _blocks(lines: list[str]) -> list[range]:
    """Return the lines of each block; all lines are in one of them."""
    starts = [index for index, line in enumerate(lines) if _BLOCK_START.match(line)]
    bounds = sorted({0, *starts, len(lines)})
    return [range(first, last) for first, last in itertools.pairwise(bounds)]


def _error(text: str) -> UnreadableYaml | None:
    try:
        compose(text)
    except UnreadableYaml as error:
        return error
    return None
