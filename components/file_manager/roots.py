"""The roots: which folders are offered, and what may be seen and written in each."""

from __future__ import annotations

from collections.abc import Iterator

from appliance.components.file_manager import names
from appliance.config import CONFIGURATION_FILE
from appliance.domain.files import FileKind, Root
from appliance.errors import FileForbidden, FileMissing, InvalidName, UnsupportedType

GCODE_SUFFIXES = frozenset({".gcode", ".gco", ".g", ".nc", ".bgcode", ".gcode.gz", ".ufp"})
MODEL_SUFFIXES = frozenset({".stl", ".3mf", ".obj"})
ARCHIVE_SUFFIXES = frozenset({".zip"})
CONFIG_SUFFIXES = frozenset({".yaml", ".yml", ".txt", ".md", ".cfg", ".conf"})
LOG_SUFFIXES = frozenset({".log"})
PICTURE_SUFFIXES = frozenset({".png", ".jpg"})
# What a browser would run if it were shown, and what the machine could.
ACTIVE_SUFFIXES = frozenset(
    {".html", ".htm", ".xhtml", ".xht", ".shtml", ".svg", ".xml", ".xsl", ".js", ".mjs"}
    | {".css", ".swf", ".pdf", ".php", ".py", ".pyc", ".so", ".sh", ".desktop", ".exe"}
)

# The hidden folder for pictures, beside the files that they belong to.
THUMBS = ".thumbs"
# Where uploads wait for their name, below the gcodes root.
WAITING = ".uploads"


def kind_of(path: str) -> FileKind:
    """Return what a file can be used for, by its ending."""
    ending = suffix(path)
    if ending in GCODE_SUFFIXES:
        return FileKind.GCODE
    return FileKind.MODEL if ending in MODEL_SUFFIXES else FileKind.OTHER


def suffix(path: str) -> str:
    """Return the ending in lower case, ``.gcode.gz`` as one."""
    return names.stem_and_ending(path.rpartition("/")[2])[1].lower()


class Roots:
    """The roots by name, ``gcodes`` first."""

    def __init__(self, gcodes: Root) -> None:
        self._roots = {gcodes.name: gcodes}
        self._private = {gcodes.name: frozenset({WAITING})}

    def __iter__(self) -> Iterator[Root]:
        return iter(self._roots.values())

    def add(self, root: Root, private: frozenset[str] = frozenset()) -> None:
        """Offer a root; ``private`` are paths in it that are never seen or touched."""
        if root.name in self._roots:
            message = f"there is a root '{root.name}' already"
            raise FileForbidden(message)
        self._roots[root.name] = root
        self._private[root.name] = private

    def get(self, name: str) -> Root:
        """Return the root of that name."""
        try:
            return self._roots[name]
        except KeyError:
            message = f"there is no root '{names.display_name(name)}'"
            raise FileMissing(message) from None

    def writable(self, name: str) -> Root:
        """Return the root of that name if it may be changed."""
        root = self.get(name)
        if not root.writable:
            message = f"the files in '{root.name}' can only be read"
            raise FileForbidden(message)
        return root

    def shows_folder(self, root: Root, path: str) -> bool:
        """Return whether a folder can be seen; hidden ones can, if asked for by name."""
        if self._is_private(root, path):
            return False
        return root.name != "config" or not names.is_hidden(path)

    def shows_file(self, root: Root, path: str) -> bool:
        """Return whether a file can be seen at all, listed or downloaded."""
        if self._is_private(root, path):
            return False
        folder, _, name = path.rpartition("/")
        ending = suffix(name)
        if names.is_hidden(folder):
            # Nothing but our own pictures: never .storage, .git, uploads that wait.
            return folder.rpartition("/")[2] == THUMBS and ending in PICTURE_SUFFIXES
        if name.startswith(".") or ending in ACTIVE_SUFFIXES:
            return False
        allowed = root.suffixes
        return allowed is None or ending in allowed or ending in ARCHIVE_SUFFIXES

    def check_new(self, root: Root, path: str) -> None:
        """Raise if no file may be made at ``path``."""
        if self._is_private(root, path) or names.is_hidden(path):
            message = f"'{path}' cannot be written"
            raise FileForbidden(message)
        ending = suffix(path)
        allowed = root.suffixes
        if (allowed is not None and ending not in allowed) or ending in ACTIVE_SUFFIXES:
            wanted = ", ".join(sorted(allowed)) if allowed else "other files"
            message = f"'{root.name}' takes {wanted}, not '{ending or path}'"
            raise UnsupportedType(message)

    def check_new_folder(self, root: Root, path: str) -> None:
        """Raise if no folder may be made at ``path``."""
        if not path:
            message = "a folder needs a name"
            raise InvalidName(message)
        if self._is_private(root, path) or names.is_hidden(path):
            message = f"'{path}' cannot be made"
            raise FileForbidden(message)

    def check_may_go(self, root: Root, path: str) -> None:
        """Raise if what is at ``path`` must not be moved or deleted."""
        if root.name == "config" and path == CONFIGURATION_FILE:
            message = f"without {path} the appliance does not start"
            raise FileForbidden(message)

    def _is_private(self, root: Root, path: str) -> bool:
        if root.name == "config" and any(
            part.lower().startswith("secret") for part in names.split(path)
        ):
            return True  # secrets.yaml, secrets/mqtt.yaml, secret_keys.yaml, ...
        return any(names.inside(path, folder) for folder in self._private.get(root.name, ()))
