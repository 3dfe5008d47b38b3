from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from appliance import __version__
from appliance.cli import COMMANDS, main
from appliance.lock import Locked, lock_file
from appliance.passwords import verify_password
from tests.made import PLAIN, make_component, make_configuration

HEAD = "import asyncio\nfrom appliance.core import StopReason\n"
WORK = "appliance.set_up.append((DOMAIN, config))"
# Replaces our own http, so that the core is tested alone.
LISTENS = (
    "from appliance.core import ApplianceStarted\n"
    "from appliance.domain.serving import HttpListening\n"
    + PLAIN.replace(
        WORK,
        "appliance.bus.listen(ApplianceStarted, lambda _: "
        "appliance.bus.fire(HttpListening('http://here:8080')))",
    )
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_configuration(tmp_path, "http:\n")
    make_component(tmp_path / "custom_components", "http", LISTENS)
    return tmp_path


@contextmanager
def running(folder: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "appliance", "run", "--config", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )
    try:
        with process:
            yield process
    finally:
        process.kill()
        process.wait()


def ended(folder: Path) -> tuple[int, str]:
    """Run it to its end; return the exit code and what it logged."""
    with running(folder) as process:
        _, errors = process.communicate(timeout=60)
        return process.returncode, errors


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_and_ends_when_told(folder: Path, number: signal.Signals) -> None:
    with running(folder) as process:
        assert line_of(process) == "Gantry is ready: http://here:8080\n"
        process.send_signal(number)
        assert process.wait(30) == 0
    log = (folder / "logs" / "gantry.log").read_text()
    assert f"Gantry {__version__} starts on {folder}" in log
    assert {file.name for file in folder.iterdir()} == {
        ".storage", "configuration.yaml", "custom_components", "logs",
    }  # fmt: skip


def test_systemd_is_told(folder: Path, short_folder: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(str(short_folder / "notify"))
        receiver.settimeout(30)
        environment = {
            "NOTIFY_SOCKET": str(short_folder / "notify"),
            "WATCHDOG_USEC": "20000000",
        }
        with running(folder, **environment) as process:
            said = {receiver.recv(200).decode() for _ in range(2)}
            assert said == {"READY=1\nSTATUS=ready at http://here:8080", "WATCHDOG=1"}
            process.terminate()
            while receiver.recv(200) != b"STOPPING=1":
                pass


def test_one_appliance_for_one_folder(folder: Path) -> None:
    with running(folder) as first:
        line_of(first)
        code, errors = ended(folder)
        assert code == 1
        assert f"Gantry is running already on {folder} (process {first.pid})" in errors
        first.kill()  # the kernel frees the lock
        first.wait()
    with running(folder) as second:
        assert "ready" in line_of(second)
        second.terminate()
        assert second.wait(30) == 0


def test_a_restart_is_asked_for_by_the_exit_code(folder: Path) -> None:
    code = HEAD + PLAIN.replace(WORK, "appliance.request_stop(StopReason.RESTART)")
    make_component(folder / "custom_components", "again", code)
    make_configuration(folder, "again:\n")
    assert ended(folder)[0] == 100


def test_without_what_is_required_it_does_not_start(folder: Path) -> None:
    code = HEAD + PLAIN.replace(WORK, "raise OSError('port 80 is taken')")
    make_component(folder / "custom_components", "needed", code, required=True)
    make_configuration(folder, "needed:\n")
    code_, errors = ended(folder)
    assert code_ == 1
    assert "Gantry cannot start: 'needed' is required and cannot be set up" in errors


def test_a_signal_while_starting_ends_it_in_order(folder: Path) -> None:
    code = HEAD + PLAIN.replace(
        WORK, "print('starting', flush=True)\n    await asyncio.Event().wait()"
    )
    make_component(folder / "custom_components", "slow", code)
    make_configuration(folder, "slow:\n")
    with running(folder) as process:
        assert line_of(process) == "starting\n"
        process.terminate()
        assert process.wait(30) == 0


def test_secrets_do_not_reach_the_log(folder: Path) -> None:
    code = (
        HEAD
        + "import logging\n"
        + PLAIN.replace(
            WORK,
            "logging.getLogger('x').warning('it is %s', config['password'])\n"
            "    appliance.request_stop(StopReason.TERMINATE)",
        )
    )
    make_component(folder / "custom_components", "leaky", code)
    make_configuration(folder, "leaky: {password: swordfish}\n")
    code_, errors = ended(folder)
    assert code_ == 0
    assert "it is <secret>" in errors
    assert "swordfish" not in errors + (folder / "logs" / "gantry.log").read_text()


def test_a_broken_configuration_does_not_start(folder: Path) -> None:
    make_configuration(folder, "httpp:\n")
    code, errors = ended(folder)
    assert code == 1
    assert "did you mean 'http'?" in errors
    assert "Traceback" not in errors
    assert not (folder / ".storage").exists()


# -- in this process


def test_check_sums_up(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--config", str(folder)]) == 0
    assert capsys.readouterr().out == (
        f"The configuration in {folder} is valid.\n  printers:   none\n  components: http\n"
    )


def test_check_reports(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_configuration(folder, "http: {prot: 1}\nx:\n")
    assert main(["check", "--config", str(folder)]) == 1
    errors = capsys.readouterr().err
    assert "configuration.yaml:1:8: http->prot: 'prot' is no option of 'http'" in errors
    assert "2 problems" in errors


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["version"]) == 0
    assert capsys.readouterr().out == f"Gantry {__version__}\n"


def test_a_password_is_hashed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "input").write_text("swordfish\n\n")
    with (tmp_path / "input").open() as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert main(["hash-password"]) == 0
        assert verify_password("swordfish", capsys.readouterr().out.strip())
        assert main(["hash-password"]) == 1
        assert capsys.readouterr().err == "The password is empty.\n"


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["run", "--nonsense"]])
def test_wrong_arguments_show_the_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert exit_.value.code == 2
    assert "usage: gantry" in capsys.readouterr().err


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main([command, "--help"])
    assert exit_.value.code == 0
    assert f"usage: gantry {command}" in capsys.readouterr().out


def test_the_lock_is_private_and_free_afterwards(tmp_path: Path) -> None:
    path = tmp_path / ".storage" / "core.lock"
    with lock_file(path, "busy"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        with (
            pytest.raises(Locked, match=f"busy .process {os.getpid()}."),
            lock_file(path, "busy"),
        ):
            pytest.fail("two hold it")
    with lock_file(path, "busy"):
        pass


HEAVY = """
import sys, appliance.cli, appliance.commands.run
heavy = {"aiohttp", "zeroconf", "paho", "inotify_simple", "sqlite3", "serial"}
sys.exit(f"imported: {heavy & set(sys.modules)}" if heavy & set(sys.modules) else 0)
"""


# What costs much memory and has no work before somebody writes a template, prints or updates.
IDLE = """
import sys
from pathlib import Path
from appliance.catalogue import Catalogue
catalogue = Catalogue(Path("nowhere"))
views = ["moonraker_api", "octoprint_api", "zeroconf"]
for domain in catalogue.with_dependencies([*views, "serial_printer"]):
    catalogue.load(domain)
engine = "appliance.components.serial_printer.engine.dialogue"
idle = {"jinja2", "anyio", "nacl", "paho", "multiprocessing", "packaging", "xml", engine}
sys.exit(f"imported: {idle & set(sys.modules)}" if idle & set(sys.modules) else 0)
"""


@pytest.mark.parametrize("program", [HEAVY, IDLE])
def test_starting_imports_nothing_that_has_no_work(program: str) -> None:
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert (result.returncode, result.stderr) == (0, b"")
