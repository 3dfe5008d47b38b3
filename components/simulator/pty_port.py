"""The pseudo terminal that stands for the printer's serial port."""

from __future__ import annotations

import contextlib
import errno
import os
import select
import termios
import tty
from pathlib import Path


class PtyPort:
    """A pty with a stable name: PATH is a link to whatever device it is just now."""

    def __init__(self, link: Path) -> None:
        self.link = link
        self.master = -1
        self._device = ""

    @property
    def plugged(self) -> bool:
        """Tell whether the device is there at all."""
        return self.master >= 0

    def plug_in(self, link: Path | None = None) -> None:
        """Make a new terminal and let the link point to it, in one step."""
        self.link = self.link if link is None else link
        if self.link.exists() and not self.link.is_symlink():
            # Nothing that somebody may need is replaced by a terminal.
            raise FileExistsError(errno.EEXIST, "exists and is no link", str(self.link))
        master, slave = os.openpty()
        try:
            tty.setraw(slave, termios.TCSANOW)
            self._device = os.ttyname(slave)
        finally:
            # Closing the last holder raises the hang-up that tells us that nobody is there.
            os.close(slave)
        os.set_blocking(master, False)
        self.master = master
        fresh = self.link.with_name(f".{self.link.name}.{os.getpid()}")
        with contextlib.suppress(FileNotFoundError):
            fresh.unlink()
        fresh.symlink_to(self._device)
        fresh.replace(self.link)

    def unplug(self) -> None:
        """Take the device away: its holders see a hang-up, the name is gone."""
        if self.master < 0:
            return
        with contextlib.suppress(OSError):
            if self.link.readlink() == Path(self._device):
                self.link.unlink()
        os.close(self.master)
        self.master = -1

    def held(self) -> bool:
        """Tell whether any process has the terminal open."""
        if self.master < 0:
            return False
        poll = select.poll()
        poll.register(self.master, 0)
        return not any(event & select.POLLHUP for _, event in poll.poll(0))

    def read(self, size: int) -> bytes | None:
        """Read what the host wrote; None when nobody has the terminal open."""
        try:
            return os.read(self.master, size)
        except BlockingIOError:
            return b""
        except OSError as error:
            if error.errno == errno.EIO:
                return None
            raise

    def write(self, data: bytes) -> int:
        """Write to the host as much as its buffer takes."""
        try:
            return os.write(self.master, data)
        except BlockingIOError:
            return 0
        except OSError as error:
            if error.errno == errno.EIO:
                return len(data)
            raise

    def discard_unread(self) -> None:
        """Forget what a host left unread when it closed: a wire keeps nothing.

        Only the host's own side can drop what has already reached it.
        """
        with contextlib.suppress(OSError, termios.error):
            slave = os.open(self._device, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
            try:
                termios.tcflush(slave, termios.TCIFLUSH)
            finally:
                os.close(slave)
