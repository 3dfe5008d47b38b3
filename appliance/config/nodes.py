"""YAML text to a tree of nodes that know where they stand.

ruamel.yaml scans and parses; the tree is built here, from its events, because a tree of
our own can refuse what is hostile (depth, size) while reading, keeps duplicate keys to be
reported, and knows the exact span of every node for `write.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from appliance.config import mistakes
from appliance.records import dataclass

# Of one file. A configuration of a whole farm has a few thousand lines; the worst that fits
# in here is read within a second and 64 MiB.
MAX_BYTES = 128 * 1024
MAX_NODES = 20_000
MAX_DEPTH = 40

# What the parser says where a mistake in the line, or the one above, has led it astray.
_AROUND = (
    "mapping values are not allowed",
    "expected <block end>",
    "could not find expected ':'",
    "expected '<document start>'",
)
_ALIKE = "indent all keys of a block alike"
_PHRASES: tuple[tuple[str, str, str | None], ...] = (
    ("'\\t'", "a tab where YAML takes spaces only", "use spaces to indent"),
    (
        "mapping values are not allowed",
        "a second colon in a line, or a wrong indentation",
        f"put text that contains ': ' in quotes; {_ALIKE}",
    ),
    ("expected <block end>", "the indentation does not fit the lines above", _ALIKE),
    ("could not find expected ':'", "a ':' is missing after the key", None),
    ("cannot start any token", "text cannot begin with this sign", "put the text in quotes"),
    (
        "expected alphabetic or numeric character",
        "text cannot begin with * or &",
        "put the text in quotes",
    ),
    (
        "expected '<document start>'",
        "this line does not belong to what stands above it",
        _ALIKE,
    ),
)

_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class UnreadableYaml(Exception):
    """The text is no YAML that we take; line and column count from 1."""

    def __init__(self, line: int, column: int, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the text: character index from 0, line and column from 1."""

    index: int
    line: int
    column: int


@dataclass(slots=True)
class Scalar:
    """A single value, as written."""

    start: Mark
    end: Mark
    tag: str | None
    value: str
    plain: bool


@dataclass(slots=True)
class Sequence:
    """A list."""

    start: Mark
    end: Mark
    tag: str | None
    flow: bool
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Mapping:
    """Keys and values, in order, duplicates included."""

    start: Mark
    end: Mark
    tag: str | None
    flow: bool
    items: list[tuple[Node, Node]] = field(default_factory=list)


@dataclass(slots=True)
class Alias:
    """Another node of the file, meant again."""

    start: Mark
    end: Mark
    name: str
    target: Node


Node = Scalar | Sequence | Mapping | Alias


def decode(content: bytes) -> str:
    """Return the text of a file, or raise `UnreadableYaml` where it is no UTF-8 text."""
    if len(content) > MAX_BYTES:
        message = f"the file is larger than {MAX_BYTES // 1024} KiB"
        raise UnreadableYaml(1, 1, message, "split it with !include, or is it the wrong file?")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise UnreadableYaml(1, 1, "the file is in UTF-16", "save it as UTF-8")
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        line, column = _line_and_column(before)
        message = f"byte 0x{content[error.start]:02x} is no UTF-8 text"
        raise UnreadableYaml(line, column, message, "save the file as UTF-8") from None
    if bad := _FORBIDDEN.search(text):
        line, column = _line_and_column(text[: bad.start()])
        message = f"control character U+{ord(bad.group()):04X} is not allowed"
        raise UnreadableYaml(
            line, column, message, "delete it, or write it as \\x.. in quotes"
        )
    return text


def split_lines(text: str) -> list[str]:
    """Split at the line breaks of YAML."""
    return _LINE_BREAK.split(text)


def compose(text: str) -> Node | None:
    """Return the tree of the only document in ``text``; None if there is none."""
    if (found := mistakes.false_indent(text)) is not None:
        raise _mistaken(found)
    try:
        return _Composer(YAML(typ="safe", pure=True).parse(text)).compose()
    except MarkedYAMLError as error:
        raise _translate(error, text) from None
    except YAMLError as error:
        raise UnreadableYaml(1, 1, f"not readable as YAML: {error}") from None
    except (ValueError, IndexError, OverflowError) as error:
        # e.g. the parser, at a \U escape beyond Unicode
        raise UnreadableYaml(1, 1, f"not readable as YAML: {error}") from None


