"""Videos of pictures, by ffmpeg, one at a time and with the lowest priority."""

from __future__ import annotations

import asyncio
import logging
import shutil
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from appliance.bus import Bus
from appliance.components.timelapse.frames import Description, Frames
from appliance.components.timelapse.options import RenderOptions
from appliance.domain.timelapse import (
    RenderDone,
    RenderFailed,
    RenderProgressed,
    RenderStarted,
)

_LOGGER = logging.getLogger(__name__)

SUFFIX = ".mp4"
PART = ".part"
_STOP_S = 5.0
_PROGRESS_STEP = 0.02


class Renderer:
    """Makes videos; implements the work of a queue."""

    def __init__(self, bus: Bus, options: Callable[[], RenderOptions]) -> None:
        self._bus = bus
        self._options = options
        self._queue: asyncio.Queue[tuple[Frames, Path]] = asyncio.Queue()
        self._waiting: list[Path] = []
        self._present: Path | None = None

    @property
    def available(self) -> bool:
        """Whether ffmpeg is there."""
        return shutil.which(self._options().ffmpeg) is not None

    def is_queued(self, frames: Frames) -> bool:
        """Return whether the recording waits to be rendered."""
        return frames.folder in self._waiting

    def is_rendering(self, frames: Frames) -> bool:
        """Return whether the recording is being rendered."""
        return frames.folder == self._present

    def enqueue(self, frames: Frames, videos: Path) -> None:
        """Render a recording into the folder ``videos`` as soon as the others are done."""
        if not self.is_queued(frames) and not self.is_rendering(frames):
            self._waiting.append(frames.folder)
            self._queue.put_nowait((frames, videos))

    async def run(self) -> None:
        """Render what comes."""
        while True:
            frames, videos = await self._queue.get()
            self._waiting.remove(frames.folder)
            self._present = frames.folder
            try:
                await self._render(frames, videos)
            finally:
                self._present = None

    async def _render(self, frames: Frames, videos: Path) -> None:
        description = await asyncio.to_thread(frames.description) or Description(
            "", "", frames.name, 25
        )
        pictures = await asyncio.to_thread(frames.pictures)
        name = f"{frames.name}{'-fail' if description.failed else ''}{SUFFIX}"
        about = (description.printer_id, description.gcode, name)
        self._bus.fire(RenderStarted(*about))
        try:
            await self._encode(frames, description, pictures, videos / name)
        except (OSError, RuntimeError) as error:
            _LOGGER.error("The timelapse %s cannot be rendered: %s", name, error)
            self._bus.fire(RenderFailed(*about, str(error)))
            return
        await asyncio.to_thread(frames.delete)
        self._bus.fire(RenderDone(*about))

    async def _encode(
        self, frames: Frames, description: Description, pictures: Sequence[Path], target: Path
    ) -> None:
        if not pictures:
            raise RuntimeError("there are no pictures")
        part = target.with_name(target.name + PART)
        command = arguments(self._options(), description, pictures, part)
        await asyncio.to_thread(target.parent.mkdir, parents=True, exist_ok=True)
        process = await asyncio.create_subprocess_exec(
            *("nice", "-n", "19", *command),
            cwd=frames.folder,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
        )
        try:
            assert process.stdout is not None
            assert process.stderr is not None
            errors = asyncio.ensure_future(process.stderr.read())
            await self._watch(process.stdout, description, target.name, len(pictures))
            complaint = (await errors).decode(errors="replace").strip()
            if await process.wait() != 0:
                message = f"ffmpeg says: {complaint[-500:] or process.returncode}"
                raise RuntimeError(message)
            await asyncio.to_thread(part.replace, target)
        finally:
            if process.returncode is None:
                await _end(process)
            await asyncio.to_thread(part.unlink, missing_ok=True)

    async def _watch(
        self, output: asyncio.StreamReader, description: Description, video: str, total: int
    ) -> None:
        total += round(description.post_roll_s * description.fps)
        told = 0.0
        while line := await output.readline():
            key, _, value = line.decode(errors="replace").strip().partition("=")
            if key == "frame" and value.isdecimal():
                done = min(int(value) / total, 1.0)
                if done >= told + _PROGRESS_STEP:
                    told = done
                    self._bus.fire(RenderProgressed(description.printer_id, video, done))


def arguments(
    options: RenderOptions,
    description: Description,
    pictures: Sequence[Path],
    target: Path,
) -> list[str]:
    """Return the command line of ffmpeg, a word each: no shell is involved."""
    filters = [*filter(None, [description.transform])]
    if description.post_roll_s:
        filters.append(f"tpad=stop_mode=clone:stop_duration={description.post_roll_s:g}")
    # The codecs want even sizes and this pixel format.
    filters += ["scale=trunc(iw/2)*2:trunc(ih/2)*2", "format=yuv420p"]
    # fmt: off
    return [
        options.ffmpeg, "-nostdin", "-y", "-loglevel", "error", "-progress", "pipe:1",
        "-framerate", str(description.fps),
        "-start_number", str(int(pictures[0].stem)),
        "-i", f"%06d{pictures[0].suffix}",  # in the folder that it runs in
        "-vf", ",".join(filters),
        "-c:v", options.codec, "-threads", str(options.threads), "-b:v", options.bitrate,
        "-movflags", "+faststart", "-f", "mp4", str(target),
    ]
    # fmt: on


async def _end(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(_STOP_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
