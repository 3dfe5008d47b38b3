"""The first picture of an MJPEG stream, found as it arrives: each byte is looked at once."""

from __future__ import annotations

_BEGIN = b"\xff\xd8\xff"
_END = b"\xff\xd9"
_BOUNDARY = b"--"
# Between a picture and the boundary behind it; some cameras send more than one empty line.
MOST_BLANKS = 64


class FirstPicture:
    """Takes a stream in pieces; pictures within pictures end before no boundary."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._began = False
        self.looked = 0  # bytes of the data that need not be looked at again

    def __len__(self) -> int:
        """Return how many bytes are kept."""
        return len(self._data)

    def feed(self, chunk: bytes) -> bytes | None:
        """Take the next bytes; return the picture once it and its boundary are there."""
        self._data += chunk
        if not self._began and not self._begin():
            return None
        while (end := self._data.find(_END, self.looked)) >= 0:
            behind = end + len(_END)
            following = bytes(self._data[behind : behind + MOST_BLANKS]).lstrip()
            if following.startswith(_BOUNDARY):
                return bytes(self._data[:behind])
            enough = len(self._data) >= behind + MOST_BLANKS
            if not enough and following in (b"", b"-"):
                self.looked = end  # what decides has not come yet
                return None
            self.looked = behind
        self.looked = max(self.looked, len(self._data) - len(_END) + 1)
        return None

    def _begin(self) -> bool:
        """Drop what stands before the picture."""
        begin = self._data.find(_BEGIN)
        self._began = begin >= 0
        del self._data[: begin if self._began else 1 - len(_BEGIN)]
        if self._began:
            self.looked = len(_BEGIN)  # its last byte is not the first of an end
        return self._began