class _Composer:
    """Builds the tree from the events of one document."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events
        self._anchors: dict[str, Node | None] = {}
        self._count = 0

    def compose(self) -> Node | None:
        root: Node | None = None
        documents = 0
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _at(event, "the file has a second document", "remove the ---")
            elif isinstance(event, NodeEvent):
                root = self._node(event, 0)
        return root

    def _node(self, event: Any, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise _at(event, f"nested deeper than {MAX_DEPTH} levels")
        self._count += 1
        if self._count > MAX_NODES:
            raise _at(event, f"more than {MAX_NODES} keys and values in one file")
        if isinstance(event, AliasEvent):
            return self._alias(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = None  # known, not complete: see _alias
        node = self._content(event, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _content(self, event: Any, depth: int) -> Node:
        start, end = _mark(event.start_mark), _mark(event.end_mark)
        tag = _tag(event)
        if isinstance(event, ScalarEvent):
            plain = event.style is None or event.style == ""
            return Scalar(start, end, tag, str(event.value), plain)
        if isinstance(event, SequenceStartEvent):
            sequence = Sequence(start, end, tag, bool(event.flow_style))
            while not isinstance(event := next(self._events), SequenceEndEvent):
                sequence.items.append(self._node(event, depth + 1))
            sequence.end = _mark(event.end_mark)
            return sequence
        if isinstance(event, MappingStartEvent):
            mapping = Mapping(start, end, tag, bool(event.flow_style))
            while not isinstance(event := next(self._events), MappingEndEvent):
                key = self._node(event, depth + 1)
                mapping.items.append((key, self._node(next(self._events), depth + 1)))
            mapping.end = _mark(event.end_mark)
            return mapping
        raise _at(event, "not readable as YAML")

    def _alias(self, event: Any) -> Alias:
        name = str(event.anchor)
        if name not in self._anchors:
            known = ", ".join(f"&{anchor}" for anchor in self._anchors) or "none"
            raise _at(event, f"nothing is named &{name}", f"anchors in this file: {known}")
        target = self._anchors[name]
        if target is None:
            raise _at(event, f"*{name} contains itself")
        return Alias(_mark(event.start_mark), _mark(event.end_mark), name, target)


def _tag(event: Any) -> str | None:
    tag = event.tag
    if tag is None or str(tag) == "!":
        return None
    return str(tag).replace("tag:yaml.org,2002:", "!!")


def _mark(mark: Any) -> Mark:
    return Mark(mark.index, mark.line + 1, mark.column + 1)


def _at(event: Any, message: str, hint: str | None = None) -> UnreadableYaml:
    mark = _mark(event.start_mark)
    return UnreadableYaml(mark.line, mark.column, message, hint)


def _line_and_column(before: str) -> tuple[int, int]:
    lines = split_lines(before)
    return len(lines), len(lines[-1]) + 1


def _mistaken(found: mistakes.Mistake) -> UnreadableYaml:
    return UnreadableYaml(found.line, found.column, found.message, found.hint)


def _translate(error: MarkedYAMLError, text: str) -> UnreadableYaml:
    """Say in plain words what the parser met."""
    problem = str(error.problem or error.context or "not readable as YAML")
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    begun = error.context_mark
    if begun is not None and (never := _never_closed(error)):
        return UnreadableYaml(begun.line + 1, begun.column + 1, *never)
    is_known = any(words in problem for words in _AROUND)
    if is_known and (found := mistakes.of_syntax(text, line)) is not None:
        return _mistaken(found)
    phrases = ((said, help_) for words, said, help_ in _PHRASES if words in problem)
    message, hint = next(phrases, (problem, None))
    if message == problem and error.context and error.problem:
        message = f"{error.problem} ({error.context})"
    if begun is not None and begun.line + 1 < line:
        since = f"what it is about began in line {begun.line + 1}"
        hint = f"{hint}; {since}" if hint else since
    return UnreadableYaml(line, column, message, hint)


def _never_closed(error: MarkedYAMLError) -> tuple[str, str] | None:
    """Tell of a quote or bracket that is never closed, where it opens."""
    context = str(error.context)
    if "quoted scalar" in context and "unexpected end" in str(error.problem):
        return "the quote that opens here is never closed", "close it in the same line"
    opens = "{" if "flow mapping" in context else "[" if "flow sequence" in context else ""
    mark, begun = error.problem_mark, error.context_mark
    if not opens or mark is None or begun is None or mark.line == begun.line:
        return None
    closes = {"{": "}", "[": "]"}[opens]
    return f"the '{opens}' that opens here is never closed", f"close it with '{closes}'"
