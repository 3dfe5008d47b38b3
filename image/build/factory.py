"""The factory release: Gantry and its libraries in the read-only root, always a way back.

Wheels for the target are chosen and unpacked by pip, without running anything of the
target; its bytecode is compiled by its own Python, since on a read-only root nobody would
keep what a start compiles.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from image.build.emulation import run_for
from image.build.flavours import EPOCH, IMAGE, PYTHON, Flavour
from image.build.tree import PROGRAMS

REPOSITORY = IMAGE.parent
FACTORY = "usr/lib/gantry/factory"
_VERSION = ".".join(str(part) for part in PYTHON)
# New wheels carry combined tags, so each of them must be named.
_PLATFORMS = ("manylinux2014", "manylinux_2_17", "manylinux_2_28")
_SOURCES = ("appliance", "components", "pyproject.toml", "README.md", "LICENSE")
_COMPILE = ("python3", "-m", "compileall", "-q", "-j", "1")
_UNTRACKED_TIME = ("--invalidation-mode", "unchecked-hash")


def install_factory(root: Path, flavour: Flavour, work: Path) -> None:
    """Make a virtual environment for the target's Python with everything in the lock."""
    wheel = build_wheel(work)
    factory = root / FACTORY
    packages = factory / "lib" / f"python{_VERSION}" / "site-packages"
    common = ("--quiet", "--disable-pip-version-check", "--no-compile", "--target")
    _pip(
        "install", *common, str(packages), "--only-binary=:all:", "--require-hashes",
        *(f"--platform={each}_{flavour.machine}" for each in _PLATFORMS),
        f"--python-version={_VERSION}", "--implementation=cp",
        f"--abi=cp{_VERSION.replace('.', '')}", "--abi=abi3", "--abi=none",
        "--requirement", str(REPOSITORY / "requirements.lock"),
    )  # fmt: skip
    _pip("install", *common, str(packages), "--upgrade", "--no-deps", str(wheel))
    shutil.rmtree(packages / "bin", ignore_errors=True)
    (factory / "bin").mkdir(parents=True)
    (factory / "bin" / "python").symlink_to("/usr/bin/python3")
    (factory / "pyvenv.cfg").write_text(
        f"home = /usr/bin\ninclude-system-site-packages = false\nversion = {_VERSION}\n"
    )
    _forget_the_build(packages)
    compile_bytecode(root, flavour)


def build_wheel(work: Path, version: str | None = None) -> Path:
    """Build Gantry's wheel from a copy of what git tracks, under another version if wished."""
    source, out = work / "source", work / "wheel"
    listed = subprocess.run(  # noqa: S603
        ["git", "-C", str(REPOSITORY), "ls-files", "-z", *_SOURCES],  # noqa: S607
        check=True,
        capture_output=True,
        text=True,
    )
    for name in listed.stdout.split("\0"):
        if name and (REPOSITORY / name).exists():
            target = source / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, target, follow_symlinks=False)
    if version is not None:
        (source / "appliance" / "__init__.py").write_text(
            f'"""Gantry: a Home-Assistant-style appliance for 3D printers."""\n\n'
            f'__version__ = "{version}"\n'
        )
    _pip("wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(out),
         str(source))  # fmt: skip
    return next(out.glob("*.whl"))


def compile_bytecode(root: Path, flavour: Flavour) -> None:
    """Compile ours and the standard library by the target's Python.

    The units run it without docstrings (PYTHONOPTIMIZE=2), commands with them.
    """
    packages = f"/{FACTORY}/lib/python{_VERSION}/site-packages"
    run = ("chroot", str(root), *_COMPILE, *_UNTRACKED_TIME)
    run_for(flavour, [*run, f"/{PROGRAMS}"])
    run_for(flavour, [*run, "-o", "2", packages])
    run_for(flavour, [*run, "-o", "2", f"/usr/lib/python{_VERSION}"])


def _forget_the_build(packages: Path) -> None:
    """Drop what tells where and when this was built; the time is the same for all."""
    for name in ("direct_url.json", "REQUESTED", "RECORD"):
        for file in packages.glob(f"*.dist-info/{name}"):
            file.unlink()
    for path in sorted(packages.rglob("*")):
        os.utime(path, (EPOCH, EPOCH), follow_symlinks=False)


def _pip(*arguments: str) -> None:
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(EPOCH)}
    subprocess.run(  # noqa: S603 - our own arguments
        [sys.executable, "-m", "pip", *arguments], check=True, env=environment
    )
