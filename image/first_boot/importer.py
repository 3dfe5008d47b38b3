"""The import at each boot: read the card, set what it says, take the secrets off.

Everything here can be done again: after a power cut at any point the next boot starts from
the beginning and comes to the same end.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from appliance import __version__
from appliance.config import CONFIGURATION_FILE
from appliance.config.apart import known_secrets
from appliance.config.report import HIDDEN, SECRETS_FILE, Problem, render
from appliance.config.schema import closest
from appliance.config.validate import check
from appliance.config.yaml import Document, read_document

from . import disk
from .host import Host, NotStored
from .imager import dont_run_script, forget, read_presets
from .inbox import Inbox, read_inbox
from .joining import put_back
from .merge import as_remembered
from .network import NO_COUNTRY
from .outcome import Outcome
from .product import Merged, Wanted
from .report import last_start
from .restore import Restorer
from .scrub import scrub
from .settings import SCHEMAS, SECTIONS, STORED, WIFI
from .state import State, load_state, save_state
from .wishes import MQTT, wanted
from .work import Worker, WorkFailed, preparing, taking

_FORGOTTEN = (
    "nothing is left of the starts before this one: the card's data partition is missing, or"
    " was beyond repair. What gantry.yaml says is set again; a backup brings the rest back if"
    " you put it on this drive as gantry-restore.zip"
)
_WITH_PASSWORDS = ("wifi", "auth", "mqtt", "mosquitto")
_LIKE_A_SECRET = re.compile(r"(?i)((?:pass|psk|pw|key|token|secret)\w*).*")


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of an appliance."""

    boot: Path
    config: Path
    system: Path
    defaults: Path  # the configuration of the factory


@dataclass(slots=True)
class Importer:
    """One import."""

    places: Places
    worker: Worker
    restorer: Restorer | None = None
    outcome: Outcome = field(default_factory=Outcome)

    def run(self) -> Outcome:
        """Import whatever has changed; raise OSError where a disk refuses."""
        state = load_state(self.places.system)
        self._number(state)
        for folder in (self.places.boot, self.places.system):
            disk.sweep(folder)
        if put_back(self.places.system):
            self.outcome.notes.append("a Wi-Fi network was being tried, and was given up")
        self._restore()
        self._prepare(state)
        stored = known_secrets(self.places.config)
        inbox = read_inbox(self.places.boot, stored)
        self._take_presets()
        if inbox.digest != state.digest:
            self._import(inbox, stored, state)
        elif inbox.file is not None and inbox.document.data is not None:
            self.outcome.notes.append(f"{inbox.file.name} has not changed since its import")
        save_state(self.places.system, state)
        return self.outcome

    def _number(self, state: State) -> None:
        """Go on counting the starts where the report ends, if the data have gone."""
        reported = last_start(self.places.boot)
        if reported and not (self.places.config / CONFIGURATION_FILE).exists():
            self.outcome.notes.append(_FORGOTTEN)
        state.boots = max(state.boots, reported) + 1
        self.outcome.version, self.outcome.boot = __version__, state.boots

    def _prepare(self, state: State) -> None:
        """Have a configuration that is valid, the last good one if need be."""
        digest = _digest(self.places.config)
        if digest == state.checked:
            return
        try:
            found = self.worker(preparing(self.places.config, self._defaults))
        except WorkFailed as error:
            self.outcome.problems.append(str(error))
            return
        self.outcome.applied += found["applied"]
        if found["problem"] is None:
            state.checked = _digest(self.places.config)
        else:
            state.checked = ""
            self.outcome.problems.append(found["problem"])

    def _restore(self) -> None:
        """Restore a backup that somebody has put on the card."""
        if self.restorer is None:
            return
        done, wrong = self.restorer.restore(self.places.boot)
        self.outcome.applied += [done] if done else []
        self.outcome.problems += [wrong] if wrong else []

    def _import(self, inbox: Inbox, stored: Mapping[str, str], state: State) -> None:
        if inbox.file is not None and inbox.document.data is None and not inbox.problems:
            name = inbox.file.name
            self.outcome.notes.append(f"{name} sets nothing: it is empty, or all remarks")
        host_done = self._set_host(inbox)
        wishes = wanted(inbox, stored, join_broker=self._joins_broker(state))
        merged = self._set_product(inbox, wishes, state)
        done = host_done | (frozenset(wishes.values) - frozenset(merged.refused))
        is_stored = merged.in_force is None
        self._scrub(inbox, wishes, done if is_stored else host_done, is_stored=is_stored)
        self._report(inbox)
        kept = {key: state.product[key] for key in state.product if key not in done}
        taken = {key: wishes.values[key] for key in wishes.values if key in done}
        gone = set(state.product) - set(wishes.values) - inbox.broken_sections
        gone = gone if inbox.is_whole and is_stored else set()
        state.product = {
            **{key: value for key, value in kept.items() if key not in gone},
            **as_remembered(taken),
        }
        clean = not inbox.problems and is_stored
        state.digest = read_inbox(self.places.boot, stored).digest if clean else ""
        if is_stored:
            state.checked = _digest(self.places.config)

    # -- the computer

    def _take_presets(self) -> None:
        """Set what Raspberry Pi Imager says; gantry.yaml has the last word."""
        host = Host(self.places.system)
        for preset in read_presets(self.places.boot):
            problems = [] if preset.problem is None else [preset.problem]
            for section, value in preset.sections.items():
                document = Document(preset.file)
                checked, found = check(document, SCHEMAS[section], value, (section,))
                problems += [
                    f"{preset.file.name}: {section}: {each.message}" for each in found
                ]
                if not found:
                    self.outcome.applied += host.apply(section, checked)
            self.outcome.problems += problems
            self.outcome.notes += preset.notes
            if (preset.sections or preset.notes) and not problems:
                forget(preset, self.outcome.boot)
        if dont_run_script(self.places.boot):
            self.outcome.notes.append("Raspberry Pi Imager's script was read and is not run")

    def _set_host(self, inbox: Inbox) -> frozenset[str]:
        """Set each section that is right; return their names."""
        host = Host(self.places.system)
        broken = inbox.broken_sections
        done = set()
        for section in SECTIONS:
            if section not in inbox.host or section in broken:
                continue
            value = inbox.verbatim((section,), inbox.host[section])
            checked, problems = check(inbox.document, SCHEMAS[section], value, (section,))
            inbox.problems += problems
            if problems:
                continue
            try:
                self.outcome.applied += host.apply(section, checked)
            except NotStored as error:
                hint = "write its password again"
                inbox.problems.append(inbox.problem((section,), str(error), hint))
                continue
            done.add(section)
        if WIFI in done and host.networks and host.country is None:
            self.outcome.notes.append(NO_COUNTRY)
        return frozenset(done)

    # -- the product

    @property
    def _defaults(self) -> str:
        return self.places.defaults.read_text(encoding="utf-8")

    def _joins_broker(self, state: State) -> bool:
        """Whether the section mqtt is ours to write: nobody has configured another broker."""
        live = read_document(self.places.config, CONFIGURATION_FILE).data
        return MQTT in state.product or not isinstance(live, dict) or MQTT not in live

    def _set_product(self, inbox: Inbox, wishes: Wanted, state: State) -> Merged:
        broken = inbox.broken_sections
        before = {
            key: value
            for key, value in state.product.items()
            if key in wishes.values or (inbox.is_whole and key not in broken)
        }
        if not wishes.values and not wishes.secrets and not before:
            return Merged()
        order = taking(self.places.config, self._defaults, wishes, before)
        try:
            merged = Merged(**self.worker(order))
        except WorkFailed as error:
            merged = Merged(refused=list(wishes.values), in_force=str(error))
        for path, message, hint in merged.findings:
            inbox.problems.append(_finding(inbox, tuple(path), message, hint))
        if merged.in_force is not None:
            self.outcome.problems.append(
                f"The configuration in force cannot be changed:\n{merged.in_force}"
            )
        if merged.changed:
            self.outcome.applied += merged.changed
        return merged

    # -- afterwards

    def _scrub(
        self, inbox: Inbox, wishes: Wanted, done: frozenset[str], *, is_stored: bool
    ) -> None:
        names = set(wishes.secrets_of(sorted(done))) if is_stored else set()
        host_names = {
            name
            for path in inbox.document.origins
            if path and path[0] in done and (name := inbox.secret_name(path)) is not None
        }
        only_done = {name for name in names | host_names if _users(inbox, name) <= done} & set(
            inbox.secrets
        )
        if left := scrub(inbox, done, sorted(only_done)):
            self.outcome.notes.append(
                f"these secrets could not be taken off the card: {', '.join(left)}"
            )

    def _report(self, inbox: Inbox) -> None:
        self.outcome.notes += inbox.notes
        if not inbox.problems:
            return
        secrets = {text for text in inbox.secrets.values() if text != STORED}
        for path in inbox.secret_paths():
            secrets.add(str(inbox.verbatim(path, _value(inbox.document.data, path))))
        problems = sorted(set(inbox.problems), key=lambda each: each.place.line)
        hidden = [_without_values(each) for each in problems]
        self.outcome.problems.append(render(self.places.boot, hidden, secrets))


