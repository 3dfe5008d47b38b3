"""TLS: with a certificate of one's own, or one that the appliance makes for itself.

The self-made one is good for encryption; browsers warn until its owner trusts it. It is made
by the ``openssl`` command, which every Debian has, kept in ``.storage`` with mode 0600 and
made anew before it expires or when the names of the machine change.
"""

from __future__ import annotations

import ipaddress
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from appliance.errors import SetupError
from appliance.storage import make_private_directory

DAYS = 825  # what browsers accept at most
RENEW_BEFORE_S = 30 * 86400


def load_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """Return a context for serving with that certificate and key."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        message = f"the TLS certificate {certificate} cannot be used: {error}"
        raise SetupError(message) from error
    return context


def own_certificate(directory: Path, names: Iterable[str]) -> tuple[Path, Path]:
    """Return certificate and key of this device, made where they are missing or old."""
    certificate, key = directory / "certificate.pem", directory / "key.pem"
    wanted = directory / "names.txt"
    alternatives = ",".join(_alternative(name) for name in sorted(set(names)))
    try:
        fresh = time.time() - certificate.stat().st_mtime < DAYS * 86400 - RENEW_BEFORE_S
        if fresh and key.exists() and wanted.read_text(encoding="ascii") == alternatives:
            return certificate, key
    except OSError:
        pass  # not there yet
    _make(directory, certificate, key, alternatives)
    wanted.write_text(alternatives, encoding="ascii")
    return certificate, key


def names_of_this_machine() -> set[str]:
    """Return the names by which browsers reach this machine."""
    name = socket.gethostname()
    return {name, f"{name.partition('.')[0]}.local", "localhost", "127.0.0.1"}


def _make(directory: Path, certificate: Path, key: Path, alternatives: str) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        raise SetupError("making a certificate needs openssl: apt install openssl")
    make_private_directory(directory)
    made, made_key = certificate.with_suffix(".new"), key.with_suffix(".new")
    key.touch(0o600)
    made_key.touch(0o600)
    command = [
        *(openssl, "req", "-x509", "-nodes", "-newkey", "ec"),
        *("-pkeyopt", "ec_paramgen_curve:prime256v1", "-days", str(DAYS)),
        *("-subj", "/CN=Gantry", "-addext", f"subjectAltName={alternatives}"),
        *("-addext", "extendedKeyUsage=serverAuth"),
        *("-keyout", str(made_key), "-out", str(made)),
    ]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=60)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        message = f"openssl could not make a certificate: {error}"
        raise SetupError(message) from error
    made_key.chmod(0o600)
    made_key.replace(key)
    made.replace(certificate)


def _alternative(name: str) -> str:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return f"DNS:{name}"
    return f"IP:{name}"
