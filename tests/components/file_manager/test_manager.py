import asyncio
import hashlib
import json
import threading
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from appliance.components.file_manager import manager as manager_module
from appliance.components.file_manager.intake import Intake
from appliance.domain.file_events import (
    FileAdded,
    FileChanged,
    FileMoved,
    FileRemoved,
    FolderAdded,
    FolderMoved,
    FolderRemoved,
)
from appliance.domain.file_service import UploadTerms
from appliance.domain.files import GCODES, Item, Root
from appliance.errors import (
    FileExists,
    FileForbidden,
    FileInUse,
    FileMissing,
    InvalidName,
    InvalidRequest,
    StorageFull,
    UnsupportedType,
    UploadBroken,
)
from tests.components.file_manager.conftest import LIMIT, Shop, pieces
from tests.waiting import DEADLINE_S

TEXT = b"G28\nG1 X1\n; the end\n"


async def test_an_upload_is_listed_told_and_read_back(shop: Shop) -> None:
    receipt = await shop.upload("parts/cube.gcode", TEXT, user="ann", userdata={"a": 1})
    assert receipt.created
    assert receipt.file.digest == hashlib.sha1(TEXT).hexdigest()
    assert receipt.file.metadata is not None
    assert receipt.file.metadata.gcode_start == 0
    assert receipt.file.metadata.gcode_end == 10
    info = await shop.service.info(GCODES, "/parts//cube.gcode")
    assert (info.size, info.user, info.userdata) == (len(TEXT), "ann", {"a": 1})
    assert (await shop.service.download(GCODES, "parts/cube.gcode")).read_bytes() == TEXT
    assert shop.told == [FileAdded(receipt.file, "ann")]
    listing = await shop.service.folder()
    assert [(folder.path, folder.size) for folder in listing.folders] == [("parts", len(TEXT))]
    assert listing.files == ()


async def test_an_upload_replaces_or_refuses(shop: Shop) -> None:
    await shop.upload("cube.gcode", b"old")
    with pytest.raises(FileExists):
        await shop.upload("cube.gcode", b"new", overwrite=False)
    assert (shop.folder / "cube.gcode").read_bytes() == b"old"
    receipt = await shop.upload("cube.gcode", b"new")
    assert not receipt.created
    assert isinstance(shop.told[-1], FileChanged)
    assert (shop.folder / "cube.gcode").read_bytes() == b"new"
    assert shop.on_disk() == {"cube.gcode"}


async def test_a_name_may_come_after_the_bytes(shop: Shop) -> None:
    async with await shop.service.upload() as upload:
        await upload.write(TEXT)
        await upload.keep(GCODES, "späte Würfel?.gcode")
    (file,) = (await shop.service.tree()).files
    assert (file.path, file.display) == ("späte Würfel.gcode", "späte Würfel?.gcode")


async def test_an_upload_that_is_not_kept_leaves_nothing(shop: Shop) -> None:
    async with await shop.service.upload(size=10) as upload:
        await upload.write(TEXT)
    assert shop.on_disk() == set()


async def test_a_cancelled_upload_leaves_nothing(shop: Shop) -> None:
    begun = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"x" * 3_000_000
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(shop.service.receive(GCODES, "x.gcode", slow()))
    await begun.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert shop.on_disk() == set()
    assert await shop.paths() == []


async def test_an_upload_that_is_cancelled_while_its_file_is_made_leaves_nothing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_go_on = threading.Event(), threading.Event()
    create = Intake._create

    def slow_disk(intake: Intake) -> tuple[str, int]:
        begun.set()
        assert may_go_on.wait(DEADLINE_S)
        return create(intake)

    monkeypatch.setattr(Intake, "_create", slow_disk)
    upload = asyncio.create_task(shop.service.upload())
    assert await asyncio.to_thread(begun.wait, DEADLINE_S)
    upload.cancel()
    may_go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await upload
    assert shop.on_disk() == set()  # and every test fails that leaves a file open


async def test_a_stalled_upload_is_ended(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manager_module, "STALLED_S", 0.05)

    async def stalling() -> AsyncIterator[bytes]:
        yield b"G28"
        await asyncio.Event().wait()

    with pytest.raises(UploadBroken, match="stood still"):
        await shop.service.receive(GCODES, "x.gcode", stalling())
    assert shop.on_disk() == set()


async def test_checksum_and_size_are_checked(shop: Shop) -> None:
    good = hashlib.sha256(TEXT).hexdigest()
    with pytest.raises(UploadBroken, match="checksum"):
        await shop.upload("x.gcode", TEXT, sha256="0" * 64)
    await shop.upload("x.gcode", TEXT, sha256=good.upper())
    with pytest.raises(UploadBroken, match="before all"):
        await shop.service.receive(GCODES, "y.gcode", pieces(TEXT), size=len(TEXT) + 1)
    assert shop.on_disk() == {"x.gcode"}


