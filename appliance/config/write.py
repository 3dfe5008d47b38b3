"""Change a setting in the YAML files, where it stands, and lose nothing of them.

The files are read, changed in memory, read again and compared: exactly the wanted values
may differ. The result is checked as a whole, the old text kept among the last ten versions,
and the new one written atomically.
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
import os
import stat
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from appliance.config import CONFIGURATION_FILE, Configuration, load_configuration
from appliance.config.apart import known_secrets, new_secrets, set_apart
from appliance.config.edit import EditError, remove, set_value
from appliance.config.emit import Secret, plain
from appliance.config.nodes import UnreadableYaml, decode
from appliance.config.report import SECRETS_FILE, ConfigurationError, Path_, dotted
from appliance.config.validate import PRINTER, PROFILE, PROFILES
from appliance.config.versions import Versions
from appliance.config.yaml import Document, Origin, Source, read_document
from appliance.errors import DomainError
from appliance.interfaces import Key
from appliance.records import dataclass
from appliance.storage import write_atomic

if TYPE_CHECKING:
    from appliance.catalogue import Catalogue

_BOM = b"\xef\xbb\xbf"


class SettingRefused(DomainError):
    """The setting cannot be changed; the text says why and where it stands."""


class _Unset:
    """The wish that a key be removed."""


UNSET = _Unset()


@dataclass(frozen=True, slots=True)
class Draft:
    """The texts before and after a change that is not checked yet; only files that differ."""

    before: Mapping[Path, str]
    after: Mapping[Path, str]


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """What a change would write, before it is written; only files that differ."""

    before: Mapping[Path, str]
    after: Mapping[Path, str]
    configuration: Configuration  # as it would be read


class ConfigurationWriter:
    """Changes the files of one configuration folder, one change at a time."""

    def __init__(self, directory: Path, catalogue: Catalogue) -> None:
        self._directory = directory
        self.catalogue = catalogue
        self.versions = Versions(directory)
        self._lock = threading.Lock()

    async def check(self, texts: Mapping[Path, str] | None = None) -> Configuration:
        """Check the files as they are, or as if ``texts`` were written; change nothing.

        Raises `ConfigurationError`: for whoever is asked to restart, or to take a file.
        """
        return await asyncio.to_thread(
            load_configuration, self._directory, self.catalogue, texts
        )

    async def change(self, changes: Mapping[Path_, Any]) -> Configuration:
        """Set the value at each path (`UNSET` removes it); return the configuration as read.

        All or nothing: raises `SettingRefused`, and then no file has changed.
        """
        return await asyncio.to_thread(self._change, changes)

    async def plan(self, changes: Mapping[Path_, Any]) -> PlannedChange:
        """Return what `change` would do, and do nothing; raises as it does."""
        return await asyncio.to_thread(self._plan, changes)

    async def plan_apart(self, changes: Mapping[Path_, Any]) -> PlannedChange:
        """Plan a change whose secrets go to secrets.yaml; do nothing."""
        return await asyncio.to_thread(self._plan_apart, changes)

    async def plan_text_apart(self, file: Path, text: str) -> PlannedChange | None:
        """Plan the whole text of a file, its new secrets in secrets.yaml; None: it has none.

        Raises `SettingRefused` for a text that is not valid, or whose secrets cannot go.
        """
        return await asyncio.to_thread(self._plan_text_apart, file, text)

    async def carry_out(self, planned: PlannedChange) -> Configuration:
        """Write what was planned, unless a file is another one by now (`SettingRefused`)."""
        draft = Draft(planned.before, planned.after)
        await asyncio.to_thread(self.write, draft)
        return planned.configuration

    async def data(self) -> Any:
        """Return what the files say, as plain data and before any defaults."""
        return (await asyncio.to_thread(self._read, {})).data

    async def change_printer(
        self, printer_id: str, changes: Mapping[Path_, Any]
    ) -> Configuration:
        """Change options of one printer; those of a named profile are changed there."""
        return await asyncio.to_thread(self._change_printer, printer_id, changes)

    async def replace(self, file: Path, before: str, after: str) -> Configuration:
        """Replace the whole text of a file by a valid one; return the configuration as read.

        Raises `SettingRefused` if it is not ``before`` any more, or ``after`` is not valid.
        """
        return await asyncio.to_thread(self._replace, file, before, after)

    def _replace(self, file: Path, before: str, after: str) -> Configuration:
        with self._lock:
            try:
                found = load_configuration(self._directory, self.catalogue, {file: after})
            except ConfigurationError as error:
                message = f"the configuration would not be valid: {_first(error)}"
                raise SettingRefused(message) from error
            self._write(file, before, after)
            return found

    def _change_printer(self, printer_id: str, changes: Mapping[Path_, Any]) -> Configuration:
        data = self._read({}).data
        base, entry = _printer(data, printer_id)
        return self._change(
            {
                _in_profile(entry, path) or (*base, *path): value
                for path, value in changes.items()
            }
        )

    def _change(self, changes: Mapping[Path_, Any]) -> Configuration:
        with self._lock:
            planned = self._plan(changes)
            self._write_all(planned.before, planned.after)
            return planned.configuration

    def _plan_apart(self, changes: Mapping[Path_, Any]) -> PlannedChange:
        stored = known_secrets(self._directory)
        return self._plan(*set_apart(self._read({}), changes, stored))

    def _plan_text_apart(self, file: Path, text: str) -> PlannedChange | None:
        present = read_document(self._directory, CONFIGURATION_FILE, {})
        document = self._read({file: text})
        changes = new_secrets(document, present)
        if not changes:
            return None
        apart = set_apart(document, changes, known_secrets(self._directory))
        return self._plan(*apart, {file: text})

    def _plan(
        self,
        changes: Mapping[Path_, Any],
        secrets: Mapping[str, str] | None = None,
        texts: Mapping[Path, str] | None = None,
    ) -> PlannedChange:
        draft = self.draft(changes, secrets, texts)
        try:
            configuration = load_configuration(self._directory, self.catalogue, draft.after)
        except ConfigurationError as error:
            message = f"the change would not be valid: {_first(error)}"
            raise SettingRefused(message) from error
        return PlannedChange(draft.before, draft.after, configuration)

    def draft(
        self,
        changes: Mapping[Path_, Any],
        secrets: Mapping[str, str] | None = None,
        texts: Mapping[Path, str] | None = None,
    ) -> Draft:
        """Return the texts with the changes, in which nothing else is another value.

        Blocks. What they mean is not checked. ``secrets`` are set in secrets.yaml, and a
        `Secret` among the changes is written as ``!secret name``. ``texts`` are those of
        files that are replaced as a whole, before the changes.
        """
        overlay: dict[Path, str] = dict(texts or {})
        original = self._read(overlay)
        before = original.texts | {file: _text(file) for file in overlay}
        if secrets:
            file = self._directory / SECRETS_FILE
            before[file] = _text(file) if file.exists() else ""
            overlay[file] = _with_secrets(before[file], secrets)
            original = self._read(overlay)
        expected = copy.deepcopy(original.data)
        for path, value in changes.items():
            document = self._read(overlay) if overlay else original
            file, text, wanted = _apply(document, path, value)
            overlay[file] = text
            expected = _with(expected, path, wanted)
        _compare(expected, self._read(overlay).data)
        after = {file: text for file, text in overlay.items() if text != before[file]}
        return Draft({file: before[file] for file in after}, after)

    def write(self, draft: Draft) -> None:
        """Write a draft that was found valid, blocking; all or nothing (`SettingRefused`)."""
        with self._lock:
            self._write_all(draft.before, draft.after)

    def _write_all(self, before: Mapping[Path, str], after: Mapping[Path, str]) -> None:
        """Write the files; put back the first ones if a later one fails."""
        written: list[Path] = []
        try:
            for file in sorted(after, key=lambda each: each.name == CONFIGURATION_FILE):
                self._write(file, before[file], after[file])
                written.append(file)
        except SettingRefused:
            for file in written:
                self._write(file, after[file], before[file])
            raise

    def _read(self, overlay: Mapping[Path, str]) -> Document:
        document = read_document(self._directory, CONFIGURATION_FILE, overlay)
        if document.problems:
            error = ConfigurationError(self._directory, document.problems, document.secrets)
            message = f"the configuration is not readable as it stands: {_first(error)}"
            raise SettingRefused(message)
        return document

    def _write(self, file: Path, before: str, after: str) -> None:
        try:
            if file.name == SECRETS_FILE and not before and not file.exists():
                return write_atomic(file, after.encode("utf-8"))
            file = file.resolve(strict=True)  # what a link points to is replaced, not the link
            content = file.read_bytes()
            if decode(content) != before:
                message = f"{file.name} was changed by somebody else just now; try again"
                raise SettingRefused(message)
            self.versions.keep(file.name, content)
            bom = _BOM if content.startswith(_BOM) else b""
            status = file.stat()
            write_atomic(file, bom + after.encode("utf-8"), stat.S_IMODE(status.st_mode))
            with contextlib.suppress(PermissionError):  # the owner stays, where we may
                os.chown(file, status.st_uid, status.st_gid)
        except OSError as error:
            message = f"{file.name} cannot be written: {error.strerror or error}"
            raise SettingRefused(message) from error


CONFIGURATION_WRITER: Key[ConfigurationWriter] = Key("configuration_writer")


def _text(file: Path) -> str:
    try:
        return decode(file.read_bytes())
    except (OSError, UnreadableYaml) as error:
        message = f"{file.name} cannot be read: {error}"
        raise SettingRefused(message) from error


def _with_secrets(text: str, secrets: Mapping[str, str]) -> str:
    try:
        for name, value in secrets.items():
            text = set_value(text, (name,), value)
    except (EditError, UnreadableYaml) as error:
        message = f"{SECRETS_FILE} cannot be changed: {error}"
        raise SettingRefused(message) from error
    return text


def _apply(document: Document, path: Path_, value: Any) -> tuple[Path, str, Any]:
    """Return the file to change, its new text, and the value that will be read from it."""
    file = document.file
    start = 0  # where the part of the path begins that is in the file
    for length in range(1, len(path) + 1):
        origin = document.origins.get(path[:length])
        if origin is None:
            continue
        if origin.source is Source.INCLUDE and origin.file is not None:
            if length < len(path):
                file, start = origin.file, length
            continue
        _refuse_if_fixed(origin, path)
        if origin.source is Source.SECRET and value is not UNSET and origin.file is not None:
            return _apply_secret(document, origin, origin.file, path, value)
    try:
        text = document.texts[file]
        inner = path[start:]
        changed = remove(text, inner) if value is UNSET else set_value(text, inner, value)
    except EditError as error:
        raise SettingRefused(str(error)) from error
    return file, changed, plain(value)


def _apply_secret(
    document: Document, origin: Origin, file: Path, path: Path_, value: Any
) -> tuple[Path, str, Any]:
    if isinstance(value, dict | list) or value is None:
        message = f"{dotted(path)} comes from !secret {origin.name}, which holds text only"
        raise SettingRefused(message)
    text = value.text if isinstance(value, Secret) else str(value)
    return file, set_value(document.texts[file], (origin.name,), text), text


def _refuse_if_fixed(origin: Origin, path: Path_) -> None:
    if origin.source is Source.ENVIRONMENT:
        message = f"{dotted(path)} is set by the environment variable {origin.name}"
        raise SettingRefused(message)
    if origin.source is Source.ALIAS:
        message = f"{dotted(path)} is shared with another place of the file (*{origin.name})"
        raise SettingRefused(message)


def _with(data: Any, path: Path_, value: Any) -> Any:
    """Return ``data`` with the change, as plain data."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        items = list(data or ())
        if value is UNSET and not rest:
            del items[step]
        elif step < len(items):
            items[step] = _with(items[step], rest, value)
        else:
            items.append(_with(None, rest, value))
        return items
    result = dict(data or {})
    if value is UNSET and not rest:
        result.pop(step, None)
    else:
        result[step] = _with(result.get(step), rest, value)
    return result


