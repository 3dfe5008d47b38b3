"""Run as a program, see `tests.cuts`: ``python -m tests.releases.power_cut WORK FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path

from appliance.releases import installing
from appliance.releases.bundle import load_keys
from appliance.releases.installing import install
from appliance.releases.launching import begin_trial, choose, end_trial, fall_back
from appliance.releases.slots import Slots
from appliance.releases.usage import sweep
from tests.cuts import cut_everywhere
from tests.releases.made import BASE_PYTHON, make_bundle, make_keys, make_slots


def slots_of(base: Path) -> Slots:
    return Slots(base / "releases", base / "factory")


def prepare(base: Path, *versions: str, trial: bool = False) -> None:
    slots = make_slots(base, *versions)
    make_keys(base)
    make_bundle(base / "new", "1.2")
    (base / "config").mkdir()
    (base / "config" / "configuration.yaml").write_text("fine")
    if trial:
        slots.point("current", "1.1")
        begin_trial(slots, "1.2")
        choose(slots, start=True)


def do_install(base: Path) -> None:
    installing.test = lambda *_: None  # its own process, which is not killed with us
    installing._run = lambda *_: ""
    keys = load_keys(base / "keys")
    bundle = base / "new/gantry-1.2.bundle"
    install(bundle, slots_of(base), keys, base, lambda *_: None, BASE_PYTHON)


def look_at_install(base: Path) -> None:
    """What runs is untouched; the new one is whole or not there; the next try gets through."""
    slots = slots_of(base)
    assert choose(slots, start=True).name == "1.1"
    if slots.is_whole("1.2"):
        for path in (slots.root / "1.2").rglob("*.py"):
            assert path.stat().st_size, path
    sweep(slots)
    left = [path.name for path in slots.root.iterdir() if path.name.startswith(".inst")]
    assert not left
    do_install(base)
    assert slots.installed() == ["1.1", "1.2"]


def do_trial(base: Path) -> None:
    slots = slots_of(base)
    begin_trial(slots, "1.2")
    choose(slots, start=True)
    end_trial(slots)


def look_at_trial(base: Path) -> None:
    """One of the two is started, and a new one that never shows itself well is left."""
    slots = slots_of(base)
    assert choose(slots, start=True).name in {"1.1", "1.2"}
    if slots.state().highest == "1.2":
        assert choose(slots, start=True).name == "1.2"
        return
    for _ in range(3):
        last = choose(slots, start=True).name
    assert last == "1.1", "it was never well"


def look_at_fall_back(base: Path) -> None:
    """The one before is started, sooner or later, and the reason is not lost."""
    slots = slots_of(base)
    for _ in range(3):
        last = choose(slots, start=True).name
    assert last == "1.1"
    state = slots.state()
    assert state.trial is None
    assert state.outcome is not None
    assert (state.outcome.result, state.outcome.version) == ("rolled_back", "1.2")


def do_fall_back(base: Path) -> None:
    fall_back(slots_of(base), "it is not well")


WORKS = {
    "install": (lambda base: prepare(base, "1.1"), do_install, look_at_install),
    "trial": (lambda base: prepare_two(base, trial=False), do_trial, look_at_trial),
    "fall_back": (lambda base: prepare_two(base, trial=True), do_fall_back, look_at_fall_back),
}


def prepare_two(base: Path, *, trial: bool) -> None:
    prepare(base, "1.1", "1.2", trial=trial)
    if not trial:
        slots_of(base).point("current", "1.1")


if __name__ == "__main__":
    print(cut_everywhere(Path(sys.argv[2]), *WORKS[sys.argv[1]]))
