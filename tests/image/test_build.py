"""How the image is put together, without a root file system: that takes script/image."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from appliance.components.host.watch import Machine
from appliance.releases.building import load_private_key, public_line
from image.build.__main__ import bring_keys
from image.build.checks import (
    our_services,
    too_open,
    wrong_in_overlay,
    wrong_in_root,
    wrong_on_boot,
)
from image.build.disk import MIB, layout, make_image, sfdisk_script
from image.build.flavours import FLAVOURS
from image.build.keys import PUBLIC_KEYS, KeysRefused, make_keys, unusable_keys
from image.build.manifest import debian_packages, for_imager, sha256
from image.build.root import root_key
from image.build.tree import enable_units, enabled_units, wanted_units
from image.vm.card import Card, CardDamaged

FOREIGN_UNIT = "[Unit]\n[Install]\nWantedBy=multi-user.target\n"


def test_nothing_is_wrong_with_the_files_that_are_laid_over() -> None:
    assert list(wrong_in_overlay()) == []


@pytest.mark.parametrize("unit", our_services(), ids=lambda unit: unit.name)
def test_every_service_of_ours_is_locked_in(unit: Path) -> None:
    assert not too_open(unit)


@pytest.mark.parametrize("unit", our_services(), ids=lambda unit: unit.name)
def test_no_service_gates_the_boot_on_the_card(unit: Path) -> None:
    text = unit.read_text()
    assert "RequiresMountsFor" not in text
    assert "Requires=data.mount" not in text


def test_memory_in_the_place_of_the_data_is_told_to_whoever_watches_the_computer(
    tmp_path: Path,
) -> None:
    (unit,) = (unit for unit in our_services() if unit.name == "gantry-volatile.service")
    program = "/usr/lib/gantry/data-in-memory"
    assert f"ExecStart={program}\n" in unit.read_text()
    script = (unit.parents[3] / program[1:]).read_text()
    assert f"\n: >{Machine(tmp_path).not_kept}\n" in script


def test_the_file_systems_of_the_card_do_not_gate_the_boot() -> None:
    table = (Path(our_services()[0]).parents[2] / "fstab").read_text()
    lines = [line.split() for line in table.splitlines() if line.startswith("LABEL=")]
    assert {line[1]: "nofail" in line[3] for line in lines} == {
        "/": False,
        "/boot/firmware": True,
        "/data": True,
    }
    assert next(line for line in lines if line[1] == "/")[3].startswith("ro,")


def test_every_flavour_has_a_kernel_and_the_python_that_wheels_are_chosen_for() -> None:
    for flavour in FLAVOURS.values():
        assert any(name.startswith("linux-image-") for name in flavour.packages)
        assert "python3" in flavour.packages
        assert len({*flavour.packages}) == len(flavour.packages)


def test_a_root_is_kept_by_what_it_is_made_of() -> None:
    arm, amd = FLAVOURS["arm64"], FLAVOURS["amd64"]
    assert root_key(arm, "2026-W47") == root_key(arm, "2026-W47")
    assert len({root_key(arm, "2026-W47"), root_key(amd, "2026-W47"), root_key(arm, "x")}) == 3


def _some_root(folder: Path) -> Path:
    root = folder / "root"
    for name, content in {
        "etc/hostname": "gantry\n",
        "usr/bin/tool": "#!/bin/sh\n",
        "usr/share/text": "x" * 70_000,
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    (root / "usr/bin/tool").chmod(0o755)
    (root / "etc/link").symlink_to("/run/link")
    return root


def _some_boot(folder: Path) -> Path:
    boot = folder / "boot"
    boot.mkdir()
    (boot / "gantry.yaml").write_bytes(b"# edit\r\n")
    (boot / "overlays").mkdir()
    (boot / "overlays/a.dtbo").write_bytes(b"tree")
    return boot


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an image, made once: the tests copy it, or read it only."""
    folder = tmp_path_factory.mktemp("image")
    make_image(_some_boot(folder), _some_root(folder), folder / "card.img", folder)
    return folder / "card.img"


