"""What a client wants to hear; by default everything that it may."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from appliance.records import dataclass

# A filter runs over every line of the dialogue in the event loop. These limits keep the
# worst pattern that anybody can send at some milliseconds; beyond them nothing is filtered
# out, and the client looks through the lines itself.
_LONGEST_PATTERN = 200
_MOST_REPEATS = 3
_LONGEST_LINE = 200
_REPEAT = re.compile(r"(?<!\\)(?:\\\\)*[*+]|(?<!\\)(?:\\\\)*\{\d*,\d*\}")
_REPEATED_GROUP = re.compile(r"\)\s*(?:[*+]|\{\d)")


@dataclass(frozen=True, slots=True)
class LineFilter:
    """Which lines of the dialogue are wanted."""

    wanted: bool = True
    pattern: re.Pattern[str] | None = None

    def apply(self, lines: Iterable[str]) -> list[str]:
        """Return the lines that are wanted."""
        if not self.wanted:
            return []
        pattern = self.pattern
        if pattern is None:
            return list(lines)
        return [line for line in lines if pattern.search(line, 0, _LONGEST_LINE)]


@dataclass(frozen=True, slots=True)
class Names:
    """Which names are wanted: all, none, or those listed."""

    everything: bool = True
    listed: frozenset[str] = frozenset()

    def __contains__(self, name: str) -> bool:
        """Return whether ``name`` is wanted."""
        return self.everything or name in self.listed


@dataclass(frozen=True, slots=True)
class Subscription:
    """What one client wants to hear. Equal subscriptions share what is rendered for them."""

    state: bool = True
    logs: LineFilter = LineFilter()
    messages: LineFilter = LineFilter()
    plugins: Names = Names()
    events: Names = Names()


EVERYTHING = Subscription()


def parse(wish: object) -> Subscription:
    """Read the value of a ``subscribe`` message; what is not understood is not wanted."""
    if not isinstance(wish, Mapping):
        return EVERYTHING
    state = wish.get("state", False)
    lines = state if isinstance(state, Mapping) else {}
    return Subscription(
        state=bool(state) or isinstance(state, Mapping),
        logs=_filter(lines.get("logs", False)) if lines else LineFilter(wanted=bool(state)),
        messages=(
            _filter(lines.get("messages", False)) if lines else LineFilter(wanted=bool(state))
        ),
        plugins=_names(wish.get("plugins", False)),
        events=_names(wish.get("events", False)),
    )


def _filter(wish: Any) -> LineFilter:
    if not isinstance(wish, str):
        return LineFilter(wanted=wish is True)
    harmless = (
        len(wish) <= _LONGEST_PATTERN
        and len(_REPEAT.findall(wish)) <= _MOST_REPEATS
        and not _REPEATED_GROUP.search(wish)
    )
    if not harmless:
        return LineFilter()
    try:
        return LineFilter(pattern=re.compile(wish))
    except (re.error, OverflowError):
        return LineFilter(wanted=False)


def _names(wish: Any) -> Names:
    if isinstance(wish, list):
        return Names(False, frozenset(name for name in wish if isinstance(name, str)))
    return Names(wish is True)
