"""MeatPack: two characters of G-code in one byte.

The facts are those of Scott Mudge's protocol as Marlin's firmware documents it. Fifteen
characters have a 4-bit code each; 0b1111 says that the character follows in full. The
lower half of a byte is the first character. Two bytes 0xFF announce a command byte.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

PACKED = b"0123456789. \nGX"
LITERAL = 0x0F
ANNOUNCE = 0xFF
SPACE_CODE = 11
SPACE_REPLACEMENT = ord("E")  # what code 11 means when spaces are left out


class Order(IntEnum):
    """The command bytes; all of them are answered with the state."""

    ENABLE_PACKING = 0xFB
    DISABLE_PACKING = 0xFA
    RESET_ALL = 0xF9
    QUERY_CONFIG = 0xF8
    ENABLE_NO_SPACES = 0xF7
    DISABLE_NO_SPACES = 0xF6


class Unpacker:
    """Unpacks a stream byte by byte, as the firmware reads it from its ring."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self.reset()

    def reset(self) -> None:
        """Return to plain text."""
        self.active = False
        self.no_spaces = False
        self._announced = 0
        self._literals = 0
        self._second: int | None = None

    def take(self, ring: bytearray) -> bytes:
        """Unpack off the front of the ring, up to the end of the first line at most."""
        out = bytearray()
        taken = 0
        for byte in ring:
            taken += 1
            self._read(byte, out)
            if 0x0A in out[-2:] or 0x0D in out[-2:]:
                break
        del ring[:taken]
        return bytes(out)

    def _read(self, byte: int, out: bytearray) -> None:
        if byte == ANNOUNCE and self._announced < 2:
            self._announced += 1
            return
        if self._announced == 2:
            self._announced = 0
            self._command(byte)
            return
        if self._announced == 1:
            # A single 0xFF was two literals' mark.
            self._announced = 0
            self._unpack(ANNOUNCE, out)
        self._unpack(byte, out)

    def _unpack(self, byte: int, out: bytearray) -> None:
        if not self.active:
            out.append(byte)
        elif self._literals:
            out.append(byte)
            self._literals -= 1
            if self._second is not None:
                out.append(self._second)
                self._second = None
        else:
            self._unpack_pair(byte & 0x0F, byte >> 4, out)

    def _unpack_pair(self, first: int, second: int, out: bytearray) -> None:
        if first == LITERAL:
            self._literals = 1
            if second == LITERAL:
                self._literals = 2
            else:
                self._second = self._character(second)
            return
        out.append(self._character(first))
        if out[-1] == 0x0A:
            # After a line feed the other half is padding.
            return
        if second == LITERAL:
            self._literals = 1
        else:
            out.append(self._character(second))

    def _character(self, code: int) -> int:
        if code == SPACE_CODE and self.no_spaces:
            return SPACE_REPLACEMENT
        return PACKED[code]

    def _command(self, command: int) -> None:
        match command:
            case Order.ENABLE_PACKING:
                self.active = True
            case Order.DISABLE_PACKING:
                self.active = False
            case Order.RESET_ALL:
                self.reset()
                self._report()
            case Order.ENABLE_NO_SPACES:
                self.no_spaces = True
            case Order.DISABLE_NO_SPACES:
                self.no_spaces = False
        self._report()

    def _report(self) -> None:
        packing = "ON" if self.active else "OFF"
        spaces = "NSP" if self.no_spaces else "ESP"
        self._say(f"[MP] PV01 {packing} {spaces}")
