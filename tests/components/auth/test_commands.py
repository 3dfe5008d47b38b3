"""`gantry user` and `gantry key`, with and without a running appliance."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest

from appliance.cli import main
from appliance.lock import lock_file
from tests.components.auth.browser import Browser
from tests.serving import API_KEY, serving

NO_PRINTERS = "http: {port: 0}\nauth: {api_key: " + API_KEY + "}\n"


@dataclass(slots=True)
class Shell:
    """A terminal in the folder of an appliance."""

    directory: Path
    capture: pytest.CaptureFixture[str]
    patch: pytest.MonkeyPatch

    async def gantry(self, *words: str, line: str = "") -> tuple[int, str, str]:
        """Return exit code, output and errors."""
        self.capture.readouterr()
        self.patch.setattr("sys.stdin", io.StringIO(line))
        code = await asyncio.to_thread(main, [*words, "--config", str(self.directory)])
        out, err = self.capture.readouterr()
        return code, out, err


@pytest.fixture
def shell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Shell:
    (tmp_path / "configuration.yaml").write_text(NO_PRINTERS)
    return Shell(tmp_path, capsys, monkeypatch)


@asynccontextmanager
async def appliance(shell: Shell, running: bool) -> AsyncIterator[None]:
    """Let the appliance run in the block, or not."""
    async with serving(shell.directory) if running else nullcontext():
        yield


both = pytest.mark.parametrize("running", [True, False], ids=["running", "not running"])


async def test_a_folder_that_was_misspelt_is_left_alone(shell: Shell) -> None:
    shell.directory /= "misspelt"
    for words in (("user", "list"), ("user", "add", "olga"), ("key", "list")):
        code, _, err = await shell.gantry(*words, line="password of olga\n")
        assert code == 1
        assert "--config" in err
    assert not shell.directory.exists()


@both
async def test_the_life_of_a_user(shell: Shell, running: bool) -> None:
    async with appliance(shell, running):
        code, _, _ = await shell.gantry("user", "add", "olga", line="password of olga\n")
        assert code == 0
        code, out, _ = await shell.gantry("user", "list")
        assert "olga  users\n" in out
        code, _, err = await shell.gantry("user", "add", "olga", line="x\n")
        assert (code, err) == (1, "there is a user of that name already\n")
        code, _, _ = await shell.gantry("user", "reset", "olga", line="another password\n")
        assert code == 0
    async with serving(shell.directory) as appliance_then:
        answer = await Browser(appliance_then).login("olga", "another password")
        assert answer.status == 200
    async with appliance(shell, running):
        code, _, _ = await shell.gantry("user", "remove", "olga")
        assert code == 0
        code, out, _ = await shell.gantry("user", "list")
        assert "olga" not in out


@both
async def test_the_life_of_a_key(shell: Shell, running: bool) -> None:
    async with appliance(shell, running):
        await shell.gantry(
            "user", "add", "olga", "--group", "users", line="password of olga\n"
        )
        words = ("key", "create", "olga", "slicer", "--scope", "upload", "--days", "1")
        code, out, _ = await shell.gantry(*words)
        assert code == 0
        key = out.strip()
        code, out, _ = await shell.gantry("key", "list")
        assert "olga  slicer  upload  until " in out
        assert key not in out
        code, _, err = await shell.gantry("key", "show", "olga")
        assert code == 1
        code, out, _ = await shell.gantry("key", "renew", "olga")
        personal = out.strip()
        code, out, _ = await shell.gantry("key", "show", "olga")
        assert out.strip() == personal
    async with serving(shell.directory) as then:
        for each in (key, personal):
            answer = await then.call("GET", "/api/currentuser", key=each)
            assert answer.json["name"] == "olga"
        made = next(each.id for each in then.auth.keys if each.label == "slicer")
    async with appliance(shell, running):
        assert (await shell.gantry("key", "revoke", made))[0] == 0
        code, _, err = await shell.gantry("key", "revoke", made)
        assert (code, err) == (1, "there is no such key\n")


@both
@pytest.mark.usefixtures("locked_for_long")
async def test_a_locked_out_person_gets_in_again(shell: Shell, running: bool) -> None:
    async with serving(shell.directory) as before:
        await before.auth.create_user("olga", "password of olga")
        for _ in range(6):
            await Browser(before).login("olga", "wrong")
        assert (await Browser(before).login("olga", "password of olga")).status == 429
        if running:
            assert (await shell.gantry("user", "unlock"))[0] == 0
            assert (await Browser(before).login("olga", "password of olga")).status == 200
    if not running:
        assert (await shell.gantry("user", "unlock"))[0] == 0
        async with serving(shell.directory) as then:
            assert (await Browser(then).login("olga", "password of olga")).status == 200


async def test_what_the_configuration_fixes_is_told(shell: Shell) -> None:
    async with serving(shell.directory):
        code, _, err = await shell.gantry("key", "renew", "admin")
        assert (code, "configuration.yaml" in err) == (1, True)


async def test_a_broken_configuration_locks_nobody_out(shell: Shell) -> None:
    (shell.directory / "configuration.yaml").write_text("printer: [\n")
    assert (await shell.gantry("user", "add", "olga", line="password of olga\n"))[0] == 0


async def test_an_appliance_that_starts_is_not_disturbed(shell: Shell) -> None:
    with lock_file(shell.directory / ".storage" / "core.lock", "test"):
        code, _, err = await shell.gantry("user", "list")
        assert (code, err.startswith("Gantry is just starting")) == (1, True)
