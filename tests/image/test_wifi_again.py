"""NetworkManager gives a Wi-Fi up after a failed handshake: a small program tries it again."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from image.build.tree import OVERLAY

PROGRAM = OVERLAY / "usr/lib/gantry/wifi-again"
NMCLI = """#!/bin/sh
if [ "$1" = --terse ]; then
  cat "$0.devices"
else
  echo "$*" >>"$0.asked"
  exit 4
fi
"""


def asked(tmp_path: Path, devices: str, *networks: str) -> list[str]:
    """Run the program; return what it asked NetworkManager for."""
    nmcli, folder = tmp_path / "nmcli", tmp_path / "network"
    nmcli.write_text(NMCLI)
    nmcli.chmod(0o755)
    (tmp_path / "nmcli.devices").write_text(devices)
    folder.mkdir()
    for name in networks:
        (folder / f"{name}.nmconnection").touch()
    path = f"{tmp_path}:{os.environ['PATH']}"
    subprocess.run([PROGRAM, folder], check=True, env={"PATH": path})
    log = tmp_path / "nmcli.asked"
    return log.read_text().splitlines() if log.exists() else []


def test_what_has_been_given_up_is_tried(tmp_path: Path) -> None:
    devices = "wlan0:wifi:disconnected\neth0:ethernet:disconnected\nwlan1:wifi:disconnected\n"
    assert asked(tmp_path, devices, "gantry-a") == [
        "--wait 60 device connect wlan0",
        "--wait 60 device connect wlan1",
    ]


@pytest.mark.parametrize(
    "state", ["connected", "connecting (getting IP configuration)", "unavailable", "unmanaged"]
)
def test_what_is_joined_or_on_its_way_or_off_is_left_alone(tmp_path: Path, state: str) -> None:
    assert asked(tmp_path, f"wlan0:wifi:{state}\n", "gantry-a") == []


def test_without_a_network_nothing_is_tried(tmp_path: Path) -> None:
    assert asked(tmp_path, "wlan0:wifi:disconnected\n") == []