def _compare(expected: Any, found: Any) -> None:
    different = [dotted(path) for path in _differences(expected, found, ())]
    if different:
        message = f"that would change other values too: {', '.join(different[:5])}"
        raise SettingRefused(message)


def _differences(expected: Any, found: Any, path: Path_) -> Iterator[Path_]:
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in {**expected, **found}:
            if key in expected and key in found:
                yield from _differences(expected[key], found[key], (*path, key))
            else:
                yield (*path, key)
    elif isinstance(expected, list) and isinstance(found, list):
        for index in range(max(len(expected), len(found))):
            if index < min(len(expected), len(found)):
                yield from _differences(expected[index], found[index], (*path, index))
            else:
                yield (*path, index)
    elif type(expected) is not type(found) or repr(expected) != repr(found):
        yield path  # by repr, because not-a-number is never equal to itself


def _printer(data: Any, printer_id: str) -> tuple[Path_, dict[str, Any]]:
    """Return where the entry of a printer stands, in a list or alone."""
    printers = data.get(PRINTER) if isinstance(data, dict) else None
    if isinstance(printers, dict):
        printers, alone = [printers], True
    else:
        alone = False
    for index, entry in enumerate(printers or ()):
        if isinstance(entry, dict) and str(entry.get("id")) == printer_id:
            return (PRINTER,) if alone else (PRINTER, index), entry
    message = f"there is no printer '{printer_id}' in {CONFIGURATION_FILE}"
    raise SettingRefused(message)


def _in_profile(entry: dict[str, Any], path: Path_) -> Path_ | None:
    name = entry.get(PROFILE)
    if path[:1] == (PROFILE,) and len(path) > 1 and isinstance(name, str):
        return (PROFILES, name, *path[1:])
    return None


def _first(error: ConfigurationError) -> str:
    """Return the first problem in one line."""
    problem = error.problems[0]
    path = f"{dotted(problem.path)}: " if problem.path else ""
    return f"{problem.place.file.name}:{problem.place.line}: {path}{problem.message}"