def _without_values(problem: Problem) -> Problem:
    """Return a problem without what may be a secret under a mistyped name."""
    source = problem.source
    if source is None:
        return problem
    has_passwords = bool(problem.path) and problem.path[0] in _WITH_PASSWORDS
    if has_passwords and "is no option of" in problem.message:
        source = source[: problem.place.column - 1] + str(problem.path[-1]) + ": ..."
    elif has_passwords or not problem.path:  # the usual way of hiding does not find it
        source = _LIKE_A_SECRET.sub(rf"\1 {HIDDEN}", source)
    return replace(problem, source=source)


def _finding(inbox: Inbox, path: Any, message: str, hint: str | None) -> Problem:
    if message.startswith("there is no component") and len(path) == 1:
        message = f"there is no setting '{path[0]}'"
        guess = closest(path[0], [*SECTIONS, *_quoted(hint)])
        hint = f"did you mean '{guess}'?" if guess else hint
    return inbox.problem(path, message, hint)


def _quoted(hint: str | None) -> Iterable[str]:
    return [hint.split("'")[1]] if hint and hint.count("'") >= 2 else []


def _users(inbox: Inbox, name: str) -> set[str]:
    return {
        str(path[0])
        for path in inbox.document.origins
        if path and inbox.secret_name(path) == name
    }


def _value(data: Any, path: Iterable[Any]) -> Any:
    for step in path:
        data = data[step]
    return data


def _digest(folder: Path) -> str:
    """Return a digest of the configuration."""
    digest = hashlib.sha256()
    for name in (CONFIGURATION_FILE, SECRETS_FILE):
        try:
            digest.update((folder / name).read_bytes())
        except OSError:
            digest.update(b"\0")
    return digest.hexdigest()
