"""Servers are known by the certificates of the system, without all of them in memory."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

# Serves with a certificate, connects by name as any client does, and says what was loaded.
PROGRAM = """
import asyncio, ssl, sys
from appliance import certificates

async def main(certificate, key):
    certificates.look_up_one_by_one()
    context = ssl.create_default_context()
    loaded = context.cert_store_stats()["x509"]
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(certificate, key)
    server = await asyncio.start_server(lambda r, w: w.close(), "127.0.0.1", 0, ssl=own)
    async with server:
        port = server.sockets[0].getsockname()[1]
        known = {"ssl": context, "server_hostname": "localhost"}
        reader, writer = await asyncio.open_connection("127.0.0.1", port, **known)
        await reader.read()
        writer.close()
    print(loaded)

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with a certificate and its key."""
    folder = tmp_path_factory.mktemp("authority")
    make = "openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -days 2"
    named = "-subj /CN=localhost -addext subjectAltName=DNS:localhost"
    files = f"-out {folder}/certificate.pem -keyout {folder}/key.pem"
    subprocess.run(f"{make} {named} {files}".split(), check=True, capture_output=True)
    return folder


def connect(authority: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, authority / "certificate.pem", authority / "key.pem"],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_certificate_is_found_by_its_hash_when_it_is_needed(
    authority: Path, tmp_path: Path
) -> None:
    certificate = authority / "certificate.pem"
    command = ["openssl", "x509", "-hash", "-noout", "-in", str(certificate)]
    name = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    (tmp_path / f"{name}.0").symlink_to(certificate)
    done = connect(authority, SSL_CERT_DIR=str(tmp_path))
    assert (done.stdout, done.stderr) == ("0\n", "")
    (tmp_path / f"{name}.0").unlink()
    (tmp_path / "00000000.0").symlink_to(certificate)
    assert "CERTIFICATE_VERIFY_FAILED" in connect(authority, SSL_CERT_DIR=str(tmp_path)).stderr


def test_a_file_that_somebody_names_is_loaded(authority: Path) -> None:
    done = connect(authority, SSL_CERT_FILE=str(authority / "certificate.pem"))
    assert (done.stdout, done.stderr) == ("1\n", "")


def test_without_such_a_folder_everything_stays_as_it_is(
    authority: Path, tmp_path: Path
) -> None:
    program = "import os; from appliance import certificates as c; c.look_up_one_by_one()"
    for folder in (tmp_path, tmp_path / "missing"):
        done = subprocess.run(
            [sys.executable, "-c", f"{program}; print(os.environ.get('SSL_CERT_FILE'))"],
            env={"SSL_CERT_DIR": str(folder)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == "None\n"
