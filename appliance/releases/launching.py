"""Which release is started, and when to go back. Only the standard library.

    python -I -m appliance.releases.launching choose ROOT FACTORY [start]
    python -I -m appliance.releases.launching fall-back ROOT FACTORY REASON CONFIG

The launcher in the read-only root runs this with the code of the factory release, so that it
works whatever the other releases are like. ``choose`` prints the folder of the release;
``start`` counts an attempt of one that is on trial. Whatever goes wrong here, the answer is
the factory release.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from appliance.releases.slots import CURRENT, PREVIOUS, Slots, State, Trial

# Of a release on trial; then it is not well.
MOST_ATTEMPTS = 2
CHECK_S = 120.0
NOTHING_TO_DO = 3


def choose(slots: Slots, *, start: bool = False) -> Path:
    """Return the folder of the release to start."""
    current = slots.version_at(CURRENT)
    state = slots.state()
    trial = state.trial
    if start and trial is not None and trial.version == current:
        if trial.attempts >= MOST_ATTEMPTS:
            reason = f"it did not get as far as answering in {trial.attempts} attempts"
            current = fall_back(slots, reason)
        else:
            trial = replace(trial, attempts=trial.attempts + 1)
            slots.save(replace(state, trial=trial))
    elif start and trial is not None:
        current = _lost(slots, state, trial, current)
    if current is None and _named(slots) is not None:  # there is one, and it is damaged
        current = slots.version_at(PREVIOUS)
    return slots.folder_of(current)


def way_back(slots: Slots) -> str | None:
    """Return the release before this one, or None for the factory release."""
    failed, trial = _named(slots), slots.state().trial
    back_to = slots.version_at(PREVIOUS)
    if trial is not None and trial.version == failed:
        back_to = trial.back_to
    if back_to == failed or (back_to is not None and not slots.is_whole(back_to)):
        return None
    return back_to


def fall_back(slots: Slots, reason: str) -> str | None:
    """Make the release before this one current; return it, or None for the factory release."""
    state, failed, back_to = slots.state(), _named(slots), way_back(slots)
    # The order matters: killed between two of these, the next start does the same again.
    slots.point(CURRENT, back_to)
    slots.point(PREVIOUS, None)
    if failed is not None:
        outcome = slots.note("rolled_back", failed, reason)
        restore = _data_for(slots, state.trial, failed)
        slots.save(replace(state, trial=None, outcome=outcome, restore=restore))
    return back_to


def _data_for(slots: Slots, trial: Trial | None, failed: str) -> str | None:
    """Return the backup that is needed because the failed release may have changed data."""
    if trial is None or trial.version != failed or not trial.attempts:
        return None
    changed = slots.data_format_of(failed) > slots.data_format_of(trial.back_to)
    return trial.backup if changed else None


def begin_trial(
    slots: Slots,
    version: str,
    failed_before: Sequence[str] = (),
    backup: Path | None = None,
) -> None:
    """Make a release current, on trial: it has to show that it is well."""
    before = slots.version_at(CURRENT)
    kept = None if backup is None else str(backup)
    trial = Trial(version, before, 0, tuple(failed_before), kept)
    slots.save(replace(slots.state(), trial=trial))
    slots.point(PREVIOUS, before)
    slots.point(CURRENT, version)


def end_trial(slots: Slots) -> None:
    """Note that the release on trial is well; no older one is installed from now on."""
    trial = slots.state().trial
    if trial is not None:
        outcome = slots.note("installed", trial.version)
        slots.save(State(trial.version, None, outcome))


def go_back(slots: Slots, version: str | None) -> None:
    """Make another release current, as a person wishes; None is the factory release."""
    before = slots.version_at(CURRENT)
    slots.save(replace(slots.state(), trial=None))
    slots.point(PREVIOUS, before)
    slots.point(CURRENT, version)
    shown = version or slots.factory_version or "factory"
    slots.save(replace(slots.state(), outcome=slots.note("went_back", shown)))


def _lost(slots: Slots, state: State, trial: Trial, current: str | None) -> str | None:
    """Heed a trial whose release is not current: it is damaged, or was never switched to."""
    if _named(slots) != trial.version:
        if trial.attempts:  # killed while going back
            outcome = slots.note("rolled_back", trial.version, "it was not well")
            restore = _data_for(slots, trial, trial.version)
            state = replace(state, outcome=outcome, restore=restore)
        slots.save(replace(state, trial=None))
        return current
    return fall_back(slots, "its files are damaged")


def _named(slots: Slots) -> str | None:
    """Return the version that the link names, whole or not."""
    try:
        return (slots.root / CURRENT).readlink().name
    except OSError:
        return None


def _fall_back(slots: Slots, reason: str, config: str) -> int:
    """Go back if the one before can read the configuration: else that is what is wrong."""
    if _named(slots) is None:
        sys.stderr.write("The factory release runs: there is nothing to go back to\n")
        return NOTHING_TO_DO
    python = slots.folder_of(way_back(slots)) / "bin" / "python"
    check = [str(python), "-I", "-m", "appliance", "check", "--config", config]
    try:
        done = subprocess.run(  # noqa: S603 - our own code
            check, stdin=subprocess.DEVNULL, timeout=CHECK_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        sys.stderr.write(f"The configuration cannot be checked: {error}\n")
        return NOTHING_TO_DO
    if done.returncode != 0:
        sys.stderr.write("The configuration is what is wrong: going back would not help\n")
        return NOTHING_TO_DO
    chosen = fall_back(slots, reason)
    sys.stderr.write(f"Going back to {chosen or 'the factory release'}: {reason}\n")
    return 0


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments say."""
    verb, root, factory, *rest = arguments
    slots = Slots(Path(root), Path(factory))
    if verb == "fall-back":
        return _fall_back(slots, rest[0], rest[1])
    try:
        folder = choose(slots, start="start" in rest)
    except OSError as error:  # the data partition is damaged, full or read-only
        sys.stderr.write(f"The factory release is started: {error}\n")
        folder = slots.factory
    sys.stdout.write(f"{folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
