"""What functions say of themselves, also where Python keeps no docstrings (-OO)."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from typing import Any


def summary(function: Callable[..., Any]) -> str:
    """Return the first line of a docstring; reads the source if need be, which blocks."""
    text = inspect.getdoc(function)
    if text is None:
        [definition] = ast.parse(textwrap.dedent(inspect.getsource(function))).body
        assert isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef)
        text = ast.get_docstring(definition)
    return (text or "").partition("\n")[0]
