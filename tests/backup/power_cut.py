"""Run as a program, see `tests.cuts`: ``python -m tests.backup.power_cut WORK FOLDER``."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from appliance.backup.packing import pack
from appliance.backup.ready import load_ready, staging_folder
from appliance.backup.replacing import finish_restore, replace
from appliance.backup.staging import stage, verify
from tests.backup.folders import HEAD, TAKEN, add_row, folders, make_folder, state
from tests.cuts import cut_everywhere


def _config(base: Path) -> Path:
    return base / "config"


def _archive(base: Path) -> Path:
    return base / "one.zip"


def prepare(base: Path, *, staged: bool) -> None:
    """Make a folder, a backup of it, and change everything."""
    config = make_folder(base)
    pack(_archive(base), HEAD, folders(config), None)
    make_folder(base, "new")
    add_row(config / ".storage/history.sqlite", "newest")
    if staged:
        stage(_archive(base), config, None)


def look_at_old_or_restored(base: Path) -> None:
    """At the next start it is as it was, or as in the backup; nothing in between."""
    config = _config(base)
    now = state(config)
    ready = load_ready(staging_folder(config)) is not None
    finish_restore(config)
    after = state(config)
    if ready:
        _is_restored(after)
    else:
        assert after == now, "a restore that was not ready changes nothing"
        assert after["secrets.yaml"]
        assert "new" in after[".storage/auth.json"]
        assert "newest" in after[".storage/history.sqlite"]
    assert not staging_folder(config).exists()


def look_at_restored(base: Path) -> None:
    """Once begun, the next start brings it to its end."""
    config = _config(base)
    finish_restore(config)
    _is_restored(state(config))
    assert not staging_folder(config).exists()


def look_at_backup(base: Path) -> None:
    """A backup under its name is whole, and nothing was taken from what it was made of."""
    made = base / "two.zip"
    if made.exists():
        verify(made, None)
    verify(_archive(base), None)
    assert "newest" in state(_config(base))[".storage/history.sqlite"]


def _is_restored(found: dict[str, str]) -> None:
    assert set(found) == TAKEN
    assert all("new" not in text for text in found.values()), found
    assert found[".storage/history.sqlite"] == "['old']"


def _stage(base: Path) -> None:
    stage(_archive(base), _config(base), None)


def _replace(base: Path) -> None:
    replace(_config(base))


def _pack(base: Path) -> None:
    pack(base / "two.zip", HEAD, folders(_config(base)), None)


WORKS = {
    "pack": (partial(prepare, staged=False), _pack, look_at_backup),
    "stage": (partial(prepare, staged=False), _stage, look_at_old_or_restored),
    "replace": (partial(prepare, staged=True), _replace, look_at_restored),
}


if __name__ == "__main__":
    print(cut_everywhere(Path(sys.argv[2]), *WORKS[sys.argv[1]]))
