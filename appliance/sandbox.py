"""The sandbox of templates: no way into the program, and no way to hold it up.

Jinja's sandbox keeps templates away from the inside of objects. This one counts what they do
as well, because they are rendered in the event loop: turns of loops and calls, and the sizes
of texts that an operator or a method would make.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from typing import Any

from jinja2 import nodes, pass_context
from jinja2.exceptions import SecurityError, TemplateError
from jinja2.filters import FILTERS
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

MOST_STEPS = 100_000  # turns of loops and calls, all together
MOST_CHARACTERS = 64 * 1024
_CALL = 10  # steps: it takes longer than a turn
_MOST_BITS = 64 * 1024
_STEPS = "steps of this rendering"
_TURNS = "turns"
# A width of five digits, or one that is not known before.
_WIDE = re.compile(r"%[-+ #0(]*[^%a-zA-Z]*(?:\d{5}|\*)|\{[^{}]*(?:\d{5}|\{)")
# What a template of a person may run into: 1 / 0, None * 60, a word where a number is due.
_COMPLAINTS = (TypeError, ArithmeticError, LookupError, AttributeError)


class Steps:
    """What one rendering may still do."""

    def __init__(self) -> None:
        self._left = MOST_STEPS

    def take(self, number: int = 1) -> None:
        """Count; raise when it is too much."""
        self._left -= number
        if self._left < 0:
            message = f"it takes more than {MOST_STEPS} steps"
            raise SecurityError(message)


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment of all templates."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self) -> None:
        super().__init__(trim_blocks=True, lstrip_blocks=True)
        self.filters[_TURNS] = _count
        for name in ("center", "indent", "replace", "join", "format", "wordwrap"):
            self.filters[name] = _bounded(name)

    def new_steps(self) -> dict[str, Steps]:
        """Return the variable that counts the steps of one rendering."""
        return {_STEPS: Steps()}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for loop in tree.find_all(nodes.For):
            loop.iter = nodes.Filter(loop.iter, _TURNS, [], [], None, None)
        return tree

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call something that a template calls."""
        _take(context, _CALL)
        if isinstance(owner := getattr(obj, "__self__", None), str):
            _check_text(owner, (*args, *kwargs.values()))
        return super().call(context, obj, *args, **kwargs)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Return what an operator makes."""
        _take(context)
        if operator in "+*":
            _check_size(operator, left, right)
        elif operator == "%" and isinstance(left, str):
            _check_format(left)
        elif operator == "**" and isinstance(left, int) and isinstance(right, int):
            _refuse(left.bit_length() * abs(right) > _MOST_BITS)
        return super().call_binop(context, operator, left, right)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """Return what stands for ``text.format``."""
        wrapped = super().wrap_str_format(value)
        if wrapped is not None:
            _check_format(value.__self__)
        return wrapped


def check(text: str) -> None:
    """Raise ValueError, for people to read, if that is no template."""
    try:
        _ENVIRONMENT.parse(text)
    except TemplateError as error:
        message = f"this is no valid template: {error}"
        raise ValueError(message) from error


def render(text: str, variables: Mapping[str, Any], longest: int) -> str:
    """Return what the template makes of ``variables``; ValueError with its complaint."""
    pieces: list[str] = []
    size = 0
    try:
        made = _ENVIRONMENT.from_string(text)
        for piece in made.generate({**variables, **_ENVIRONMENT.new_steps()}):
            pieces.append(str(piece))
            size += len(pieces[-1])
            if size > longest:
                message = f"the template makes more than {longest // 1024} KB of text"
                raise ValueError(message)
    except (TemplateError, *_COMPLAINTS) as error:
        message = f"the template cannot be rendered: {error}"
        raise ValueError(message) from error
    except (RecursionError, MemoryError) as error:
        message = "the template calls itself without end, or makes too much"
        raise ValueError(message) from error
    return "".join(pieces)


@pass_context
def _count(context: Context, values: Iterable[Any]) -> Iterable[Any]:
    """Count the turns of a loop: at once where they are known, else one by one."""
    if isinstance(values, Sized):
        _take(context, len(values))
        return values
    return _counted(context, values)


def _counted(context: Context, values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        _take(context)
        yield value


def _bounded(name: str) -> Any:
    """Return a filter of Jinja that makes no text out of all proportion."""
    plain = FILTERS[name]

    def filtered(*args: Any, **kwargs: Any) -> Any:
        given = (*args, *kwargs.values())
        for index, text in enumerate(given):
            if isinstance(text, str) and name == "format":
                _check_format(text)
            elif isinstance(text, str):
                _check_text(text, given[:index] + given[index + 1 :])
        if name == "join":
            _check_join(*(each for each in given if isinstance(each, str | Sized)))
        return plain(*args, **kwargs)

    # Which arguments Jinja adds in front stands on the function.
    filtered.__dict__.update(plain.__dict__)
    return filtered


def _take(context: Context, number: int = 1) -> None:
    steps = context.parent.get(_STEPS)
    if isinstance(steps, Steps):
        steps.take(number)


def _check_text(text: str, given: Iterable[Any]) -> None:
    """Refuse a method of a text to which something very wide or very long was given."""
    for each in given:
        _refuse(isinstance(each, int) and abs(each) > MOST_CHARACTERS)
        if isinstance(each, str):
            _refuse((len(text) + 1) * len(each) > MOST_CHARACTERS * 16)


def _check_join(*given: Sized) -> None:
    total = 1
    for each in given:
        total *= len(each) + 1
    _refuse(total > MOST_CHARACTERS * 16)


def _check_size(operator: str, left: Any, right: Any) -> None:
    for one, other in ((left, right), (right, left)):
        if isinstance(one, str | list | tuple):
            if operator == "*" and isinstance(other, int):
                _refuse(len(one) * other > MOST_CHARACTERS)
            elif operator == "+" and isinstance(other, Sized):
                _refuse(len(one) + len(other) > MOST_CHARACTERS * 16)
        elif isinstance(one, int):
            _refuse(one.bit_length() > _MOST_BITS)


def _check_format(text: str) -> None:
    _refuse(_WIDE.search(text) is not None)


def _refuse(too_much: bool) -> None:
    if too_much:
        message = "it makes something out of all proportion"
        raise SecurityError(message)


_ENVIRONMENT = Sandbox()
