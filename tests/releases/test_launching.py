"""Which release is started: whatever is damaged, something is."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from appliance.releases import launching
from appliance.releases.launching import begin_trial, choose, end_trial, fall_back, go_back
from appliance.releases.slots import CURRENT, PREVIOUS, PYTHON, STATE, Slots
from tests.releases.made import make_slots

ROOT = Path(__file__).parents[2]
LAUNCH = ROOT / "image/overlay/usr/lib/gantry/launch"


def started(slots: Slots) -> str:
    """Start as the launcher does; return what is started."""
    return choose(slots, start=True).name


def test_the_factory_release_is_started_where_there_is_no_other(tmp_path: Path) -> None:
    slots = make_slots(tmp_path)
    assert choose(slots) == slots.factory
    assert choose(Slots(tmp_path / "no such disk", slots.factory), start=True) == slots.factory


def test_the_current_release_is_started(tmp_path: Path) -> None:
    assert started(make_slots(tmp_path, "1.1", "1.2")) == "1.2"


@pytest.mark.parametrize(
    "damage",
    [
        "release.json",
        "bin/python",
        "lib/python{}/site-packages/appliance/__main__.py",
        "",
    ],
)
def test_a_release_that_lacks_something_is_not_started(tmp_path: Path, damage: str) -> None:
    slots = make_slots(tmp_path, "1.1", "1.2")
    for version, then in (("1.2", "1.1"), ("1.1", "factory")):
        path = slots.root / version / damage.format(PYTHON)
        if damage:
            path.unlink()
        else:
            shutil.rmtree(path)
        assert started(slots) == then


def test_an_empty_file_after_a_power_cut_is_no_release(tmp_path: Path) -> None:
    slots = make_slots(tmp_path, "1.1")
    package = slots.root / "1.1/lib" / f"python{PYTHON}" / "site-packages"
    (package / "appliance/__main__.py").write_bytes(b"")
    assert started(slots) == "factory"


@pytest.mark.parametrize("content", [b"", b"[]", b'{"trial": {}}', b'{"trial": 5}', b"\xff"])
def test_a_damaged_state_is_none(tmp_path: Path, content: bytes) -> None:
    slots = make_slots(tmp_path, "1.1")
    (slots.root / STATE).write_bytes(content)
    assert started(slots) == "1.1"


@pytest.mark.parametrize("target", ["/etc", "../factory", "nothing", "."])
def test_a_link_that_leads_elsewhere_is_not_followed(tmp_path: Path, target: str) -> None:
    slots = make_slots(tmp_path)
    (slots.root / CURRENT).symlink_to(target)
    assert started(slots) == "factory"


def test_a_release_on_trial_is_left_when_it_does_not_get_through(tmp_path: Path) -> None:
    slots = make_slots(tmp_path, "1.1", "1.2")
    slots.point(CURRENT, "1.1")
    begin_trial(slots, "1.2")
    assert [started(slots) for _ in range(4)] == ["1.2", "1.2", "1.1", "1.1"]
    outcome = slots.state().outcome
    assert outcome is not None
    assert (outcome.result, outcome.version) == ("rolled_back", "1.2")
    assert "2 attempts" in outcome.reason


def test_only_a_start_counts_as_an_attempt(tmp_path: Path) -> None:
    slots = make_slots(tmp_path, "1.1")
    begin_trial(slots, "1.1")
    for _ in range(5):
        assert choose(slots).name == "1.1"
    assert started(slots) == "1.1"


def test_a_release_that_was_well_is_not_on_trial_any_more(tmp_path: Path) -> None:
    slots = make_slots(tmp_path, "1.1")
    begin_trial(slots, "1.1")
    started(slots)
    end_trial(slots)
    assert [started(slots) for _ in range(4)] == ["1.1"] * 4
    state = slots.state()
    assert (state.highest, state.trial) == ("1.1", None)
    assert state.outcome is not None
    assert state.outcome.result == "installed"


def test_a_release_on_trial_whose_files_vanish_is_left_with_a_reason(tmp_path: Path) -> None:
    slots = make_slots(tmp_path, "1.1", "1.2")
    slots.point(CURRENT, "1.1")
    begin_trial(slots, "1.2")
    shutil.rmtree(slots.root / "1.2")
    assert started(slots) == "1.1"
    outcome = slots.state().outcome
    assert outcome is not None
    assert "damaged" in outcome.reason


def test_going_back_again_and_again_ends_at_the_factory_release(tmp_path: Path) -> None:
    slots = make_slots(tmp_path, "1.1", "1.2")
    assert fall_back(slots, "it crashes") == "1.1"
    assert fall_back(slots, "it crashes") is None
    assert started(slots) == "factory"
    assert fall_back(slots, "it crashes") is None


def test_a_person_goes_back_and_forth(tmp_path: Path) -> None:
    slots = make_slots(tmp_path, "1.1", "1.2")
    go_back(slots, "1.1")
    assert (started(slots), slots.version_at(PREVIOUS)) == ("1.1", "1.2")
    go_back(slots, None)
    assert (started(slots), slots.version_at(PREVIOUS)) == ("factory", "1.1")
    outcome = slots.state().outcome
    assert outcome is not None
    assert (outcome.result, outcome.version) == ("went_back", "1.0")


# -- the launcher and the unit's helper themselves


def environment(slots: Slots, tmp_path: Path, uid: int = 999) -> dict[str, str]:
    """Return what the scripts see; a little `id` says who they are."""
    tools = tmp_path / "tools"
    tools.mkdir(exist_ok=True)
    (tools / "id").write_text(f"#!/bin/sh\necho {uid}\n")
    (tools / "sleep").write_text("#!/bin/sh\nexit 0\n")
    for tool in tools.iterdir():
        tool.chmod(0o755)
    package = slots.factory / "lib" / f"python{PYTHON}" / "site-packages/appliance"
    shutil.copytree(ROOT / "appliance/releases", package / "releases", dirs_exist_ok=True)
    return {
        "PATH": f"{tools}:{os.environ['PATH']}",
        "GANTRY_RELEASES": str(slots.root),
        "GANTRY_FACTORY": str(slots.factory),
    }


def launch(env: dict[str, str]) -> str:
    done = subprocess.run(
        [str(LAUNCH), "appliance", "version"],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_launcher_runs_what_is_chosen(tmp_path: Path) -> None:
    slots = make_slots(tmp_path, "1.1")
    env = environment(slots, tmp_path)
    assert launch(env) == "Gantry 1.1"
    assert launch({**env, "GANTRY_RELEASES": "/nonexistent"}) == "Gantry 1.0"
    (slots.root / "1.1/bin/python").unlink()
    assert launch(env) == "Gantry 1.0"


def test_the_launcher_works_when_the_choice_does_not(tmp_path: Path) -> None:
    slots = make_slots(tmp_path, "1.1")
    env = environment(slots, tmp_path)
    packages = slots.factory / "lib" / f"python{PYTHON}" / "site-packages"
    (packages / "appliance/releases/launching.py").write_text("raise SystemExit(1)")
    assert launch(env) == "Gantry 1.0"


def test_root_runs_the_factory_release_only(tmp_path: Path) -> None:
    slots = make_slots(tmp_path, "1.1")
    assert launch(environment(slots, tmp_path, uid=0)) == "Gantry 1.0"


@pytest.mark.parametrize(("text", "then"), [("fine", "1.1"), ("bad", "1.2")])
def test_the_way_back_is_taken_if_it_helps(tmp_path: Path, text: str, then: str) -> None:
    slots = make_slots(tmp_path, "1.1", "1.2")
    (tmp_path / "configuration.yaml").write_text(text)
    done = subprocess.run(
        [str(LAUNCH.with_name("fall-back")), str(tmp_path)],
        env=environment(slots, tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert slots.version_at(CURRENT) == then, done.stderr
    assert started(slots) == then


def test_nothing_can_go_wrong_so_far_that_nothing_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    slots = make_slots(tmp_path, "1.1")
    begin_trial(slots, "1.1")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Slots, "save", full)
    words = ["choose", str(slots.root), str(slots.factory), "start"]
    assert launching.main(words) == 0
    assert capsys.readouterr().out == f"{slots.factory}\n"
