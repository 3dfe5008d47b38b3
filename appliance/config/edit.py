"""Change a value inside the text of a YAML file and leave every other character alone.

The tree of `nodes` knows the span of each node, so an edit replaces, inserts or cuts a piece
of the text: comments, order, quotes and blank lines stay as a person wrote them. Nothing
here is trusted: `write` reads the result again and compares.
"""

from __future__ import annotations

from typing import Any

from appliance.config.emit import INDENT, block, flow
from appliance.config.nodes import Alias, Mapping, Node, Scalar, Sequence, compose
from appliance.config.report import Path_, dotted
from appliance.config.yaml import resolve


class EditError(Exception):
    """The text cannot be changed that way."""

    def __init__(self, path: Path_, reason: str) -> None:
        super().__init__(f"{dotted(path)} {reason}")


def set_value(text: str, path: Path_, value: Any) -> str:
    """Return ``text`` with ``value`` at ``path``; missing parents are made."""
    root = compose(text)
    parents = _walk(root, path)
    if len(parents) <= len(path):  # the rest of the path does not exist yet
        depth = max(len(parents), 1)  # a file of comments has no root yet
        for step in reversed(path[depth:]):
            if not isinstance(step, str):
                raise EditError(path, "does not exist")
            value = {step: value}
        return _add(text, parents, path[depth - 1], value)
    return _change(text, path, parents, value)


def remove(text: str, path: Path_) -> str:
    """Return ``text`` without the key or item at ``path``."""
    parents = _walk(compose(text), path)
    if len(parents) <= len(path):
        raise EditError(path, "does not exist")
    parent = parents[-2]
    assert isinstance(parent, Mapping | Sequence), "it has a child"
    spans = _spans(parent)
    index = _index(parent, path[-1])
    start, end = spans[index]
    if len(spans) == 1:
        return _splice(text, parent.start.index, _end(parent), _empty(parent))
    if parent.flow:
        if index + 1 < len(spans):
            return _splice(text, start, spans[index + 1][0], "")
        return _splice(text, spans[index - 1][1], end, "")
    line = _line_start(text, start)
    before = text[line:start]
    if isinstance(parent, Sequence) and before.strip(" ") == "-":
        return _splice(text, line, _line_end(text, end), "")
    if before.strip(" ") == "":
        return _splice(text, line, _line_end(text, end), "")
    if index + 1 < len(spans):  # the first key behind a dash: the next one takes its place
        return _splice(text, start, spans[index + 1][0], "")
    raise EditError(path, "shares its line with something else")


# -- finding


def _walk(root: Node | None, path: Path_) -> list[Node]:
    """Return the nodes along ``path`` as far as they exist, the root first."""
    if root is None:
        return []
    found = [root]
    for step in path:
        node = found[-1]
        if isinstance(node, Alias):
            raise EditError(path, f"is shared through *{node.name}")
        if isinstance(node, Mapping):
            child = next((v for k, v in node.items if _key(k) == step), None)
        elif isinstance(node, Sequence):
            inside = isinstance(step, int) and 0 <= step < len(node.items)
            child = node.items[step] if inside and isinstance(step, int) else None
        else:
            child = None
        if child is None:
            break
        found.append(child)
    return found


def _key(node: Node) -> str | None:
    return node.value if isinstance(node, Scalar) else None


def _index(parent: Mapping | Sequence, step: str | int) -> int:
    if isinstance(parent, Sequence):
        assert isinstance(step, int), "it was found by it"
        return step
    return next(i for i, (key, _) in enumerate(parent.items) if _key(key) == step)


def _spans(parent: Mapping | Sequence) -> list[tuple[int, int]]:
    """Return where each entry begins and ends in the text."""
    if isinstance(parent, Sequence):
        return [(item.start.index, _end(item)) for item in parent.items]
    return [(key.start.index, max(key.end.index, _end(v))) for key, v in parent.items]


def _end(node: Node) -> int:
    """Return where the text of a node ends; a block's own mark is behind the comments."""
    if isinstance(node, Mapping) and not node.flow and node.items:
        key, value = node.items[-1]
        return max(_end(value), key.end.index)
    if isinstance(node, Sequence) and not node.flow and node.items:
        return _end(node.items[-1])
    return node.end.index


# -- changing


