"""What may happen to a card: it dies, it loses a partition, its computer has no clock."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from image.vm.card import MIB

if TYPE_CHECKING:
    from image.vm.rehearsal import Rehearsal

_LONG_AGO = "2001-01-01"
# An emulated machine needs so long to find its card; a Raspberry Pi waits 90 s.
_SOONER = "systemd.default_device_timeout_sec=300"
_RESTORED = "gantry-restore.zip"


def second_start(self: Rehearsal) -> Iterator[str]:
    """Start again without a clock that goes on: who it is and what time it is stay."""
    machine = self.boot(clock=_LONG_AGO)
    yield f"answers after {machine.cpu_s():.0f} CPU s"
    kept = machine.shell("cat /data/system/machine-id").strip()
    assert machine.shell("cat /etc/machine-id").strip() == kept
    journal = machine.shell("ls /run/log/journal").split()
    assert journal == [kept], journal
    assert not self.identity or self.identity == kept
    self.identity = kept
    yield f"it is the same machine: {kept}"
    now, saved = machine.shell(
        "date +%s; stat -c %Y /data/system/lib/systemd/timesync/clock"
    ).split()
    assert int(now) >= int(saved) > time.mktime((2025, 1, 1, 0, 0, 0, 0, 0, 0)), (now, saved)
    yield f"its clock says {time.strftime('%Y-%m-%d %H:%M', time.gmtime(int(now)))} UTC"
    self.switch_off()


def restoring(self: Rehearsal) -> Iterator[str]:
    """Let the card die; a new one with a backup on its first partition is as it was."""
    machine = self.boot()
    self.enter()
    assert self.visitor.upload("kept.gcode", b"G28\n") == 201
    status, made = machine.ask("/api/gantry/backups", {"files": True}, key=self.key)
    assert status == 201, made
    name = made["name"]
    status, archive = machine.fetch(f"/api/gantry/backups/{name}", key=self.key)
    assert status == 200, archive
    yield f"{name}: {len(archive) / 1e6:.1f} MB"
    self.switch_off()
    self.insert_fresh_card()
    self.card.put(_RESTORED, archive)
    machine = self.boot()
    yield f"the new card answers after {machine.cpu_s():.0f} CPU s"
    assert self.visitor.log_in(), "the account of the old card is not there"
    self.key = self.visitor.key
    found = self.visitor.get("/api/files")["files"]
    assert "kept.gcode" in [each["name"] for each in found], found
    yield from self.reported("Restored the backup")
    self.switch_off()
    names = self.card.boot_names()
    assert _RESTORED not in names, names
    assert self.card.data_file("/files/kept.gcode") == b"G28\n"
    yield "users, settings and files are those of the old card"
    yield f"power cut; the card is {self.card.check()}"


def missing_data(self: Rehearsal) -> Iterator[str]:
    """Start without the data partition: it answers, and the report says what is wrong."""
    whole, self.card = self.card, self.card.copy("wounded.img")
    place = self.card.places()[2]
    with self.card.path.open("r+b") as image:
        image.seek(place.start)
        image.write(bytes(MIB))
    machine = self.boot(extra=_SOONER)
    yield f"without its data it answers after {machine.cpu_s():.0f} CPU s"
    yield from self.reported("data partition is missing")
    yield f"it is {machine.shell('cat /etc/machine-id').strip()} for this start"
    self.switch_off()
    self.card.path.unlink()
    self.card = whole


def damaged_data(self: Rehearsal) -> Iterator[str]:
    """Start with a data partition whose tables are full of nonsense: it answers."""
    whole, self.card = self.card, self.card.copy("wounded.img")
    place = self.card.places()[2]
    with self.card.path.open("r+b") as image:
        # Behind the superblock, which has the name: descriptors, bitmaps and inodes.
        image.seek(place.start + 4096)
        image.write(bytes(range(256)) * (2 * MIB // 256))
    machine = self.boot(extra=_SOONER)
    yield f"with damaged data it answers after {machine.cpu_s():.0f} CPU s"
    yield from self.reported("beyond repair")
    yield machine.shell("findmnt -no SOURCE,FSTYPE,OPTIONS /data").strip()
    yield machine.shell("systemctl status 'systemd-fsck@*data*' | tail -5").strip()
    self.switch_off()
    self.card.path.unlink()
    self.card = whole
