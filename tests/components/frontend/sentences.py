"""What the server says to people, read from its sources: refusals, and reasons elsewhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

CHECKOUT = Path(__file__).parents[3]
VALUE = "7"  # stands for what is only known when it is said


def refusals(path: Path, errors: frozenset[str]) -> Iterator[str]:
    """Yield what a module says in errors of those names."""
    tree = ast.parse(path.read_text())
    constants = _assigned(tree.body)
    for function in [tree, *_functions(tree)]:
        texts = constants | ({} if function is tree else _assigned(list(_own(function))))
        for node in _own(function):
            if isinstance(node, ast.Call) and _name(node.func) in errors and node.args:
                first = node.args[0]
                if _name(node.func) == "HttpError" and len(node.args) > 1:
                    first = node.args[1]
                yield from _texts(first, texts)


def reasons(path: Path, *functions: str) -> Iterator[str]:
    """Yield what functions of a module return, or hand on, as a text for people."""
    tree = ast.parse(path.read_text())
    constants = _assigned(tree.body)
    for function in _functions(tree):
        known = constants | _assigned(list(_own(function)))
        for node in _own(function):
            if isinstance(node, ast.Return) and getattr(function, "name", "") in functions:
                yield from _texts(node.value, known) if node.value else ()
            if isinstance(node, ast.Call) and _name(node.func) in functions:
                for each in node.args:
                    yield from _texts(each, known)


def listed(path: Path, argument: str) -> Iterator[str]:
    """Yield the texts that a module hands on in an argument of that name."""
    tree = ast.parse(path.read_text())
    for function in _functions(tree):
        known = _assigned(tree.body) | _assigned(list(_own(function)))
        for node in _own(function):
            if isinstance(node, ast.keyword) and node.arg == argument:
                for each in getattr(node.value, "elts", ()):
                    yield from _texts(each, known)


def _functions(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _own(function: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a function without those of functions in it."""
    waiting = list(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += ast.iter_child_nodes(node)


def _assigned(nodes: list[ast.stmt] | list[ast.AST]) -> dict[str, list[ast.expr]]:
    found: dict[str, list[ast.expr]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(node.value)
    return found


def _name(node: ast.expr) -> str:
    return getattr(node, "id", getattr(node, "attr", ""))


def _texts(node: ast.expr, known: Mapping[str, list[ast.expr]], depth: int = 0) -> list[str]:
    """Return what an expression may say; nothing if that is another's text alone."""
    said: list[str] = []
    within = partial(_texts, known=known, depth=depth + 1)
    match node:
        case _ if depth > 8:
            pass
        case ast.Constant(value=str(value)):
            said = [value]
        case ast.Name(id=name):
            said = [text for each in known.get(name, []) for text in within(each)]
        case ast.IfExp(body=body, orelse=orelse):
            said = [*within(body), *within(orelse)]
        case ast.BoolOp(values=values):
            said = [text for each in values for text in within(each)]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            said = [
                first + second
                for first in within(left) or [VALUE]
                for second in within(right) or [VALUE]
            ]
        case ast.FormattedValue(value=value):
            said = within(value) or [VALUE]
        case ast.JoinedStr(values=values):
            said = [""]
            for each in values:
                said = [before + part for before in said for part in within(each)]
    return said
