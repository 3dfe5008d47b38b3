"""The YAML files of a configuration: plain data, and where each of them stands.

`!secret NAME` is looked up in the secrets.yaml beside the file, then in the folders above
it up to the configuration folder. `!include FILE` puts another file in place.
`!env_var NAME [default]` takes a variable of the environment. Both give text.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from collections.abc import Mapping as MappingType
from dataclasses import field
from enum import StrEnum
from pathlib import Path
from typing import Any

from appliance.config.nodes import (
    MAX_BYTES,
    Alias,
    Mapping,
    Mark,
    Node,
    Scalar,
    Sequence,
    UnreadableYaml,
    compose,
    decode,
    split_lines,
)
from appliance.config.report import SECRETS_FILE, Path_, Place, Problem
from appliance.config.schema import closest
from appliance.records import dataclass

# Aliases and includes multiply; nobody configures that much by hand.
MAX_VALUES = 20_000
MAX_FILES = 200

_NUMBERS: tuple[tuple[re.Pattern[str], Callable[[str], int | float]], ...] = (
    (re.compile(r"[-+]?(?:0|[1-9][0-9]*)"), int),
    (re.compile(r"0x[0-9a-fA-F]+"), lambda text: int(text, 16)),
    # With a point or an exponent: digits alone that are no integer have leading zeros.
    (re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?"), float),
    (re.compile(r"[-+]?[0-9]+[eE][-+]?[0-9]+"), float),
    (
        re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"),
        lambda t: float(t.replace(".", "")),
    ),
)
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_STORAGE = ".storage"
_OUR_TAGS = ("!secret", "!include", "!env_var")


class Source(StrEnum):
    """Where a value comes from when it does not stand there itself."""

    SECRET = "secret"  # noqa: S105 - the name of a tag
    INCLUDE = "include"
    ENVIRONMENT = "env_var"
    ALIAS = "alias"


@dataclass(frozen=True, slots=True)
class Origin:
    """A value that stands elsewhere: ``name`` of the secret, file, variable or anchor."""

    source: Source
    name: str
    file: Path | None = None  # of the secret or the included file, where found


@dataclass(slots=True)
class Document:
    """A configuration as read: plain data beside the tables of where things stand."""

    file: Path
    data: Any = None
    keys: dict[Path_, Place] = field(default_factory=dict)
    values: dict[Path_, Place] = field(default_factory=dict)
    nodes: dict[Path_, tuple[Path, Node]] = field(default_factory=dict)
    origins: dict[Path_, Origin] = field(default_factory=dict)
    texts: dict[Path, str] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def problem(
        self, path: Path_, message: str, hint: str | None = None, *, at_key: bool = False
    ) -> Problem:
        """Return a problem at ``path``, or at the nearest part of it that is written."""
        table = self.keys if at_key else self.values
        known = path
        while known and known not in table:
            known = known[:-1]
            table = self.keys
        place = table.get(known) or Place(self.file, 1, 1)
        return self.problem_at(place, message, hint, path)

    def problem_at(
        self, place: Place, message: str, hint: str | None = None, path: Path_ = ()
    ) -> Problem:
        """Return a problem at a place, with the line that stands there."""
        lines = split_lines(self.texts.get(place.file, ""))
        source = lines[place.line - 1] if place.line <= len(lines) else None
        return Problem(place, message, hint, path, source or None)


def read_document(
    directory: Path, name: str, overlay: MappingType[Path, str] | None = None
) -> Document:
    """Read ``name`` in the configuration folder; what is wrong is in ``problems``.

    ``overlay`` has the text of files that are to be taken as if written already.
    """
    file = directory / name
    document = Document(file)
    _Reader(directory, document, overlay or {}).read(file, (), ())
    return document


class _Reader:
    """Reads files into one document."""

    def __init__(
        self, directory: Path, document: Document, overlay: MappingType[Path, str]
    ) -> None:
        self._directory = directory
        self._document = document
        self._overlay = overlay
        self._trees: dict[Path, Node | None] = {}
        self._secrets: dict[Path, dict[str, Scalar]] = {}
        self._count = 0

    def read(self, file: Path, path: Path_, parents: tuple[Path, ...]) -> None:
        """Put the data of ``file`` into the document."""
        root = self._tree(file)
        if root is not None:
            self._document.data = self._build(root, path, (*parents, file))

    # -- files

    def _tree(self, file: Path) -> Node | None:
        if file not in self._trees:
            self._trees[file] = None
            if len(self._trees) > MAX_FILES:
                self._add(Place(file, 1, 1), f"more than {MAX_FILES} files are included")
            else:
                self._trees[file] = self._parse(file)
        return self._trees[file]

    def _parse(self, file: Path) -> Node | None:
        try:
            text = self._overlay[file] if file in self._overlay else decode(_content(file))
            self._document.texts[file] = text
            return compose(text)
        except UnreadableYaml as error:
            self._add(Place(file, error.line, error.column), error.message, error.hint)
        except OSError as error:
            self._add(Place(file, 1, 1), f"cannot be read: {error.strerror or error}")
        return None

    # -- nodes

    def _build(self, node: Node, path: Path_, files: tuple[Path, ...]) -> Any:
        """Return the plain data of a node and note where it stands."""
        file = files[-1]
        self._count += 1
        if self._count > MAX_VALUES:
            if self._count == MAX_VALUES + 1:
                message = f"more than {MAX_VALUES} values, aliases and includes multiplied"
                self._add(_place(file, node.start), message)
            return None
        self._document.nodes.setdefault(path, (file, node))
        self._document.values.setdefault(path, _place(file, node.start))
        if isinstance(node, Alias):
            self._document.origins[path] = Origin(Source.ALIAS, node.name)
            return self._build(node.target, path, files)
        if isinstance(node, Sequence):
            return self._sequence(node, path, files)
        if isinstance(node, Mapping):
            return self._mapping(node, path, files)
        return self._scalar(node, path, files)

    def _sequence(self, node: Sequence, path: Path_, files: tuple[Path, ...]) -> list[Any]:
        self._check_tag(node, files[-1])
        result = []
        for index, item in enumerate(node.items):
            here = (*path, index)
            self._document.keys[here] = _place(files[-1], item.start)
            result.append(self._build(item, here, files))
        return result

    def _mapping(self, node: Mapping, path: Path_, files: tuple[Path, ...]) -> dict[str, Any]:
        file = files[-1]
        self._check_tag(node, file)
        result: dict[str, Any] = {}
        merged: list[Node] = []
        lines: dict[str, int] = {}
        for key, value in node.items:
            if not isinstance(key, Scalar) or key.tag is not None:
                self._add(_place(file, key.start), "a key must be plain text")
            elif key.value == "<<" and key.plain:
                merged.append(value)
            elif key.value in lines:
                message = f"'{key.value}' is there twice, first in line {lines[key.value]}"
                self._add(_place(file, key.start), message, "keep one of them")
            else:
                lines[key.value] = key.start.line
                here = (*path, key.value)
                self._document.keys[here] = _place(file, key.start)
                result[key.value] = self._build(value, here, files)
        for value in merged:
            self._merge(result, value, path, files)
        return result

    def _merge(
        self, result: dict[str, Any], node: Node, path: Path_, files: tuple[Path, ...]
    ) -> None:
        """Add the keys of ``<<: *other`` that are not there yet."""
        target = node.target if isinstance(node, Alias) else node
        if isinstance(target, Sequence):
            for item in target.items:
                self._merge(result, item, path, files)
            return
        if not isinstance(target, Mapping):
            self._add(_place(files[-1], node.start), "'<<' takes a mapping, such as *name")
            return
        for key, value in target.items:
            if isinstance(key, Scalar) and key.value not in result and key.value != "<<":
                here = (*path, key.value)
                self._document.keys[here] = _place(files[-1], key.start)
                result[key.value] = self._build(value, here, files)
                self._document.origins[here] = Origin(Source.ALIAS, "<<")
            elif isinstance(key, Scalar) and key.value == "<<":
                self._merge(result, value, path, files)

    def _scalar(self, node: Scalar, path: Path_, files: tuple[Path, ...]) -> Any:
        if node.tag == "!secret":
            return self._secret(node, path, files[-1])
        if node.tag == "!env_var":
            return self._environment(node, path, files[-1])
        if node.tag == "!include":
            return self._include(node, path, files)
        try:
            return resolve(node)
        except ValueError:
            message = f"'{node.tag}' does not fit the value"
            if node.tag is None or not node.tag.startswith("!!"):
                message = f"unknown tag '{node.tag}'"
            guess = closest(node.tag, _OUR_TAGS)
            hint = f"did you mean {guess}?" if guess else f"known are {', '.join(_OUR_TAGS)}"
            self._add(_place(files[-1], node.start), message, hint, path)
            return None

    def _check_tag(self, node: Sequence | Mapping, file: Path) -> None:
        allowed = "!!seq" if isinstance(node, Sequence) else "!!map"
        if node.tag in (None, allowed):
            return
        if node.tag in _OUR_TAGS:
            message = f"{node.tag} takes a name, not a list or mapping"
        else:
            message = f"unknown tag '{node.tag}'"
        self._add(_place(file, node.start), message)

    # -- values that stand elsewhere

    def _include(self, node: Scalar, path: Path_, files: tuple[Path, ...]) -> Any:
        place = _place(files[-1], node.start)
        wanted = files[-1].parent / node.value
        file = Path(os.path.normpath(wanted))
        self._document.origins[path] = Origin(Source.INCLUDE, node.value, file)
        if not node.value or not file.is_relative_to(self._directory):
            message = "an included file must be inside the configuration folder"
            self._add(place, message, path=path)
        elif file.relative_to(self._directory).parts[0] == _STORAGE:
            message = f"'{_STORAGE}' is written by Gantry and holds nothing to include"
            self._add(place, message, path=path)
        elif file.name == SECRETS_FILE:
            self._add(place, f"{SECRETS_FILE} is used with !secret NAME only", path=path)
        elif file in files:
            self._add(place, f"'{node.value}' includes itself", path=path)
        elif file not in self._overlay and not file.is_file():
            self._add(place, f"there is no file '{node.value}'", path=path)
        elif (root := self._tree(file)) is not None:
            self._document.values.pop(path, None)
            self._document.nodes.pop(path, None)
            return self._build(root, path, (*files, file))
        return None

    def _environment(self, node: Scalar, path: Path_, file: Path) -> str | None:
        name, _, default = node.value.strip().partition(" ")
        self._document.origins[path] = Origin(Source.ENVIRONMENT, name)
        value = os.environ.get(name)
        if value is not None:
            return value
        if default.strip():
            return default.strip()
        message = f"the environment has no variable '{name}'"
        hint = f"set it, or write a default: !env_var {name} value"
        self._add(_place(file, node.start), message, hint, path)
        return None

    def _secret(self, node: Scalar, path: Path_, file: Path) -> str | None:
        names: list[str] = []
        for secrets_file in self._secrets_files(file):
            found = self._secrets_of(secrets_file)
            if (scalar := found.get(node.value)) is not None:
                self._document.origins[path] = Origin(Source.SECRET, node.value, secrets_file)
                self._document.secrets.add(scalar.value)
                return scalar.value
            names += found
        message = f"there is no secret '{node.value}'"
        guess = closest(node.value, names)
        hint = f"add a line '{node.value}: ...' to {SECRETS_FILE}"
        if guess:
            hint = f"did you mean '{guess}'? Or {hint}"
        self._add(_place(file, node.start), message, hint, path)
        return None

    def _secrets_files(self, file: Path) -> list[Path]:
        """Return the secrets files that count for ``file``, the nearest first."""
        folders = [folder for folder in file.parents if folder.is_relative_to(self._directory)]
        files = [folder / SECRETS_FILE for folder in folders]
        return [each for each in files if each in self._overlay or each.is_file()]

    def _secrets_of(self, file: Path) -> dict[str, Scalar]:
        if file not in self._secrets:
            self._secrets[file] = {}
            root = self._tree(file)
            if isinstance(root, Mapping):
                self._secrets[file] = self._scalars_of(root, file)
            elif root is not None:
                self._add(_place(file, root.start), "expected lines 'name: value'")
        return self._secrets[file]

    def _scalars_of(self, root: Mapping, file: Path) -> dict[str, Scalar]:
        found: dict[str, Scalar] = {}
        for key, value in root.items:
            name = key.value if isinstance(key, Scalar) else ""
            if not isinstance(key, Scalar) or not isinstance(value, Scalar):
                self._add(_place(file, key.start), f"secret '{name}' must be a single value")
            elif name in found:
                self._add(_place(file, key.start), f"'{name}' is there twice")
            else:
                found[name] = value
                # All of them, used or not: what stands in this file is never shown.
                self._document.secrets.add(value.value)
        return found

    def _add(
        self, place: Place, message: str, hint: str | None = None, path: Path_ = ()
    ) -> None:
        self._document.problems.append(self._document.problem_at(place, message, hint, path))


def resolve(node: Scalar) -> str | int | float | bool | None:
    """Return the value of a scalar by YAML 1.2, or raise ValueError.

    A number with leading zeros stays text: it is an octal number to one YAML, a decimal one
    to the next, and a PIN to its owner.
    """
    if node.tag in ("!!str", "!"):
        return node.value
    if node.tag is None:
        return _plain(node.value) if node.plain else node.value
    value = _plain(node.value)
    if node.tag == "!!int" and isinstance(value, int) and not isinstance(value, bool):
        return value
    if node.tag == "!!float" and isinstance(value, int | float):
        return float(value)
    if (node.tag == "!!bool" and isinstance(value, bool)) or (
        node.tag == "!!null" and value is None
    ):
        return value
    raise ValueError(node.tag)


def _plain(text: str) -> str | int | float | bool | None:
    if text in _WORDS:
        return _WORDS[text]
    # Longer is no number that anybody means.
    if len(text) <= 40:
        for pattern, convert in _NUMBERS:
            if pattern.fullmatch(text):
                return convert(text)
    return text


def _content(file: Path) -> bytes:
    """Read a regular file, no more of it than we take."""
    # A pipe must not hold us up.
    descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(None, "it is not a file")
        parts = []
        size = 0
        while size <= MAX_BYTES and (part := os.read(descriptor, MAX_BYTES + 1)):
            parts.append(part)
            size += len(part)
    finally:
        os.close(descriptor)
    return b"".join(parts)


def _place(file: Path, mark: Mark) -> Place:
    return Place(file, mark.line, mark.column)
