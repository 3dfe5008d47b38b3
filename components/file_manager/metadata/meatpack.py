"""Unpack MeatPack, the coding of G-code in binary files: two characters in a byte.

A nibble of 15 stands for a character that follows in full; 255 twice and a byte switch the
coding on and off. See Marlin's documentation of the serial option MEATPACK.
"""

from __future__ import annotations

import re

_SIGNAL = b"\xff\xff"
_ENABLE, _DISABLE, _RESET = 251, 250, 249
_NO_SPACES, _SPACES = 247, 246

_LETTERS = "0123456789. \nGX"
_NEWLINE = 12

# Words of a G line; a space is put before each where the packer left it out.
_LINE = re.compile(rb"^G[^\n;]{1,400}", re.MULTILINE)
_WORD = re.compile(rb"(?<=[^ ])([XYZEFIJRSPWHCA])")
_BLANK_LINES = re.compile(rb"\n{2,}")


def _tables(letters: str) -> tuple[list[bytes], list[bytes], list[bytes]]:
    """Return what each byte means: both characters, the low one, the high one."""
    both, low, high = [], [], []
    for byte in range(256):
        first, second = byte & 15, byte >> 4
        low.append(letters[first].encode() if first < 15 else b"")
        high.append(letters[second].encode() if second < 15 else b"")
        both.append(low[-1] if first == _NEWLINE else low[-1] + high[-1])
    return both, low, high


_WITH_SPACES = _tables(_LETTERS)
_WITHOUT_SPACES = _tables(_LETTERS.replace(" ", "E"))


_PLAIN = bytes(
    byte for byte in range(256) if byte & 15 != 15 and (byte >> 4 != 15 or byte & 15 == 12)
)
_SECOND_FULL = bytes(byte for byte in range(240, 255) if byte & 15 != _NEWLINE)
_FIRST_FULL = bytes(byte for byte in range(255) if byte & 15 == 15)
_TOKEN = re.compile(
    rb"([" + re.escape(_PLAIN) + rb"]+)"
    rb"|([" + re.escape(_SECOND_FULL) + rb"])([\s\S])"
    rb"|([" + re.escape(_FIRST_FULL) + rb"])([\s\S])"
    rb"|\xff([\s\S]{2})"
)


class Unpacker:
    """Unpacks one block after the other; a block ends between characters."""

    def __init__(self) -> None:
        self._packed = False
        self._spaces = True

    def unpack(self, data: bytes) -> bytes:
        """Return the text of a block."""
        first, *parts = data.split(_SIGNAL)
        pieces = [self._text(first)]
        for part in parts:
            if part:
                self._switch(part[0])
                pieces.append(self._text(part[1:]))
        text = b"".join(pieces)
        if not self._spaces:
            text = _LINE.sub(_spread, text)
        return _BLANK_LINES.sub(b"\n", text)

    def _switch(self, command: int) -> None:
        if command == _ENABLE:
            self._packed = True
        elif command in {_DISABLE, _RESET}:
            self._packed = False
        elif command == _NO_SPACES:
            self._spaces = False
        elif command == _SPACES:
            self._spaces = True

    def _text(self, data: bytes) -> bytes:
        if not self._packed:
            return data
        both, low, high = _WITH_SPACES if self._spaces else _WITHOUT_SPACES

        def text(match: re.Match[bytes]) -> bytes:
            plain, second_full, second, first_full, first, pair = match.groups()
            if plain is not None:
                return b"".join([both[byte] for byte in plain])
            if second_full is not None:
                return low[second_full[0]] + bytes(second)
            if first_full is not None:
                return bytes(first) + high[first_full[0]]
            return bytes(pair)

        return _TOKEN.sub(text, data)


def _spread(line: re.Match[bytes]) -> bytes:
    return _WORD.sub(rb" \1", line.group())
