"""The importer as systemd starts it: a program, the user's part in another, a backup."""

import getpass
import os
import subprocess
import sys
from pathlib import Path

import pytest

from image.first_boot.restore import PASSPHRASE, Restorer
from tests.image.cards import Card

IMAGE = Path(__file__).parent.parent.parent / "image"


@pytest.fixture
def launcher(tmp_path: Path) -> Path:
    """What stands at /usr/lib/gantry/launch on a card."""
    file = tmp_path / "launch"
    file.write_text(f'#!/bin/sh\nexec {sys.executable} -P -m "$@"\n')
    file.chmod(0o755)
    return file


def first_boot(card: Card, launcher: Path, *words: str) -> str:
    folders = {"boot": card.boot, "config": card.config, "system": card.system,
               "run": card.root / "run", "defaults": card.root / "defaults.yaml",
               "launcher": launcher}  # fmt: skip
    options = [word for name, path in folders.items() for word in (f"--{name}", str(path))]
    done = subprocess.run(
        [str(launcher), "first_boot", *options, "--user", getpass.getuser(), *words],
        env={**os.environ, "PYTHONPATH": f"{IMAGE}:{IMAGE.parent}"},
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    return done.stderr


def test_the_configuration_is_changed_in_a_process_of_its_user(
    card: Card, launcher: Path
) -> None:
    card.put("hostname: a\nauth: {password: long-enough}\nprinter: {id: b, platfrm: x}\n")
    first_boot(card, launcher, "import")
    assert card.set("hostname") == "a"
    assert card.in_force.components["auth"]["password"] == "long-enough"
    assert "gantry.yaml:3:" in card.report
    assert "long-enough" not in card.on_card()


def test_whatever_happens_there_is_a_report_and_boot_goes_on(
    card: Card, launcher: Path
) -> None:
    card.put("hostname: a\n")
    said = first_boot(card, launcher, "--launcher", "/nonexistent", "import")
    assert "the configuration could not be checked" in said
    assert "the configuration could not be checked" in card.report
    assert card.set("hostname") == "a"


def test_a_backup_on_the_card_is_restored_and_gantry_yaml_comes_after(
    card: Card, launcher: Path
) -> None:
    old = Card(card.root / "old")
    old.put("mqtt: {broker: from.backup}\nprinter: {id: old, platform: serial}\n")
    old.start()
    subprocess.run(
        [sys.executable, "-m", "appliance", "backup", "--config", str(old.config)],
        check=True,
        capture_output=True,
        timeout=60,
    )
    (archive,) = (old.config / ".storage/backups").glob("*.zip")
    (card.boot / "gantry-restore.zip").write_bytes(archive.read_bytes())
    card.put("hostname: fresh\nmqtt: {port: 1884}\n")
    first_boot(card, launcher, "import")
    assert [each["id"] for each in card.in_force.printers] == ["old"]
    assert card.in_force.components["mqtt"]["broker"] == "from.backup"
    assert card.in_force.components["mqtt"]["port"] == 1884
    assert "gantry-restore.zip: Restored the backup of" in card.report
    assert not (card.boot / "gantry-restore.zip").exists()
    assert (card.boot / "gantry-restored.zip").exists()


def test_a_sealed_backup_is_restored_with_its_passphrase_beside_it(
    card: Card, launcher: Path
) -> None:
    old = Card(card.root / "old")
    old.put("printer: {id: old, platform: serial}\n")
    old.start()
    words = ["backup", "--encrypt", "--config", str(old.config)]
    subprocess.run(
        [sys.executable, "-m", "appliance", *words],
        check=True,
        capture_output=True,
        timeout=60,
        env={**os.environ, "GANTRY_BACKUP_PASSPHRASE": "vier Wörter sind genug"},
    )
    (archive,) = (old.config / ".storage/backups").glob("*.sealed")
    (card.boot / "gantry-restore.sealed").write_bytes(archive.read_bytes())
    first_boot(card, launcher, "import")
    assert "is sealed, and was not restored" in card.report
    assert "into a file gantry-restore-passphrase.txt" in card.report
    beside = card.boot / "Gantry-Restore-Passphrase.txt.txt"  # Windows hides one of them
    beside.write_text("vier Woerter sind genug\n")
    first_boot(card, launcher, "import")
    assert "that is not its passphrase" in card.report
    assert (card.boot / "gantry-restore.sealed").exists(), "it can be tried again"
    assert not beside.exists()
    beside.write_bytes("vier Wörter sind genug\r\n".encode("utf-16"))
    first_boot(card, launcher, "import")
    assert [each["id"] for each in card.in_force.printers] == ["old"]
    assert not beside.exists()
    assert (card.boot / "gantry-restored.zip").exists()
    assert "Wörter" not in card.report


def test_a_passphrase_without_a_backup_does_not_stay_on_the_card(card: Card) -> None:
    beside = card.boot / PASSPHRASE
    beside.write_text("vier Wörter\n")
    assert Restorer(card.config, ["false"]).restore(card.boot) == (None, None)
    assert not beside.exists()


def test_a_broken_backup_is_refused_and_the_rest_goes_on(card: Card, launcher: Path) -> None:
    (card.boot / "Gantry-Restore.ZIP").write_bytes(b"PK no archive")
    card.put("hostname: a\n")
    first_boot(card, launcher, "import")
    assert card.set("hostname") == "a"
    assert "was not restored, and is now gantry-restore-refused.zip" in card.report
    assert not list(card.config.glob("from-the-card*"))


def test_a_backup_that_nobody_can_restore_does_not_keep_the_settings_from_being_set(
    card: Card, launcher: Path
) -> None:
    (card.boot / "gantry-restore.zip").write_bytes(b"PK")
    card.put("hostname: a\n")
    first_boot(card, launcher, "--launcher", "/nonexistent", "import")
    assert card.set("hostname") == "a"
    assert "was not restored, and is now gantry-restore-refused.zip" in card.report
    assert not (card.boot / "gantry-restore.zip").exists()
