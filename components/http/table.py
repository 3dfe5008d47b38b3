"""Which route a path leads to: one look-up per request, without regular expressions.

Literal paths are found in one dictionary. Paths with parameters are found in a tree of
segments, in which a literal segment wins over ``{name}`` and ``{name}`` over ``{name:.*}``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from typing import Generic, TypeVar
from urllib.parse import unquote

from appliance.errors import SetupError
from appliance.records import dataclass

T = TypeVar("T")

_REST = (":.*}", ":.+}")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """What is at a path: by method, with the values of the parameters."""

    methods: dict[str, tuple[tuple[str, ...], T]]  # method -> names of parameters, target
    values: tuple[str, ...]

    def get(self, method: str) -> tuple[dict[str, str], T] | None:
        """Return the parameters and the target of a method; HEAD is answered by GET."""
        entry = self.methods.get(method)
        if entry is None and method == "HEAD":
            entry = self.methods.get("GET")
        if entry is None:
            return None
        names, target = entry
        return dict(zip(names, self.values, strict=True)), target


@dataclass(slots=True)
class _Node(Generic[T]):
    literals: dict[str, _Node[T]] = field(default_factory=dict)
    segment: _Node[T] | None = None
    rest: dict[str, tuple[tuple[str, ...], T]] = field(default_factory=dict)
    methods: dict[str, tuple[tuple[str, ...], T]] = field(default_factory=dict)


class Table(Generic[T]):
    """The paths and what they lead to."""

    def __init__(self) -> None:
        self._literal: dict[str, Found[T]] = {}
        self._root: _Node[T] = _Node()

    def add(self, method: str, path: str, target: T) -> None:
        """Let method and path lead to ``target``; the same twice is an error."""
        if not path.startswith("/") or (path != "/" and path.endswith("/")):
            message = f"the path '{path}' must begin with a slash and not end with one"
            raise SetupError(message)
        names: list[str] = []
        methods = self._place(path, names)
        if method in methods:
            message = f"two routes for {method} {path}"
            raise SetupError(message)
        methods[method] = (tuple(names), target)
        if not names:
            self._literal[path] = Found(methods, ())

    def find(self, path: str) -> Found[T] | None:
        """Return what is at a path as it came over the wire (percent-encoded)."""
        if (found := self._literal.get(path)) is not None:
            return found
        raw = path[1:].split("/")
        segments = [unquote(part) for part in raw] if "%" in path else raw
        if len(segments) > 1 and not segments[-1]:
            segments.pop()  # a slash at the end changes nothing
        return _walk(self._root, segments, 0, ())

    def _place(self, path: str, names: list[str]) -> dict[str, tuple[tuple[str, ...], T]]:
        node = self._root
        segments = path[1:].split("/")
        for index, segment in enumerate(segments):
            if not segment.startswith("{"):
                node = node.literals.setdefault(segment, _Node())
                continue
            if segment.endswith(_REST):
                if index != len(segments) - 1:
                    message = f"{segment} must stand at the end of '{path}'"
                    raise SetupError(message)
                names.append(segment[1:-4])
                return node.rest
            names.append(segment[1:-1])
            if node.segment is None:
                node.segment = _Node()
            node = node.segment
        return node.methods


def _walk(
    node: _Node[T], segments: list[str], index: int, values: tuple[str, ...]
) -> Found[T] | None:
    if index == len(segments):
        return Found(node.methods, values) if node.methods else None
    segment = segments[index]
    if (literal := node.literals.get(segment)) is not None:
        found = _walk(literal, segments, index + 1, values)
        if found is not None:
            return found
    if node.segment is not None and segment:
        found = _walk(node.segment, segments, index + 1, (*values, segment))
        if found is not None:
            return found
    if node.rest and segment:
        return Found(node.rest, (*values, "/".join(segments[index:])))
    return None


def plain(path: str) -> str:
    """Collapse repeated slashes: clients glue base URL and path together carelessly."""
    while "//" in path:
        path = path.replace("//", "/")
    return path or "/"


def allowed(methods: Iterable[str]) -> str:
    """Return the value of an Allow header."""
    known = set(methods) | {"OPTIONS"}
    if "GET" in known:
        known.add("HEAD")
    return ", ".join(sorted(known))