def test_two_builds_of_a_card_are_the_same_to_the_bit(image: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    again.mkdir()
    # Copies: other inodes, other times of change, another order in the folder.
    shutil.copytree(image.parent / "root", again / "root", symlinks=True)
    shutil.copytree(image.parent / "boot", again / "boot")
    for path in [again / "root", *sorted((again / "root").rglob("*"))]:
        twin = image.parent / "root" / path.relative_to(again / "root")
        status = twin.lstat()
        os.utime(path, ns=(0, status.st_mtime_ns), follow_symlinks=False)
    make_image(again / "boot", again / "root", again / "card.img", again)
    assert sha256(again / "card.img") == sha256(image)


def test_a_card_is_whole_and_reads_as_it_was_written(image: Path, tmp_path: Path) -> None:
    card = Card.flash(image, tmp_path / "flashed.img", 600 * MIB)
    assert card.check() == "clean"
    assert card.get("gantry.yaml") == b"# edit\r\n"
    assert card.get("overlays/a.dtbo") == b"tree"
    card.put("gantry.yaml", b"hostname: workshop\n")
    assert card.get("gantry.yaml") == b"hostname: workshop\n"
    assert card.get("nothing") is None
    assert card.data_names("/") == ["lost+found"]
    assert card.check() == "clean"


def test_damage_is_seen(image: Path, tmp_path: Path) -> None:
    card = Card.flash(image, tmp_path / "flashed.img", 600 * MIB)
    root = card.places()[1]
    with card.path.open("r+b") as file:
        file.seek(root.start + 4096)  # the table of groups
        file.write(b"\xff" * 4096)
    with pytest.raises(CardDamaged):
        card.check()


def test_partitions_begin_where_boot_roms_and_cards_like_it(
    image: Path, tmp_path: Path
) -> None:
    places = Card(image).places()
    assert [place.start % (4 * MIB) for place in places] == [0, 0, 0]
    assert places[0].start == 4 * MIB
    assert places[1].start == places[0].start + places[0].size
    assert image.stat().st_size == places[2].start + places[2].size
    kinds = subprocess.run(
        ["/sbin/sfdisk", "--list", "--output", "Type", str(image)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert "W95 FAT32 (LBA)" in kinds


def test_the_table_of_partitions_is_what_was_asked_for() -> None:
    script = sfdisk_script(layout([256 * MIB, 480 * MIB, 64 * MIB]))
    assert script.splitlines()[4:] == [
        "start=8192, size=524288, type=c",
        "start=532480, size=983040, type=83",
        "start=1515520, size=131072, type=83",
    ]


def _root_with_units(folder: Path) -> Path:
    root = folder / "root"
    system = root / "usr/lib/systemd/system"
    system.mkdir(parents=True)
    for name in wanted_units():
        template = name.partition("@")[0] + "@.service" if "@" in name else name
        (system / template).write_text(FOREIGN_UNIT)
    wants = root / "etc/systemd/system/multi-user.target.wants"
    wants.mkdir(parents=True)
    (wants / "telnet.service").symlink_to("/usr/lib/systemd/system/telnet.service")
    return root


def test_exactly_the_wanted_units_are_enabled(tmp_path: Path) -> None:
    root = _root_with_units(tmp_path)
    enable_units(root)
    assert enabled_units(root) == sorted(wanted_units())
    link = root / "etc/systemd/system/multi-user.target.wants/getty@tty1.service"
    assert str(link.readlink()) == "/usr/lib/systemd/system/getty@.service"


def test_a_wanted_unit_that_is_not_there_fails_the_build(tmp_path: Path) -> None:
    root = _root_with_units(tmp_path)
    (root / "usr/lib/systemd/system/avahi-daemon.service").unlink()
    with pytest.raises(FileNotFoundError, match="avahi-daemon"):
        enable_units(root)


def test_secrets_and_identities_in_a_root_are_found(tmp_path: Path) -> None:
    root = _root_with_units(tmp_path)
    enable_units(root)
    for name, content in {
        "etc/machine-id": "",
        "etc/shadow": "root:*:20000::::::\ngantry:!:20000::::::\n",
        "etc/apt/sources.list": "deb http://deb.debian.org/debian trixie main\n",
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    assert list(wrong_in_root(root)) == []
    (root / "etc/ssh").mkdir()
    (root / "etc/ssh/ssh_host_ed25519_key").write_text("same for all")
    (root / "etc/machine-id").write_text("0" * 32)
    (root / "etc/shadow").write_text("root:*:1::::::\npi:$6$raspberry:1::::::\nodd::1::::::\n")
    (root / "etc/apt/sources.list").write_text(
        "deb http://mirror.example/debian trixie main\n"
    )
    (root / "etc/systemd/system/multi-user.target.wants/gantry.service").unlink()
    found = "\n".join(wrong_in_root(root))
    for word in ("ssh_host", "machine-id", "user pi", "user odd", "mirror.example", "units"):
        assert word in found


CONFIG_TXT = "# made by a hook\narm_64bit=1\nkernel=vmlinuz-6.12\ninitramfs initrd.img-6.12\n"


def test_the_files_that_a_raspberry_pi_starts_from_are_checked(tmp_path: Path) -> None:
    arm = FLAVOURS["arm64"]
    boot = tmp_path / "boot"
    boot.mkdir()
    for name in ("bootcode.bin", "start.elf", "start4.elf", "fixup.dat", "fixup4.dat",
                 "bcm2711-rpi-4-b.dtb", "vmlinuz-6.12", "initrd.img-6.12",
                 "gantry.yaml"):  # fmt: skip
        (boot / name).write_bytes(b"")
    (boot / "cmdline.txt").write_text("console=tty0 root=LABEL=gantry-root ro\n")
    (boot / "config.txt").write_text(CONFIG_TXT)
    assert list(wrong_on_boot(boot, arm)) == []
    (boot / "vmlinuz-6.12").rename(boot / "vmlinuz-6.13")
    (boot / "cmdline.txt").write_text("root=/dev/mmcblk0p2\nrw\n")
    (boot / "start4.elf").unlink()
    found = "\n".join(wrong_on_boot(boot, arm))
    for word in ("start4.elf", "kernel vmlinuz-6.12", "cmdline.txt"):
        assert word in found


def test_imager_learns_what_to_ask_and_what_to_expect(tmp_path: Path) -> None:
    image, compressed = tmp_path / "card.img", tmp_path / "card.img.xz"
    image.write_bytes(b"x" * 1000)
    compressed.write_bytes(b"y" * 10)
    made = for_imager(FLAVOURS["arm64"], "1.2.3", image, compressed, "2026-11-22")
    (entry,) = made["os_list"]
    assert entry["init_format"] == "rpi-preseed"
    assert entry["extract_size"] == 1000
    assert entry["image_download_size"] == 10
    assert entry["extract_sha256"] == sha256(image)
    assert entry["image_download_sha256"] == sha256(compressed)
    assert entry["url"] == "card.img.xz"


def test_the_contents_are_those_that_dpkg_knows_as_installed(tmp_path: Path) -> None:
    status = tmp_path / "var/lib/dpkg/status"
    status.parent.mkdir(parents=True)
    status.write_text(
        "Package: zstd\nStatus: install ok installed\nDescription: a\n b: c\nVersion: 1.5\n\n"
        "Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n\n"
        "Package: bash\nStatus: install ok installed\nVersion: 5.2\n"
    )
    assert debian_packages(tmp_path) == {"bash": "5.2", "zstd": "1.5"}


class TestKeys:
    def test_a_pair_is_made_once_and_never_replaced(self, tmp_path: Path) -> None:
        private, public = tmp_path / "home/release.key", tmp_path / "keys/release.pub"
        make_keys(private, public)
        assert private.stat().st_mode & 0o777 == 0o600
        assert private.parent.stat().st_mode & 0o777 == 0o700
        assert public.read_text() == public_line(load_private_key(private))
        before = private.read_bytes()
        for gone in (public, private):
            with pytest.raises(KeysRefused, match="not replaced"):
                make_keys(private, public)
            kept = gone.read_bytes()
            gone.unlink()
            with pytest.raises(KeysRefused, match="not replaced"):
                make_keys(private, public)  # one half alone is kept, too
            gone.write_bytes(kept)
        assert private.read_bytes() == before

    def test_a_private_half_never_goes_into_a_repository(self, tmp_path: Path) -> None:
        (tmp_path / ".git").mkdir()
        private = tmp_path / "deep/release.key"
        with pytest.raises(KeysRefused, match="it would be published"):
            make_keys(private, tmp_path / "keys/release.pub")
        assert not private.exists()

    def test_only_public_keys_come_onto_a_card(self, tmp_path: Path) -> None:
        keys, root = tmp_path / "keys", tmp_path / "root"
        make_keys(tmp_path / "release.key", keys / "release.pub")
        (root / "usr/lib/gantry").mkdir(parents=True)
        bring_keys(root, keys)
        assert [each.name for each in (root / "usr/lib/gantry/keys").iterdir()] == [
            "release.pub"
        ]
        (keys / "mine.key").write_text("secret")
        (keys / "other.pub").write_text("ssh-ed25519 AAAA")
        with pytest.raises(SystemExit, match=r"private key\n.*no public key"):
            bring_keys(root, keys)

    def test_what_lies_in_the_repository_is_usable(self) -> None:
        assert unusable_keys(PUBLIC_KEYS) == []
