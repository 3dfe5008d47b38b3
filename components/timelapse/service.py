"""The timelapses of all printers; implements `appliance.domain.timelapse.Timelapse`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from appliance.components.timelapse.frames import Frames
from appliance.components.timelapse.options import (
    RenderOptions,
    options_for,
    render_options,
    to_config,
)
from appliance.components.timelapse.recorder import Recorder
from appliance.components.timelapse.renderer import PART, SUFFIX, Renderer
from appliance.config.write import CONFIGURATION_WRITER
from appliance.core import Appliance
from appliance.domain.camera import CAMERAS, Camera
from appliance.domain.file_service import FILES
from appliance.domain.files import Root
from appliance.domain.printer import PRINTERS
from appliance.domain.timelapse import (
    PICTURES,
    VIDEOS,
    LatestPicture,
    Recording,
    TimelapseChanged,
    TimelapseOptions,
    Video,
)
from appliance.errors import FileInUse, FileMissing, PrinterMissing

_LOGGER = logging.getLogger(__name__)

DOMAIN = "timelapse"
PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png"})


class TimelapseService:
    """A recorder per printer, and one renderer for all."""

    def __init__(self, appliance: Appliance, config: Mapping[str, Any]) -> None:
        self._appliance = appliance
        self._config = config
        self._root = appliance.paths.resolve(config["path"])
        self._unrendered = appliance.paths.storage / DOMAIN
        self.renderer = Renderer(appliance.bus, self.render_options)
        self._recorders: dict[str, Recorder] = {}
        self._delayed: dict[Path, asyncio.TimerHandle] = {}
        for printer in appliance.use(PRINTERS):
            self._recorders[printer.id] = Recorder(
                appliance,
                printer,
                options_for(config, printer.id),
                self._frames_folder(printer.id),
                partial(self._camera, printer.id),
                partial(self._recorded, printer.id),
            )

    def render_options(self) -> RenderOptions:
        """Return how ffmpeg is called."""
        return render_options(self._config)

    async def start(self) -> None:
        """Begin to watch the printers."""
        await asyncio.to_thread(_remove_parts, self._root)
        self._offer_files()
        self._appliance.tasks.supervise(self.renderer.run, "render timelapses")
        for recorder in self._recorders.values():
            recorder.start()

    def _offer_files(self) -> None:
        """Let people browse the videos, and see the pictures."""
        files = self._appliance.find(FILES)
        if files is not None:
            suffixes = frozenset({SUFFIX, ".zip", *PICTURE_SUFFIXES})
            files.add_root(Root(VIDEOS, self._root, suffixes=suffixes))
            pictures = Root(
                PICTURES, self._unrendered, writable=False, suffixes=PICTURE_SUFFIXES
            )
            files.add_root(pictures)

    async def stop(self) -> None:
        """Take no more pictures."""
        for handle in self._delayed.values():
            handle.cancel()
        for recorder in self._recorders.values():
            await recorder.stop()

    def configure(self, config: Mapping[str, Any]) -> None:
        """Go by changed options; the folder stays until the next start."""
        before, self._config = self._config, config
        for printer_id in self._recorders:
            options = options_for(config, printer_id)
            if options != options_for(before, printer_id):
                self._change(printer_id, options)

    # --- the protocol ---------------------------------------------------------------------

    def possible(self, printer_id: str) -> bool:
        """Return whether there are a camera and ffmpeg."""
        return self._camera(printer_id) is not None and self.renderer.available

    def options(self, printer_id: str) -> TimelapseOptions:
        """Return how the next print is recorded."""
        return self._recorder(printer_id).options

    async def set_options(
        self, printer_id: str, options: TimelapseOptions, *, save: bool = False
    ) -> None:
        """Record the next print that way."""
        if options != self._recorder(printer_id).options:
            self._change(printer_id, options)
        writer = self._appliance.find(CONFIGURATION_WRITER)
        if save and writer is not None:
            alone = len(self._recorders) == 1
            base = (DOMAIN,) if alone else (DOMAIN, "printers", printer_id)
            values = {(*base, key): value for key, value in to_config(options).items()}
            self._appliance.adopt(await writer.change(values))

    async def videos(self, printer_id: str) -> Sequence[Video]:
        """Return the finished videos."""
        return await asyncio.to_thread(_videos_in, self._videos_folder(printer_id))

    async def recordings(self, printer_id: str) -> Sequence[Recording]:
        """Return what is no video yet."""
        present = self._recorder(printer_id).frames
        folders = await asyncio.to_thread(_folders_in, self._frames_folder(printer_id))
        return [
            Recording(
                frames.name,
                count,
                size,
                modified,
                recording=present is not None and present.folder == frames.folder,
                queued=self.renderer.is_queued(frames) or frames.folder in self._delayed,
                rendering=self.renderer.is_rendering(frames),
            )
            for frames, count, size, modified in folders
        ]

    async def latest(self, printer_id: str) -> LatestPicture | None:
        """Return the last picture that is not in a video yet."""
        present = self._recorder(printer_id).frames
        folder = self._frames_folder(printer_id)
        return await asyncio.to_thread(_latest_in, folder, present)

    async def save_pictures(self, printer_id: str, name: str) -> str:
        """Pack the pictures of a recording beside the videos."""
        folders = await asyncio.to_thread(_folders_in, self._frames_folder(printer_id))
        if name not in {frames.name for frames, *_ in folders}:
            message = f"there is no recording '{name}'"
            raise FileMissing(message)
        target = self._videos_folder(printer_id) / f"{name}_frames.zip"
        frames = Frames(self._frames_folder(printer_id) / name)
        try:
            await asyncio.to_thread(frames.pack, target)
        except FileNotFoundError:
            raise FileMissing("the recording was rendered meanwhile") from None
        return self.place(printer_id, target.name)

    def place(self, printer_id: str, name: str) -> str:
        """Return where a video is, below the root of the videos."""
        return str((self._videos_folder(printer_id) / name).relative_to(self._root))

    async def video_path(self, printer_id: str, name: str) -> Path:
        """Return where a video is."""
        return await asyncio.to_thread(_video, self._videos_folder(printer_id), name)

    async def delete_video(self, printer_id: str, name: str) -> None:
        """Delete a video."""
        path = await self.video_path(printer_id, name)
        await asyncio.to_thread(path.unlink, missing_ok=True)

    async def render(self, printer_id: str, name: str) -> None:
        """Make a video of a recording."""
        frames = await self._known(printer_id, name)
        self.renderer.enqueue(frames, self._videos_folder(printer_id))

    async def delete_recording(self, printer_id: str, name: str) -> None:
        """Delete the pictures of a recording."""
        frames = await self._known(printer_id, name)
        if self.renderer.is_rendering(frames) or self.renderer.is_queued(frames):
            raise FileInUse("that recording is being rendered")
        await asyncio.to_thread(frames.delete)

    # --- within ---------------------------------------------------------------------------

    def _recorder(self, printer_id: str) -> Recorder:
        try:
            return self._recorders[printer_id]
        except KeyError:
            message = f"there is no printer '{printer_id}'"
            raise PrinterMissing(message) from None

    def _camera(self, printer_id: str) -> Camera | None:
        wanted = self._config.get("camera")
        for camera in self._appliance.use(CAMERAS).of(printer_id):
            if camera.takes_pictures and wanted in (None, camera.id):
                return camera
        return None

    def _change(self, printer_id: str, options: TimelapseOptions) -> None:
        self._recorder(printer_id).options = options
        self._appliance.bus.fire(TimelapseChanged(printer_id, options))

    def _recorded(self, printer_id: str, frames: Frames, wanted: bool) -> None:
        """Render a finished recording after the wanted delay."""
        if not wanted:
            return
        delay = self.render_options().delay_s
        videos = self._videos_folder(printer_id)
        if not delay:
            self.renderer.enqueue(frames, videos)
            return

        def later() -> None:
            self._delayed.pop(frames.folder, None)
            self.renderer.enqueue(frames, videos)

        loop = asyncio.get_running_loop()
        self._delayed[frames.folder] = loop.call_later(delay, later)

    async def _known(self, printer_id: str, name: str) -> Frames:
        for recording in await self.recordings(printer_id):
            if recording.name == name:
                if recording.recording:
                    raise FileInUse("that print is still being recorded")
                return Frames(self._frames_folder(printer_id) / name)
        message = f"there is no recording '{name}'"
        raise FileMissing(message)

    def _frames_folder(self, printer_id: str) -> Path:
        return self._unrendered / printer_id

    def _videos_folder(self, printer_id: str) -> Path:
        """Return the folder of a printer: the first one has no folder of its own."""
        first = self._appliance.use(PRINTERS).first.id
        return self._root if printer_id == first else self._root / printer_id


def _remove_parts(folder: Path) -> None:
    """Remove what a power cut left of videos; their pictures are still there."""
    if folder.is_dir():
        for path in folder.rglob(f"*{SUFFIX}{PART}"):
            path.unlink(missing_ok=True)


def _videos_in(folder: Path) -> list[Video]:
    if not folder.is_dir():
        return []
    found = []
    for path in sorted(folder.iterdir()):
        if path.suffix == SUFFIX and path.is_file() and not path.is_symlink():
            status = path.stat()
            found.append(Video(path.name, status.st_size, status.st_mtime))
    return found


def _video(folder: Path, name: str) -> Path:
    if name not in {video.name for video in _videos_in(folder)}:
        message = f"there is no video '{name}'"
        raise FileMissing(message)
    return folder / name


def _latest_in(folder: Path, present: Frames | None) -> LatestPicture | None:
    known = _folders_in(folder)
    if present is not None:
        frames = present
    elif known:
        frames = max(known, key=lambda each: each[3])[0]
    else:
        return None
    try:
        pictures = frames.pictures()
    except FileNotFoundError:  # it was rendered meanwhile
        return None
    if not pictures:
        return None
    path = pictures[-1].relative_to(folder.parent)
    return LatestPicture(frames.name, len(pictures), str(path))


def _folders_in(folder: Path) -> list[tuple[Frames, int, int, float]]:
    if not folder.is_dir():
        return []
    found = []
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            frames = Frames(path)
            with suppress(FileNotFoundError):  # it was rendered meanwhile
                count = len(frames.pictures())
                found.append((frames, count, frames.size(), path.stat().st_mtime))
    return found
