"""The shell scripts, as a person or an init system calls them."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.core.test_cli import HEAD, LISTENS, WORK
from tests.made import PLAIN, make_component, make_configuration

ROOT = Path(__file__).parent.parent.parent

# Says why it is stopped: a signal that came twice would say "cancel".
TELLS = (
    HEAD
    + "from appliance.core import Stage\n"
    + PLAIN.replace(
        WORK,
        "appliance.warn_before_interrupt(lambda: 'Something goes on.')\n"
        "    async def stop(reason):\n"
        "        print(f'reason: {reason}', flush=True)\n"
        "    appliance.on_stop(Stage.VIEWS, 'tells', stop)",
    )
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "a folder"  # with a space
    make_configuration(folder, "http:\n")
    make_component(folder / "custom_components", "http", LISTENS)
    return folder


@contextmanager
def script_run(
    folder: Path, *wrap: str, **options: object
) -> Iterator[subprocess.Popen[bytes]]:
    """Start `script/run` with nothing in its environment, from another folder."""
    command = [*wrap, str(ROOT / "script" / "run"), "--config", folder.name]
    process = subprocess.Popen(
        command,
        cwd=folder.parent,
        env={},
        stdout=subprocess.PIPE,
        **options,  # type: ignore[call-overload]
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=60)


def line_of(process: subprocess.Popen[bytes]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().decode()


def test_it_runs_from_anywhere_and_ends_with_sigterm(folder: Path) -> None:
    with script_run(folder) as process:
        assert line_of(process) == "Gantry is ready: http://here:8080\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def test_a_wanted_restart_is_one(folder: Path) -> None:
    code = HEAD + "from pathlib import Path\n" + PLAIN.replace(
        WORK,
        "flag = appliance.paths.config / 'flag'\n"
        "    if not flag.exists():\n"
        "        flag.touch()\n"
        "        appliance.request_stop(StopReason.RESTART)",
    )  # fmt: skip
    make_component(folder / "custom_components", "again", code)
    make_configuration(folder, "http:\nagain:\n")
    with script_run(folder) as process:
        assert line_of(process) == line_of(process) == "Gantry is ready: http://here:8080\n"
        process.terminate()
        assert process.wait(60) == 0


def test_ctrl_c_is_delivered_once(folder: Path) -> None:
    make_component(folder / "custom_components", "tells", TELLS)
    make_configuration(folder, "http:\ntells:\n")
    ours, theirs = os.openpty()
    try:
        with script_run(folder, "/usr/bin/setsid", "--ctty", stdin=theirs) as process:
            line_of(process)
            os.write(ours, b"\x03")
            assert line_of(process) == "reason: interrupt\n"
            assert process.wait(60) == 0
    finally:
        os.close(ours)
        os.close(theirs)


def test_a_broken_configuration_is_not_tried_again(folder: Path) -> None:
    make_configuration(folder, "htpp:\n")
    with script_run(folder, stderr=subprocess.PIPE) as process:
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert b"did you mean 'http'?" in errors


def test_without_rights_the_packages_are_named(tmp_path: Path) -> None:
    for name, body in (("id", "echo 1000"), ("sudo", "exit 1"), ("dpkg-query", "exit 1")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / name).chmod(0o755)
    program = '. "$1/script/setup" && need_packages one two && echo installed'
    result = subprocess.run(
        ["/bin/sh", "-c", program, str(ROOT / "script" / "run"), str(ROOT)],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 3
    assert "sudo apt-get install one two" in result.stderr
    assert not result.stdout


def test_a_second_installation_has_nothing_to_do(tmp_path: Path) -> None:
    """The fingerprint decides: a Python that would fail is not even called."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").write_text("#!/bin/sh\nexit 9\n")
    (tmp_path / "bin" / "python").chmod(0o755)
    program = (
        '. "$1/script/setup" && fingerprint pyproject.toml requirements.lock requirements.lock'
        ' >"$VENV/.installed-runtime" && install_runtime && echo nothing to do'
    )
    result = subprocess.run(
        ["/bin/sh", "-c", program, str(ROOT / "script" / "run"), str(ROOT)],
        env={"GANTRY_VENV": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.stdout, result.returncode) == ("nothing to do\n", 0)