async def test_a_file_over_the_limit_is_refused(shop: Shop) -> None:
    with pytest.raises(StorageFull, match="20 MB"):
        await shop.service.upload(size=LIMIT + 1)
    with pytest.raises(StorageFull, match="20 MB"):
        await shop.service.receive(GCODES, "x.gcode", pieces(bytes(LIMIT + 1), 1 << 20))
    assert shop.on_disk() == set()


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("x.html", UnsupportedType),
        ("x.gcode.html", UnsupportedType),
        ("x.svg", UnsupportedType),
        ("x", UnsupportedType),
        ("../x.gcode", InvalidName),
        ("a/../../x.gcode", InvalidName),
        ("..\\x.gcode", InvalidName),
        ("", InvalidName),
    ],
)
async def test_what_cannot_be_uploaded(shop: Shop, path: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        await shop.upload(path)
    assert shop.on_disk() == set()


async def test_the_type_stays_when_a_file_is_renamed(shop: Shop) -> None:
    await shop.upload("x.gcode")
    for name in ("x.html", "x.stl", "x.gcode.html.", "x.svg "):
        with pytest.raises(UnsupportedType):
            await shop.service.move(Item(GCODES, "x.gcode"), Item(GCODES, name))
        with pytest.raises(UnsupportedType):
            await shop.service.copy(Item(GCODES, "x.gcode"), Item(GCODES, name))
    assert shop.on_disk() == {"x.gcode"}


async def test_a_file_moves_with_what_is_known_of_it(shop: Shop) -> None:
    before = (await shop.upload("a/cube.gcode", TEXT, user="ann")).file
    await shop.service.make_folder(GCODES, "b")
    goal = await shop.service.move(Item(GCODES, "a/cube.gcode"), Item(GCODES, "b"))
    assert goal == Item(GCODES, "b/cube.gcode")
    after = await shop.service.info(GCODES, "b/cube.gcode")
    assert (after.uuid, after.user, after.digest) == (before.uuid, "ann", before.digest)
    assert shop.told[-1] == FileMoved(after, GCODES, "a/cube.gcode")
    with pytest.raises(FileMissing):
        await shop.service.info(GCODES, "a/cube.gcode")


async def test_a_folder_moves_with_all_that_is_in_it(shop: Shop) -> None:
    await shop.upload("a/b/one.gcode")
    await shop.upload("a/two.gcode")
    await shop.upload("ab.gcode")
    await shop.service.move(Item(GCODES, "a"), Item(GCODES, "x"))
    assert await shop.paths() == ["ab.gcode", "x/b/one.gcode", "x/two.gcode"]
    assert isinstance(shop.told[-1], FolderMoved)
    listing = await shop.service.tree()
    assert [(folder.path, folder.display) for folder in listing.folders] == [
        ("x", "x"),
        ("x/b", "b"),
    ]


async def test_a_folder_does_not_go_into_itself(shop: Shop) -> None:
    await shop.upload("a/b/one.gcode")
    for verb in (shop.service.move, shop.service.copy):
        with pytest.raises(InvalidName):
            await verb(Item(GCODES, "a"), Item(GCODES, "a/b/c"))


async def test_moving_onto_something_needs_to_be_said(shop: Shop) -> None:
    await shop.upload("a.gcode", b"a")
    await shop.upload("b.gcode", b"b")
    with pytest.raises(FileExists):
        await shop.service.move(Item(GCODES, "a.gcode"), Item(GCODES, "b.gcode"))
    await shop.service.move(Item(GCODES, "a.gcode"), Item(GCODES, "b.gcode"), overwrite=True)
    assert (shop.folder / "b.gcode").read_bytes() == b"a"
    assert await shop.paths() == ["b.gcode"]


async def test_a_copy_is_another_file(shop: Shop) -> None:
    original = (await shop.upload("a/cube.gcode", TEXT)).file
    await shop.service.copy(Item(GCODES, "a"), Item(GCODES, "b"))
    copy = await shop.service.info(GCODES, "b/cube.gcode")
    assert copy.digest == original.digest
    assert copy.uuid != original.uuid
    assert (shop.folder / "b/cube.gcode").read_bytes() == TEXT
    assert shop.on_disk() == {"a/cube.gcode", "b/cube.gcode"}


async def test_deleting_is_told_once(shop: Shop) -> None:
    await shop.upload("a/one.gcode")
    await shop.upload("a/b/two.gcode")
    await shop.upload("three.gcode")
    shop.told.clear()
    await shop.service.delete(GCODES, "three.gcode")
    with pytest.raises(FileExists, match="not empty"):
        await shop.service.delete(GCODES, "a", force=False)
    await shop.service.delete(GCODES, "a")
    assert [type(event) for event in shop.told] == [FileRemoved, FolderRemoved]
    assert await shop.paths() == []
    with pytest.raises(FileForbidden):
        await shop.service.delete(GCODES, "")


async def test_a_file_in_use_stays_as_it_is(shop: Shop) -> None:
    await shop.upload("a/cube.gcode", b"old")
    await shop.upload("b.gcode", b"new")
    shop.service.reserve("a/cube.gcode", "test")
    source = Item(GCODES, "b.gcode")
    for wish in (
        shop.service.delete(GCODES, "a/cube.gcode"),
        shop.service.delete(GCODES, "a"),
        shop.service.move(Item(GCODES, "a"), Item(GCODES, "c")),
        shop.service.move(Item(GCODES, "a/cube.gcode"), Item(GCODES, "c.gcode")),
        shop.service.move(source, Item(GCODES, "a/cube.gcode"), overwrite=True),
        shop.upload("a/cube.gcode", b"new"),
    ):
        with pytest.raises(FileInUse):
            await wish
    assert (shop.folder / "a/cube.gcode").read_bytes() == b"old"
    shop.service.release("a/cube.gcode", "test")
    await shop.service.delete(GCODES, "a")


async def test_an_archive_has_what_was_asked_for(shop: Shop) -> None:
    await shop.upload("a/b/one.gcode", TEXT)
    await shop.upload("two.gcode", TEXT)
    items = [Item(GCODES, "a"), Item(GCODES, "two.gcode")]
    archive = await shop.service.zip(items, Item(GCODES, "all.zip"))
    with zipfile.ZipFile(shop.folder / archive.path) as content:
        assert sorted(content.namelist()) == ["a/b/one.gcode", "two.gcode"]
        assert content.read("a/b/one.gcode") == TEXT
    with pytest.raises(UnsupportedType):
        await shop.service.zip(items, Item(GCODES, "all.gcode"))


async def test_an_archive_of_thousands_of_files(shop: Shop) -> None:
    name = "x" * 100
    for number in range(1500):
        (shop.folder / f"{name} {number}.gcode").write_bytes(b"G28\n")
    await shop.watcher.compare()
    items = [Item(GCODES, file.path) for file in (await shop.service.tree()).files]
    archive = await shop.service.zip(items, Item(GCODES, "all.zip"))
    with zipfile.ZipFile(shop.folder / archive.path) as content:
        assert len(content.namelist()) == 1500


async def test_links_are_neither_listed_nor_served(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "outside.gcode").write_text("secret")
    (shop.folder / "link.gcode").symlink_to(tmp_path / "outside.gcode")
    await shop.watcher.compare()
    assert await shop.paths() == []
    with pytest.raises(FileMissing):
        await shop.service.download(GCODES, "link.gcode")
    await shop.upload("link.gcode", TEXT)  # replaces the link, not what it points to
    assert (tmp_path / "outside.gcode").read_text() == "secret"


async def test_the_revision_grows_with_every_change(shop: Shop) -> None:
    seen = [shop.service.revision()]
    await shop.upload("a.gcode")
    seen.append(shop.service.revision())
    await shop.service.make_folder(GCODES, "b")
    seen.append(shop.service.revision())
    await shop.service.delete(GCODES, "a.gcode")
    seen.append(shop.service.revision())
    assert seen == sorted(set(seen))


async def test_the_config_root_keeps_secrets_to_itself(shop: Shop, tmp_path: Path) -> None:
    config = tmp_path / "config"
    for path in (
        "configuration.yaml",
        "secrets.yaml",
        "sub/secrets.yaml",
        "secret_keys.yaml",
        ".storage/users.json",
        ".storage/thing.yaml",
        ".hidden.yaml",
        "gcodes/x.yaml",
        "parts/printer.yaml",
        "script.py",
    ):
        file = config / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("a: 1\n")
    root = Root("config", config, suffixes=frozenset({".yaml"}))
    shop.service.add_root(root, frozenset({".storage", "gcodes"}))
    listing = await shop.service.tree("config", hidden=True)
    assert [file.path for file in listing.files] == [
        "configuration.yaml",
        "parts/printer.yaml",
    ]
    assert [folder.path for folder in listing.folders] == ["parts", "sub"]
    for path in ("secrets.yaml", "sub/secrets.yaml", ".storage/thing.yaml", ".hidden.yaml"):
        with pytest.raises(FileMissing):
            await shop.service.download("config", path)
        with pytest.raises((FileForbidden, FileMissing)):
            await shop.service.copy(Item("config", path), Item("config", "parts/x.yaml"))
    for path in ("secrets.yaml", "secrets/x.yaml", "gcodes/y.yaml"):
        with pytest.raises(FileForbidden):
            await shop.service.receive("config", path, pieces(b"a: 1"))
    with pytest.raises(UnsupportedType):
        await shop.service.receive("config", "evil.py", pieces(b"a: 1"))


async def test_a_file_that_fails_its_check_is_not_written(shop: Shop, tmp_path: Path) -> None:
    seen: list[tuple[Path, bytes]] = []

    async def check(path: Path, content: bytes) -> None:
        seen.append((path, content))
        if b"bad" in content:
            raise InvalidRequest("not valid")

    root = Root("config", tmp_path / "config", suffixes=frozenset({".yaml"}))
    shop.service.add_root(root, frozenset(), check)
    await shop.service.receive("config", "a.yaml", pieces(b"good"))
    with pytest.raises(InvalidRequest):
        await shop.service.receive("config", "a.yaml", pieces(b"bad"))
    assert (tmp_path / "config/a.yaml").read_bytes() == b"good"
    assert seen[0] == (tmp_path / "config/a.yaml", b"good")


async def test_a_read_only_root_is_only_read(shop: Shop, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "gantry.log").write_text("line\n")
    (logs / "core.dump").write_text("no log\n")
    shop.service.add_root(Root("logs", logs, writable=False, suffixes=frozenset({".log"})))
    assert await shop.paths("logs") == ["gantry.log"]
    with pytest.raises(FileForbidden):
        await shop.service.delete("logs", "gantry.log")
    with pytest.raises(FileForbidden):
        await shop.service.receive("logs", "x.log", pieces(b"x"))
    await shop.upload("x.gcode")
    with pytest.raises(FileForbidden):
        await shop.service.copy(Item(GCODES, "x.gcode"), Item("logs", "x.log"))


async def test_an_unknown_root_is_missing(shop: Shop) -> None:
    with pytest.raises(FileMissing):
        await shop.service.tree("nope")


async def test_what_comes_from_outside_is_found_at_the_start(shop: Shop) -> None:
    await shop.upload("gone.gcode")
    await shop.upload("kept.gcode")
    (shop.folder / "gone.gcode").unlink()
    (shop.folder / "new").mkdir()
    (shop.folder / "new" / "part.gcode").write_bytes(TEXT)
    (shop.folder / "new" / "page.html").write_text("<script>")
    await shop.watcher.compare()
    assert await shop.paths() == ["kept.gcode", "new/part.gcode"]
    info = await shop.service.info(GCODES, "new/part.gcode")
    assert info.metadata is not None
    assert info.metadata.gcode_end == 10


async def test_the_domain_can_be_written_as_json(shop: Shop) -> None:
    receipt = await shop.upload("x.gcode", TEXT, userdata={"k": [1, {"a": None}]})
    assert json.loads(json.dumps(receipt.file.userdata)) == {"k": [1, {"a": None}]}
    assert (await shop.service.info(GCODES, "x.gcode")).userdata == {"k": [1, {"a": None}]}


async def test_terms_are_optional(shop: Shop) -> None:
    async with await shop.service.upload() as upload:
        await upload.write(TEXT)
        receipt = await upload.keep(GCODES, "x.gcode", UploadTerms())
    assert receipt.file.user is None


async def test_making_a_folder(shop: Shop) -> None:
    folder = await shop.service.make_folder(GCODES, "a/b?")
    assert (folder.path, folder.display) == ("a/b", "b?")
    assert isinstance(shop.told[-1], FolderAdded)
    with pytest.raises(FileExists):
        await shop.service.make_folder(GCODES, "a/b")
    with pytest.raises(InvalidName):
        await shop.service.make_folder(GCODES, "../x")


async def test_a_folder_that_cannot_be_made_keeps_nobody_from_the_others(
    shop: Shop, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "no_disk").touch()
    shop.service.add_root(Root("videos", tmp_path / "no_disk" / "videos"))
    assert "The folder of 'videos' cannot be made" in caplog.text
    with pytest.raises(FileMissing):
        await shop.service.tree("videos")
    await shop.upload("cube.gcode")
    assert await shop.paths() == ["cube.gcode"]
    (tmp_path / "no_disk").unlink()
    (tmp_path / "no_disk" / "videos").mkdir(parents=True)  # now it is mounted
    assert (await shop.service.tree("videos")).files == ()
