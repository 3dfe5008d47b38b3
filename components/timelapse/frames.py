"""The pictures of one recording on the disk. Everything here blocks: call it in a thread."""

from __future__ import annotations

import re
import shutil
import time
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from appliance.domain.camera import Picture
from appliance.records import dataclass
from appliance.storage import write_atomic

_DESCRIPTION = "recording.json"
_UNSAFE = re.compile(r"[^\w .()+-]+")


@dataclass(frozen=True, slots=True)
class Description:
    """What a recording is of; kept beside its pictures, for the time after a power cut."""

    printer_id: str
    job_id: str
    gcode: str  # name of the file
    fps: int
    post_roll_s: float = 0.0  # still picture at the end, in seconds of the video
    transform: str = ""  # ffmpeg filters that turn the picture upright
    failed: bool = False


class Frames:
    """The folder of one recording."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def name(self) -> str:
        """The name of the recording."""
        return self.folder.name

    def begin(self, description: Description) -> None:
        """Make the folder."""
        self.folder.mkdir(mode=0o700, parents=True)
        self.describe(description)

    def describe(self, description: Description) -> None:
        """Write the description."""
        write_atomic(self.folder / _DESCRIPTION, orjson.dumps(asdict(description)))

    def description(self) -> Description | None:
        """Read the description; None if it is missing or damaged."""
        try:
            data: Any = orjson.loads((self.folder / _DESCRIPTION).read_bytes())
            return Description(**data)
        except (OSError, TypeError, ValueError):
            return None

    def pictures(self) -> list[Path]:
        """Return the pictures, oldest first."""
        return sorted(
            path for path in self.folder.iterdir() if re.fullmatch(r"\d{6}\.\w+", path.name)
        )

    def add(self, picture: Picture) -> Path:
        """Add a picture; one of another kind than the first is refused by ValueError."""
        known = self.pictures()
        if known and known[0].suffix != picture.suffix:
            message = f"the camera changed from {known[0].suffix} to {picture.suffix}"
            raise ValueError(message)
        number = int(known[-1].stem) + 1 if known else 0
        path = self.folder / f"{number:06}{picture.suffix}"
        path.write_bytes(picture.data)  # a lost last picture after a power cut is no harm
        return path

    def size(self) -> int:
        """Return the bytes of the pictures."""
        return sum(path.stat().st_size for path in self.pictures())

    def pack(self, target: Path) -> None:
        """Put the pictures into an archive; they are packed already, so it stores them."""
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f"{target.name}.part")
        try:
            with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as packed:
                for picture in self.pictures():
                    packed.write(picture, picture.name)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)

    def delete(self) -> None:
        """Remove the recording."""
        shutil.rmtree(self.folder, ignore_errors=True)


def recording_name(gcode: str, at: float) -> str:
    """Return a name for a recording and its video, such as ``cube_20250120123456``."""
    stem = gcode.rpartition("/")[2].rpartition(".")[0] or gcode
    safe = _UNSAFE.sub("_", stem).strip(". ")[:100] or "print"
    return f"{safe}_{time.strftime('%Y%m%d%H%M%S', time.localtime(at))}"
