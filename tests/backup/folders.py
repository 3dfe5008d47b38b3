"""A folder of an appliance with everything that a backup takes along, and what it leaves."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from appliance.backup.contents import Folders, folders_of
from appliance.backup.format import Head
from appliance.catalogue import Catalogue
from appliance.config import load_configuration
from appliance.domain.backup import BackupReason
from tests.made import make_configuration

CONFIGURATION = """
appliance: {name: Workshop}
http: {port: 0}
auth: {admin: admin}
mqtt: {broker: broker.local, password: !secret mqtt_password}
file_manager: {path: gcodes}
"""
SECRETS = "mqtt_password: swordfish-of-the-broker\n"
HEAD = Head(1_763_800_000.0, "0.1.0", "Workshop", BackupReason.WANTED, has_files=False)
TAKEN = {
    "configuration.yaml",
    "secrets.yaml",
    "custom_components/lamp/manifest.json",
    ".storage/auth.json",
    ".storage/history.sqlite",
    ".storage/tls/key.pem",
}
LEFT = {
    "logs/gantry.log",
    ".storage/core.lock",
    ".storage/plain/copy.gcode",
    ".storage/cube.journal",
    ".storage/auth.json.damaged-20250101",
    ".storage/backups/old.zip",
    ".git/config",
    "timelapse/video.mp4",
    "gcodes/cube.gcode",
    "gcodes/.thumbs/cube.png",
}


def make_folder(base: Path, mark: str = "old") -> Path:
    """Make it; ``mark`` tells one from another."""
    config = make_configuration(base / "config", CONFIGURATION + f"# {mark}\n")
    (config / "secrets.yaml").write_text(SECRETS)
    for name in (TAKEN | LEFT) - {"configuration.yaml", "secrets.yaml"}:
        path = config / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".sqlite":
            add_row(path, mark)
        else:
            path.write_text(f"{name} {mark}")
    return config


def add_row(path: Path, text: str) -> None:
    """Add a row to a database that stays in its write-ahead log."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE IF NOT EXISTS jobs (name TEXT)")
        connection.execute("INSERT INTO jobs VALUES (?)", (text,))


def rows(path: Path) -> list[str]:
    """Return the rows of a database."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [name for (name,) in connection.execute("SELECT name FROM jobs")]


def folders(config: Path) -> Folders:
    """Return where everything is."""
    return folders_of(load_configuration(config, Catalogue(config)))


def state(config: Path) -> dict[str, str]:
    """Return what a backup would take, as text."""
    return {
        name: str(rows(config / name))
        if name.endswith(".sqlite")
        else (config / name).read_text()
        for name in sorted(TAKEN)
        if (config / name).exists()
    }
