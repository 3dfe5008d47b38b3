"""Certificates of an authority of our own, made by openssl."""

from __future__ import annotations

import subprocess
from pathlib import Path


def make_certificates(folder: Path) -> None:
    """Make ca.pem, and NAME.pem with NAME.key for the server and a client."""
    _run(
        folder,
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=Test-CA "
        "-keyout ca.key -out ca.pem",
    )
    (folder / "san.cnf").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n")
    for name in ("server", "client"):
        _run(
            folder,
            f"req -newkey rsa:2048 -nodes -subj /CN={name} -keyout {name}.key -out {name}.csr",
        )
        _run(
            folder,
            f"x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 "
            f"-extfile san.cnf -out {name}.pem",
        )


def _run(folder: Path, words: str) -> None:
    subprocess.run(
        ["openssl", *words.split()], cwd=folder, check=True, capture_output=True, timeout=60
    )
