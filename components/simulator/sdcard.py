"""The SD card: a folder seen through a FAT file system and Marlin's card reader."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import IO

from appliance.records import dataclass

LONG_NAME = 26  # characters of a long name that the card reader keeps
LONGEST_LINE = 4096
_LEGAL = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-$%'@~`!(){}^#&")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or folder with its 8.3 name."""

    path: Path
    short: str
    long: str
    """The long name as far as Marlin keeps it; the short one if there is none."""
    folder: bool

    @property
    def size(self) -> int:
        """Bytes."""
        return self.path.stat().st_size

    @property
    def timestamp(self) -> int:
        """The time of change in FAT's form: date in the upper 16 bits, time in the lower."""
        moment = datetime.fromtimestamp(self.path.stat().st_mtime).astimezone()
        date = (max(moment.year, 1980) - 1980) << 9 | moment.month << 5 | moment.day
        return date << 16 | moment.hour << 11 | moment.minute << 5 | moment.second // 2


def short_name(name: str, taken: set[str]) -> str:
    """Make the 8.3 name that FAT gives to a long one."""
    stem, dot, extension = name.upper().rpartition(".")
    if not dot:
        stem, extension = name.upper(), ""
    clean = "".join(c if c in _LEGAL else "_" for c in stem if c not in " .")
    clean_extension = "".join(c if c in _LEGAL else "_" for c in extension if c != " ")
    whole = clean == stem and clean_extension == extension
    if whole and 0 < len(clean) <= 8 and len(clean_extension) <= 3:
        plain = f"{clean}.{clean_extension}" if clean_extension else clean
        if plain not in taken:
            return plain
    for number in range(1, 1000000):
        tail = f"~{number}"
        made = clean[: min(6, 8 - len(tail))] + tail
        if clean_extension:
            made = f"{made}.{clean_extension[:3]}"
        if made not in taken:
            return made
    message = f"no short name is left for {name}"
    raise ValueError(message)


def entries(folder: Path) -> list[Entry]:
    """List a folder: folders first, then files, hidden ones left out."""
    found = [item for item in os.scandir(folder) if not item.name.startswith(".")]
    found.sort(key=lambda item: (not item.is_dir(), item.name))
    listed: list[Entry] = []
    taken: set[str] = set()
    for item in found:
        short = short_name(item.name, taken)
        taken.add(short)
        long = short if short == item.name else item.name[:LONG_NAME]
        listed.append(Entry(Path(item.path), short, long, item.is_dir()))
    return listed


def _is_gcode(short: str) -> bool:
    """Tell whether Marlin lists a file: its extension begins with G and is no backup's."""
    extension = short.partition(".")[2]
    return extension[:1] == "G" and extension[1:2] != "~"


class CardError(Exception):
    """A path leads nowhere; says which part of it."""


class Card:
    """The card reader."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.mounted = root.is_dir()
        self._folder = root
        self._file: IO[bytes] | None = None
        self.selected: Entry | None = None
        self.size = 0
        self.position = 0
        self.printing = False
        self.saving = False

    @property
    def open(self) -> bool:
        """Tell whether a file is selected."""
        return self._file is not None

    def mount(self) -> bool:
        """Mount the card (M21)."""
        self.mounted = self._root.is_dir()
        self._folder = self._root
        return self.mounted

    def release(self) -> None:
        """Release the card (M22)."""
        self.close()
        self.mounted = False

    def listing(self, *, long_names: bool, timestamps: bool) -> list[str]:
        """List all G-code files with their paths, depth first (M20)."""
        return list(self._list(self._root, "", "", long_names, timestamps))

    def _list(
        self, folder: Path, prefix: str, long_prefix: str, long_names: bool, timestamps: bool
    ) -> list[str]:
        lines: list[str] = []
        for entry in entries(folder):
            if entry.folder:
                inside = f"{prefix}{entry.short}/"
                lines += self._list(entry.path, inside, "/", long_names, timestamps)
            elif _is_gcode(entry.short):
                line = f"{prefix}{entry.short} {entry.size}"
                if timestamps:
                    line += f" 0x{entry.timestamp:08X}"
                if long_names:
                    line += f" {long_prefix}{entry.long}"
                lines.append(line)
        return lines

    def find(self, path: str, *, move: bool = False) -> Entry:
        """Find a file by its 8.3 path; with `move` its folder becomes the working one."""
        folder, name = self._dive(path, move=move)
        for entry in entries(folder):
            if not entry.folder and name.upper() in {entry.short, entry.path.name.upper()}:
                return entry
        raise CardError(name)

    def _dive(self, path: str, *, move: bool) -> tuple[Path, str]:
        folder = self._root if path.startswith("/") else self._folder
        *folders, name = path.lstrip("/").split("/")
        for part in folders:
            inside = [e for e in entries(folder) if e.folder and e.short == part.upper()]
            if not inside:
                raise CardError(part)
            folder = inside[0].path
        if move:
            self._folder = folder
        return folder, name

    def long_path(self, path: str) -> str:
        """Return the long form of an 8.3 path (M33)."""
        folder = self._root
        parts = ""
        for part in path.strip("/").split("/"):
            match = [e for e in entries(folder) if e.short == part.upper()]
            if not match:
                return f"{parts}/???"
            parts += f"/{match[0].long}"
            folder = match[0].path
            if not match[0].folder:
                break
        return parts

    def select(self, path: str) -> Entry:
        """Open a file for printing (M23)."""
        self.close()
        entry = self.find(path, move=True)
        self._file = entry.path.open("rb")
        self.selected = entry
        self.size = entry.size
        self.position = 0
        return entry

    def read_line(self) -> bytes | None:
        """Read the next line of the file being printed; None at its end."""
        if self._file is None:
            return None
        line = self._file.readline(LONGEST_LINE)
        self.position += len(line)
        return line or None

    def seek(self, position: int) -> None:
        """Go to a byte of the file (M26)."""
        if self._file is not None:
            self.position = max(0, min(position, self.size))
            self._file.seek(self.position)

    def start_writing(self, path: str) -> str:
        """Open a file for writing (M28); return its name."""
        self.close()
        folder, name = self._dive(path, move=False)
        if not name or name.startswith("."):
            raise CardError(name)
        known = [e for e in entries(folder) if name.upper() in {e.short, e.path.name.upper()}]
        target = known[0].path if known else folder / name
        try:
            self._file = target.open("wb")
        except OSError:
            raise CardError(name) from None
        self.saving = True
        return name

    def write(self, text: str) -> None:
        """Append a command to the file being written."""
        if self._file is not None:
            self._file.write(text.encode("latin-1", "replace") + b"\r\n")

    def delete(self, path: str) -> str:
        """Delete a file (M30); return its name."""
        entry = self.find(path)
        entry.path.unlink()
        return path.rpartition("/")[2]

    def close(self) -> None:
        """Close whatever is open."""
        if self._file is not None:
            self._file.close()
        self._file = None
        self.printing = False
        self.saving = False
        self.position = 0

    def status(self) -> str:
        """Return the line of M27."""
        if self.printing:
            return f"SD printing byte {self.position}/{self.size}"
        return "Not SD printing"
