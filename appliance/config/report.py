"""Problems of a configuration, and the report that shows them inside the user's own YAML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from appliance.errors import GantryError
from appliance.records import dataclass

Path_ = tuple[str | int, ...]

SECRETS_FILE = "secrets.yaml"
# Shown instead of a secret.
HIDDEN = "<secret>"
# Keys whose values are secrets wherever they stand.
SECRET_KEY = re.compile(
    r"(?i)(?:^|[_-])(?:pass(?:word|phrase|wd)?|api_?key|token|secret|private_key)$"
)
# Something shorter would hide half of every text.
SHORTEST_SECRET = 4

_SECRET_IN_LINE = re.compile(
    r"(?i)((?:^|[\s_{,-])[\"']?(?:password|passphrase|passwd|api_?key|token|secret|private_key)"
    r"[\"']?\s*:\s*)(?!\s*!)([^\s#,}][^#,}]*)"
)
_VALUE_OF_LINE = re.compile(r"^(\s*[^:#]+:\s*)(.+)$")
# Controls, line separators, and what turns the direction of a text.
DECEIVING = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file; lines and columns count from 1."""

    file: Path
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where, and what may help."""

    place: Place
    message: str
    hint: str | None = None
    path: Path_ = ()
    source: str | None = None  # the line of the file


class ConfigurationError(GantryError):
    """The configuration cannot be used; the text is the whole report."""

    def __init__(
        self, directory: Path, problems: Iterable[Problem], secrets: Iterable[str] = ()
    ) -> None:
        self.problems = tuple(sorted(set(problems), key=_order))
        self.secrets = frozenset(secrets)
        super().__init__(render(directory, self.problems, self.secrets))


def render(directory: Path, problems: Iterable[Problem], secrets: Iterable[str] = ()) -> str:
    """Return the report: place, path and message, the line with a caret, the count."""
    blocks = [_render_one(directory, problem) for problem in problems]
    count = f"{len(blocks)} problem{'s' if len(blocks) != 1 else ''} in {directory}"
    return redact("\n\n".join([*blocks, count]), secrets)


def redact(text: str, secrets: Iterable[str]) -> str:
    """Replace every secret in ``text``."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, HIDDEN)
    return text


def dotted(path: Path_) -> str:
    """Write a path as the report does: printer->0->port."""
    return "->".join(str(step) for step in path)


def _order(problem: Problem) -> tuple[str, int, int, str]:
    place = problem.place
    return str(place.file), place.line, place.column, problem.message


def _render_one(directory: Path, problem: Problem) -> str:
    place = problem.place
    try:
        name = place.file.relative_to(directory)
    except ValueError:
        name = place.file
    where = f"{name}:{place.line}:{place.column}"
    path = f"{dotted(problem.path)}: " if problem.path else ""
    lines = [f"{where}: {path}{_clean(problem.message)}"]
    if problem.source is not None:
        lines += _snippet(place, problem.source)
    if problem.hint is not None:
        lines.append(f"  hint: {_clean(problem.hint)}")
    return "\n".join(lines)


def _snippet(place: Place, source: str) -> list[str]:
    """Return the line and, below it, the caret; a long line is cut around the place."""
    column = place.column - 1
    shown = hide_line(place.file.name, source)
    if shown[:column] != source[:column]:
        column = min(column, len(shown))  # a secret before the place was hidden
    start = max(0, column - _WIDTH // 2) if len(shown) > _WIDTH else 0
    shown = DECEIVING.sub(" ", shown[start : start + _WIDTH])
    gutter = f"{place.line:>6} | "
    return [
        f"{gutter}{shown}".rstrip(),
        f"{'|':>{len(gutter) - 1}} {' ' * (column - start)}^",
    ]


def hide_line(file_name: str, line: str) -> str:
    """Return a line of that file without what its key says to be a secret."""
    if file_name == SECRETS_FILE:
        return _VALUE_OF_LINE.sub(rf"\1{HIDDEN}", line) if ":" in line else HIDDEN
    return _SECRET_IN_LINE.sub(rf"\1{HIDDEN}", line)


def _clean(text: str) -> str:
    return DECEIVING.sub(" ", text)