def _change(text: str, path: Path_, parents: list[Node], value: Any) -> str:
    node = parents[-1]
    if isinstance(node, Mapping) and isinstance(value, dict) and value and node.items:
        return _change_mapping(text, path, node, value)
    if isinstance(node, Sequence) and isinstance(value, list) and value and node.items:
        return _change_sequence(text, path, node, value)
    in_flow = any(isinstance(p, Mapping | Sequence) and p.flow for p in parents[:-1])
    if _is_blank(node) and isinstance(value, dict | list) and value and not in_flow:
        return _fill(text, parents, value)
    if not isinstance(node, Mapping | Sequence | Alias) and _same(node, value):
        return text
    return _splice(text, node.start.index, _end(node), flow(value))


def _change_mapping(text: str, path: Path_, node: Mapping, value: dict[str, Any]) -> str:
    for key in [_key(key) for key, _ in node.items]:
        if key is not None and key not in value:
            text = remove(text, (*path, key))
    for key, inner in value.items():
        text = set_value(text, (*path, key), inner)
    return text


def _change_sequence(text: str, path: Path_, node: Sequence, value: list[Any]) -> str:
    for index in range(len(node.items) - 1, len(value) - 1, -1):
        text = remove(text, (*path, index))
    for index, inner in enumerate(value):
        text = set_value(text, (*path, index), inner)
    return text


def _same(node: Scalar, value: Any) -> bool:
    try:
        present = resolve(node)
    except ValueError:
        return False
    return type(present) is type(value) and present == value


def _is_blank(node: Node) -> bool:
    return isinstance(node, Scalar) and node.start.index == node.end.index


def _add(text: str, parents: list[Node], step: str | int, value: Any) -> str:
    """Add an entry to the last of the parents."""
    if not parents:
        return _with_last_newline(text) + block({str(step): value}, 0)
    node = parents[-1]
    if _is_blank(node):
        return _change(text, (), parents, {str(step): value})
    if isinstance(node, Mapping) and isinstance(step, str):
        entry = f"{flow(step)}: {flow(value)}"
        lines = block({step: value}, node.start.column - 1)
    elif isinstance(node, Sequence) and step == len(node.items):
        entry = flow(value)
        lines = block([value], node.start.column - 1)
    else:
        raise EditError((step,), "is to be added to something that takes no entries")
    if any(isinstance(p, Mapping | Sequence) and p.flow for p in parents):
        place = _end(node.items[-1] if isinstance(node, Sequence) else node.items[-1][1]) if (
            node.items
        ) else node.start.index + 1  # fmt: skip
        return _splice(text, place, place, f", {entry}" if node.items else entry)
    return _insert_lines(text, _end(node), lines)


def _fill(text: str, parents: list[Node], value: Any) -> str:
    """Put a block below a key that has nothing behind it."""
    node = parents[-1]
    if len(parents) == 1:
        return _with_last_newline(text) + block(value, 0)
    parent = parents[-2]
    if isinstance(parent, Sequence):
        return _splice(text, node.start.index, node.end.index, flow(value))
    return _insert_lines(
        text, node.start.index, block(value, parent.start.column - 1 + INDENT)
    )


# -- text


def _empty(parent: Mapping | Sequence) -> str:
    return "{}" if isinstance(parent, Mapping) else "[]"


def _splice(text: str, start: int, end: int, new: str) -> str:
    """Replace a piece; keep what separates it from its neighbours."""
    old = text[start:end]
    if old.endswith(("\n", "\r")) and new and not new.endswith("\n"):
        new += "\r\n" if old.endswith("\r\n") else "\n"
    if start == end and new and start > 0 and text[start - 1] in ":-?":
        new = f" {new}"
    return text[:start] + new + text[end:]


def _insert_lines(text: str, after: int, lines: str) -> str:
    """Insert whole lines below the line in which ``after`` is."""
    text = (
        text[:after] + _with_last_newline(text[after:]) if "\n" not in text[after:] else text
    )
    newline = "\r\n" if "\r\n" in text else "\n"
    place = _line_end(text, after)
    return text[:place] + lines.replace("\n", newline) + text[place:]


def _with_last_newline(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _line_end(text: str, index: int) -> int:
    """Return where the next line begins; a block scalar ends there already."""
    if index > 0 and text[index - 1] == "\n":
        return index
    found = text.find("\n", index)
    return len(text) if found < 0 else found + 1
