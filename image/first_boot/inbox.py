"""``gantry.yaml`` on the boot partition, with the ``secrets.yaml`` beside it, as read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from appliance.config.emit import flow
from appliance.config.nodes import Mapping, Scalar, UnreadableYaml, compose
from appliance.config.report import SECRET_KEY, SECRETS_FILE, Path_, Place, Problem
from appliance.config.yaml import Document, Source, read_document

from . import text as texts
from .salvage import Salvaged, salvage
from .settings import SECTIONS, STORED

GANTRY_YAML = "gantry.yaml"
# Read as they stand: nobody means a number by a password of digits.
_VERBATIM = frozenset({"ssid", "country", "hostname", "username"})
_MARGIN_KEY = re.compile(r"[\"']?([A-Za-z0-9_]+)[\"']?\s*(?::|$)")
_COMMENT = re.compile(r"\s+#\S")


@dataclass(slots=True)
class Inbox:
    """What stands in the files, and what is wrong with them."""

    folder: Path
    document: Document
    file: Path | None = None  # the file as it is called; None if there is none
    secrets_file: Path | None = None
    parts: dict[Path, Salvaged] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)  # of secrets.yaml, as they stand
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    digest: str = ""

    @property
    def host(self) -> dict[str, Any]:
        """The sections about the computer."""
        return {key: value for key, value in self._data.items() if key in SECTIONS}

    @property
    def product(self) -> dict[str, Any]:
        """What belongs into configuration.yaml."""
        return {key: value for key, value in self._data.items() if key not in SECTIONS}

    @property
    def broken_sections(self) -> frozenset[str]:
        """The sections in which something cannot be read."""
        return frozenset(self.section_of(problem) for problem in self.problems)

    @property
    def _data(self) -> dict[str, Any]:
        return self.document.data if isinstance(self.document.data, dict) else {}

    def verbatim(self, path: Path_, value: Any) -> Any:
        """Return a value with names and passwords as they stand in the file."""
        if isinstance(value, dict):
            return {key: self.verbatim((*path, key), inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.verbatim((*path, i), inner) for i, inner in enumerate(value)]
        is_text = path[-1] in _VERBATIM or SECRET_KEY.search(str(path[-1]))
        if not is_text or path in self.document.origins:
            return value
        _, node = self.document.nodes.get(path, (None, None))
        is_written = isinstance(node, Scalar) and node.tag is None and node.value
        return node.value if isinstance(node, Scalar) and is_written else value

    def secret_paths(self) -> Iterable[Path_]:
        """Yield where a secret stands in the file itself."""
        yield from _secret_paths(self._data, (), self.document)

    def secret_name(self, path: Path_) -> str | None:
        """Return the name in secrets.yaml from which the value at ``path`` comes."""
        origin = self.document.origins.get(path)
        return origin.name if origin is not None and origin.source is Source.SECRET else None

    def section_of(self, problem: Problem) -> str:
        """Return the key at the left margin that a problem is about; '' if none."""
        if problem.path:
            return str(problem.path[0])
        salvaged = self.parts.get(problem.place.file)
        if salvaged is None or problem.place.file != self.document.file:
            return ""
        lines = salvaged.whole(salvaged.text).split("\n")
        for line in reversed(lines[: problem.place.line]):
            if key := _MARGIN_KEY.match(line):
                return key[1]
        return ""

    @property
    def is_whole(self) -> bool:
        """Whether every line could be read: what is not there was taken out by somebody."""
        salvaged = self.parts.get(self.document.file)
        return bool(self._data) and salvaged is not None and not salvaged.errors

    def problem(self, path: Path_, message: str, hint: str | None = None) -> Problem:
        """Return a problem at ``path``, at the key where the message is about the key."""
        at_key = bool(path) and f"'{path[-1]}'" in message
        return self.document.problem(path, message, hint, at_key=at_key)


def read_inbox(folder: Path, stored: Iterable[str] = ()) -> Inbox:
    """Read what there is; nothing here raises. ``stored`` are names of known secrets."""
    file = texts.find(folder, GANTRY_YAML)
    secrets_file = texts.find(folder, SECRETS_FILE)
    name = GANTRY_YAML if file is None else file.name
    inbox = Inbox(folder, Document(folder / name), file, secrets_file)
    overlay: dict[Path, str] = {}
    for found, place in ((secrets_file, folder / SECRETS_FILE), (file, folder / name)):
        if found is not None:
            overlay[place] = _read(inbox, found, place)
    place = folder / SECRETS_FILE
    inbox.secrets = _secrets(overlay.get(place, ""))
    own = dict(overlay)  # without what is added for the reader
    inbox.digest = _digest(own)
    overlay[place] = _with_stored(overlay.get(place, ""), set(stored) - set(inbox.secrets))
    if file is not None:
        inbox.document = read_document(folder, name, overlay)
        included = {f: text for f, text in inbox.document.texts.items() if f != place}
        inbox.digest = _digest({**included, **own})
        inbox.problems += inbox.document.problems
        _check_shape(inbox)
        _warn_of_comments(inbox)
    return inbox


def _read(inbox: Inbox, file: Path, place: Path) -> str:
    """Return the readable part of a file; what is wrong is noted."""
    try:
        read = texts.read(file)
    except UnreadableYaml as error:
        inbox.problems.append(
            Problem(Place(file, error.line, error.column), error.message, error.hint)
        )
        return ""
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        inbox.problems.append(Problem(Place(file, 1, 1), message))
        return ""
    if read.note:
        inbox.notes.append(f"{file.name}: {read.note}")
    saved = inbox.parts[place] = salvage(read.text)
    lines = read.text.split("\n")
    for wrong in saved.errors:
        source = lines[wrong.line - 1].rstrip("\r") if wrong.line <= len(lines) else None
        inbox.problems.append(
            Problem(
                Place(file, wrong.line, wrong.column), wrong.message, wrong.hint, (), source
            )
        )
    return saved.text


def _check_shape(inbox: Inbox) -> None:
    data = inbox.document.data
    if data is not None and not isinstance(data, dict):
        message = "expected lines 'key: value'"
        inbox.problems.append(inbox.document.problem((), message))


def _with_stored(text: str, names: Iterable[str]) -> str:
    """Add the names of secrets that are on the data partition already."""
    lines = [f"{flow(name)}: {flow(STORED)}\n" for name in sorted(names)]
    separator = "" if not text or text.endswith("\n") else "\n"
    return "".join((text, separator, *lines))


def _warn_of_comments(inbox: Inbox) -> None:
    """Say where a '#' may have cut a password or a name short."""
    text = inbox.document.texts.get(inbox.document.file, "")
    for path, (file, node) in inbox.document.nodes.items():
        name = str(path[-1]) if path else ""
        is_text = name in _VERBATIM or SECRET_KEY.search(name)
        if is_text and isinstance(node, Scalar) and node.plain and file == inbox.document.file:
            rest = text[node.end.index :].split("\n", 1)[0]
            if _COMMENT.match(rest):
                line = node.end.line
                inbox.notes.append(
                    f"{file.name}, line {line}: what follows the # is a comment; "
                    "if it belongs to the value, put the value in quotes"
                )


def _secrets(text: str) -> dict[str, str]:
    root = compose(text)
    return {
        key.value: value.value
        for key, value in (root.items if isinstance(root, Mapping) else ())
        if isinstance(key, Scalar) and isinstance(value, Scalar)
    }


def _secret_paths(data: Any, path: Path_, document: Document) -> Iterable[Path_]:
    if isinstance(data, dict):
        for key, value in data.items():
            here = (*path, key)
            if SECRET_KEY.search(key) and isinstance(value, str | int | float):
                if here not in document.origins and value != STORED:
                    yield here
            else:
                yield from _secret_paths(value, here, document)
    elif isinstance(data, list):
        for index, item in enumerate(data):
            yield from _secret_paths(item, (*path, index), document)


def _digest(contents: MappingType[Path, str]) -> str:
    digest = hashlib.sha256()
    for path in sorted(contents):
        digest.update(f"{path.name}\0{contents[path]}\0".encode())
    return digest.hexdigest()
