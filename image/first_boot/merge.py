"""Which values of the configuration in force change, from three versions of it.

Plain data in, paths and values out. Printers are told apart by their id, whether they stand
in a list or alone; every other list is one value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from appliance.config.emit import Secret, plain
from appliance.config.report import Path_, dotted
from appliance.config.validate import PRINTER
from appliance.config.write import UNSET

from .settings import STORED


@dataclass(frozen=True, slots=True)
class Keep:
    """Stands for a secret that is stored already: what is in force stays, else it counts."""

    stored: Secret


@dataclass(slots=True)
class Changes:
    """Values by their path in the configuration, in the order in which to set them."""

    values: dict[Path_, Any] = field(default_factory=dict)
    # The same for people.
    words: list[str] = field(default_factory=list)
    # From the path of something in the configuration to the one in gantry.yaml.
    origins: dict[Path_, Path_] = field(default_factory=dict)

    def set(self, path: Path_, value: Any, word: Path_) -> None:
        """Change one value; ``word`` is its path with printers by their id."""
        self.values[path] = value
        count = 2 if word[0] == PRINTER else 1
        name, inner = " ".join(map(str, word[:count])), dotted(word[count:])
        text = f"{name}: {inner}" if inner else name
        self.words.append(f"{text} (removed)" if value is UNSET else text)

    def origin(self, path: Path_) -> Path_:
        """Return where in gantry.yaml that stands which is at ``path`` in the result."""
        for length in range(len(path), 0, -1):
            if (found := self.origins.get(path[:length])) is not None:
                return (*found, *path[length:])
        return path

    def by_section(self) -> dict[str, dict[Path_, Any]]:
        """Return the values by the key at the left margin."""
        found: dict[str, dict[Path_, Any]] = {}
        for path, value in self.values.items():
            found.setdefault(str(path[0]), {})[path] = value
        return found


def merge(
    before: Mapping[str, Any],
    wanted: Mapping[str, Any],
    live: Mapping[str, Any],
    placeholders: Sequence[Any] = (),
) -> Changes:
    """Return what changes in ``live``: what ``wanted`` says differently from ``before``.

    ``placeholders`` are printers of the factory: untouched ones give way to wanted ones.
    """
    changes = Changes()
    _mapping(
        changes,
        {k: v for k, v in before.items() if k != PRINTER},
        {k: v for k, v in wanted.items() if k != PRINTER},
        live,
        (),
    )
    if PRINTER in wanted or PRINTER in before:
        _Printers(changes, before, wanted, live, placeholders).merge()
    return changes


def is_kept(value: Any) -> bool:
    """Whether a value stands for what is in force."""
    return isinstance(value, Keep)


def as_new(value: Any) -> Any:
    """Return data for where nothing is in force: with the secrets that are stored."""
    if isinstance(value, dict):
        return {key: as_new(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_new(inner) for inner in value]
    return value.stored if isinstance(value, Keep) else value


def as_remembered(value: Any) -> Any:
    """Return data for the next import: without any secret."""
    if isinstance(value, dict):
        return {key: as_remembered(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_remembered(inner) for inner in value]
    return STORED if is_kept(value) or isinstance(value, Secret) else value


def _mapping(
    changes: Changes,
    before: Mapping[str, Any],
    wanted: Mapping[str, Any],
    live: Mapping[str, Any],
    path: Path_,
    word: Path_ | None = None,
) -> None:
    word = path if word is None else word
    for key, value in wanted.items():
        if (is_kept(value) and key in live) or (key in before and _equal(before[key], value)):
            continue
        here, there = (*path, key), (*word, key)
        present = live.get(key)
        if isinstance(value, dict) and isinstance(present, dict):
            inner = before.get(key)
            _mapping(
                changes, inner if isinstance(inner, dict) else {}, value, present, here, there
            )
        elif key not in live or not (value is None or _equal(present, value)):
            changes.set(here, as_new(value), there)
    for key, value in before.items():
        if key not in wanted and key in live and _is_as_before(live[key], value):
            changes.set((*path, key), UNSET, (*word, key))


class _Printers:
    """The entries below ``printer:``."""

    def __init__(
        self,
        changes: Changes,
        before: Mapping[str, Any],
        wanted: Mapping[str, Any],
        live: Mapping[str, Any],
        placeholders: Sequence[Any],
    ) -> None:
        self._changes = changes
        self._before = _by_id(before.get(PRINTER))
        self._wanted = _entries(wanted.get(PRINTER))
        self._wanted_alone = isinstance(wanted.get(PRINTER), dict)
        self._live = _entries(live.get(PRINTER))
        self._live_alone = isinstance(live.get(PRINTER), dict)
        self._placeholders = placeholders

    def merge(self) -> None:
        """Change entries in place, add new ones, remove those that are gone."""
        ids = [_id(entry) for entry in self._live]
        gone = self._gone()
        new = [each for each in self._wanted if _id(each) not in ids]
        if (self._live_alone and (new or gone)) or not self._live:
            self._replace_all(new, gone)
            ids, new, gone = [_id(entry) for entry in self._live], [], []
        for number, entry in enumerate(self._wanted):
            if _id(entry) in ids:
                self._change(ids.index(_id(entry)), number, entry)
        for offset, entry in enumerate(new):
            index = len(ids) + offset
            path: Path_ = (PRINTER, index)
            self._changes.origins[(PRINTER, index - len(gone))] = self._origin(entry)
            self._changes.set(path, as_new(entry), (PRINTER, _id(entry)))
        for index in sorted(gone, reverse=True):
            self._changes.set((PRINTER, index), UNSET, (PRINTER, ids[index]))

    def _change(self, index: int, number: int, entry: Any) -> None:
        path: Path_ = (PRINTER,) if self._live_alone else (PRINTER, index)
        self._changes.origins[path] = (PRINTER,) if self._wanted_alone else (PRINTER, number)
        before = self._before.get(_id(entry), {})
        word: Path_ = (PRINTER, _id(entry))
        _mapping(self._changes, before, entry, self._live[index], path, word)

    def _replace_all(self, new: Sequence[Any], gone: Sequence[int]) -> None:
        """Write the list anew, where one entry stood alone or none."""
        kept = [entry for index, entry in enumerate(self._live) if index not in gone]
        entries = [*kept, *(as_new(each) for each in new)]
        if not entries and not self._live:
            return
        for index, entry in enumerate(new, start=len(kept)):
            self._changes.origins[(PRINTER, index)] = self._origin(entry)
        word: Path_ = (PRINTER, _id(new[0])) if len(new) == 1 else (PRINTER,)
        self._changes.set((PRINTER,), entries, word)
        self._live, self._live_alone = entries, False

    def _gone(self) -> list[int]:
        """Return the entries that gantry.yaml had, or the factory, and no more."""
        wanted = {_id(entry) for entry in self._wanted}
        return [
            index
            for index, entry in enumerate(self._live)
            if _id(entry) not in wanted
            and (
                _is_as_before(entry, self._before.get(_id(entry)))
                or (self._wanted and any(_equal(each, entry) for each in self._placeholders))
            )
        ]

    def _origin(self, entry: Any) -> Path_:
        if self._wanted_alone:
            return (PRINTER,)
        return (PRINTER, next(i for i, each in enumerate(self._wanted) if each is entry))


def _entries(value: Any) -> list[Any]:
    """Return the printers; what is no mapping is left for the check to refuse."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _by_id(value: Any) -> dict[Any, Any]:
    return {_id(entry): entry for entry in _entries(value)}


def _id(entry: Any) -> Any:
    return str(entry.get("id")) if isinstance(entry, dict) else None


def _equal(one: Any, other: Any) -> bool:
    """Compare as written: 1 is not true, and not 1.0; a secret by its text."""
    return repr(plain(as_new(one))) == repr(plain(as_new(other)))


def _is_as_before(live: Any, before: Any) -> bool:
    """Whether nobody has changed a value since the last import, as far as can be known."""
    if before == STORED:
        return True
    if isinstance(live, dict) and isinstance(before, dict):
        return live.keys() == before.keys() and all(
            _is_as_before(live[key], before[key]) for key in live
        )
    if isinstance(live, list) and isinstance(before, list):
        return len(live) == len(before) and all(map(_is_as_before, live, before))
    return _equal(live, before)
