"""Taking in a picture: looked at with suspicion, made anew as a small JPEG, and kept under a name that says nothing.

What arrives decides by its content what it is. Nothing of the original file is kept: not where it was taken, not by
which phone, not a second frame.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import IO

from flask import Response, abort, send_file
from PIL import Image, ImageOps

from tenant_app.database import new_id
from tenant_app.web.house import house

LONGEST_SIDE = 1600
"""Pixels of the longer side as stored: enough to see a crack, small enough for a phone."""

MILLION = 1_000_000

MOST_PIXELS = {
    "JPEG": 50 * MILLION, "MPO": 50 * MILLION, "PNG": 16 * MILLION, "HEIF": 12_600_000, "WEBP": 5 * MILLION,
}  # fmt: skip
"""By what it is. A JPEG, which is what cameras make, can be shrunk while it is read; an MPO is a JPEG with more behind
it, as phones make for bright skies and depth; a PNG is what screens make; a WebP is unpacked several times over before
we see it; and so is a HEIC, of which 4096 by 3072 is what phones make."""

MOST_UNUSUAL = 4 * MILLION
"""Pixels of a HEIC that is not as phones make them: in tiles, eight bits a colour, colours at a quarter, nothing to see
through. Others take twice as much to unpack; and what is one tile is unpacked before a lie in its head is found."""

LARGEST_TILE = 1024
"""Pixels of a side. Phones make them of 512."""

MOST_IN_ROUNDS = 25 * MILLION
"""Values, two bytes each, of a JPEG that arrives in rounds and has to be held whole until the last of them. As cameras
make them, with colours at a quarter, these are 16 million pixels."""

MOST_UNPACKED = 16 * MILLION
"""Pixels as they lie in memory, four bytes each: of a JPEG, what is left once it is shrunk as it is read, which for one
as thin as a hair is nothing less. With these limits a picture takes about 100 MB for a moment, beside a door of 190."""

MOST_ROUNDS = 64
"""Of such a JPEG. Encoders make about ten. Each costs a walk over all of the picture and, empty, 42 bytes of the file:
what else is small enough to be sent could keep us busy for hours."""

# The library's own guard, in case a file says one size in its header and another further on.
Image.MAX_IMAGE_PIXELS = 50 * MILLION

Rows = Callable[[int, int], Image.Image]
"""Of a picture that is unpacked: those from the first number up to the second."""

# Several at once would be the end of a small server.
_one_at_a_time = Lock()


class NotAPhoto(ValueError):
    """What arrived cannot be shown as a picture, or is larger than a camera makes them."""


class TooLarge(NotAPhoto):
    """It is a picture, of more pixels than we unpack."""


@dataclass(frozen=True)
class Stored:
    """A picture as it now lies in the folder of photos."""

    file: str
    width: int
    height: int
    bytes: int
    digest: str
    """SHA-256 of the stored file."""


def _formats() -> tuple[str, ...]:
    if importlib.util.find_spec("pillow_heif"):
        # A smaller copy of itself, how far off things are: what else such a file may carry is not even looked at.
        importlib.import_module("pillow_heif").register_heif_opener(
            thumbnails=False, depth_images=False, aux_images=False
        )
        return ("JPEG", "PNG", "WEBP", "HEIF")
    return ("JPEG", "PNG", "WEBP")


FORMATS = _formats()
"""What is taken in. Anything else that the library could read (SVG it cannot) is more ways to be attacked."""

ACCEPTED = "image/jpeg,image/png,image/webp" + (",image/heic,image/heif" if "HEIF" in FORMATS else "")
"""The same as media types, for a page that asks for files. Without HEIC, iPhones send a JPEG by themselves."""


def keep(upload: IO[bytes], folder: Path) -> Stored:
    """Make a picture anew and write it into `folder`. Raises `NotAPhoto`; `OSError` where the disk refuses.

    The file is written before the row that names it. If the row is then not kept, a file that nobody can ask for
    stays behind, which harms nobody; the other way round a page would show a picture that is not there.
    """
    with _one_at_a_time:
        jpeg, size = made_anew(upload)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{new_id().hex}.jpg"
    unfinished = folder / f"{name}.part"
    try:
        unfinished.write_bytes(jpeg)
        os.replace(unfinished, folder / name)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
        raise
    return Stored(name, *size, len(jpeg), hashlib.sha256(jpeg).hexdigest())


def copy(folder: Path, file: str) -> str:
    """The same picture once more, under a name of its own, so that either can be removed without the other. Raises
    `OSError` where it is gone, or the disk refuses."""
    name = f"{new_id().hex}.jpg"
    shutil.copyfile(folder / file, folder / name)
    return name


def remove(folder: Path, *files: str) -> None:
    """Take pictures away for good, once the rows that named them are gone."""
    for file in files:
        (folder / file).unlink(missing_ok=True)


def made_anew(upload: IO[bytes]) -> tuple[bytes, tuple[int, int]]:
    """A JPEG of the first frame, upright, on white, at most `LONGEST_SIDE`, without metadata; and its (width, height).

    Raises `NotAPhoto`.
    """
    try:
        # Only the header is read here; its size is believed before a single pixel is unpacked.
        image = Image.open(upload, formats=FORMATS)
        _refuse_large(image)
        if image.info.get("progressive"):
            _refuse_endless(upload)
        if image.format == "HEIF":
            _refuse_cut_short(upload)
        image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
        if image.width * image.height > MOST_UNPACKED:
            raise TooLarge
        small = _shrunk(image, _unpacked(image, upload))
        image.close()
        small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        small = ImageOps.exif_transpose(small)
        clean = Image.new("RGB", small.size, "white")
        clean.paste(small, mask=small.getchannel("A") if small.mode == "RGBA" else None)
        packed = BytesIO()
        clean.save(packed, "JPEG", quality=82, optimize=True)
    except NotAPhoto:
        raise
    except Image.DecompressionBombError as error:
        raise TooLarge from error
    except Exception as error:
        # Broken files fail in as many ways as there are lines in a decoder. Whatever it was, it is not a photo.
        raise NotAPhoto from error
    return packed.getvalue(), clean.size


def _refuse_large(image: Image.Image) -> None:
    pixels = image.width * image.height
    if pixels > MOST_PIXELS[image.format or "WEBP"]:
        raise TooLarge
    if image.format == "HEIF" and pixels > MOST_UNUSUAL and not _as_phones_make_them(image):
        raise TooLarge
    if image.info.get("progressive"):
        # How finely each colour is kept beside the finest: that is in the header too.
        sizes = [across * down for _, across, down, _ in getattr(image, "layer", [])] or [1, 1, 1]
        if pixels * sum(sizes) / max(sizes) > MOST_IN_ROUNDS:
            raise TooLarge


def _as_phones_make_them(heic: Image.Image) -> bool:
    tiles = heic.info.get("tiling") or {}
    tile = max(tiles.get("tile_width", 0), tiles.get("tile_height", 0))
    usual = heic.info.get("chroma") == 420 and heic.info.get("bit_depth") == 8 and heic.mode == "RGB"
    return usual and 0 < tile <= LARGEST_TILE


def _refuse_endless(upload: IO[bytes]) -> None:
    """Inside of a round the two bytes with which one begins never stand together."""
    place, rounds, last = upload.tell(), 0, b""
    upload.seek(0)
    while part := upload.read(1024 * 1024):
        rounds += (last + part).count(b"\xff\xda")
        last = part[-1:]
    upload.seek(place)
    if rounds > MOST_ROUNDS:
        raise NotAPhoto


def _refuse_cut_short(upload: IO[bytes]) -> None:
    """Of a HEIC that breaks off, the library would show what tiles there are. Each box of it says how long it is."""
    end, place = upload.seek(0, os.SEEK_END), 0
    while place < end:
        upload.seek(place)
        head = upload.read(16)
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:], "big")
        if head[4:8] == b"mdat" and place + length > end:
            raise NotAPhoto
        place = place + length if length >= 8 else end


def _unpacked(image: Image.Image, upload: IO[bytes]) -> Rows:
    """All of it, from which rows are taken."""
    if image.format != "HEIF":
        image.load()
        return lambda top, bottom: image.crop((0, top, image.width, bottom))
    # From the library itself: as a picture of Pillow's it would lie there twice.
    upload.seek(0)
    pictures = importlib.import_module("pillow_heif").open_heif(upload)
    picture = pictures[pictures.primary_index]
    data, stride, mode = picture.data, picture.stride, picture.mode
    if picture.size != image.size:
        raise NotAPhoto
    return lambda top, bottom: Image.frombuffer(
        mode, (image.width, bottom - top), data[top * stride : bottom * stride], "raw", mode, stride, 1
    )


def _shrunk(image: Image.Image, rows_of: Rows) -> Image.Image:
    """RGB, or RGBA where one can see through, about twice as large as needed at most, with its note of what is up.

    In strips: to convert or shrink all of it at once would unpack a second copy of the whole.
    """
    factor = max(max(image.size) // LONGEST_SIDE, 1)
    width, height = image.size
    mode = "RGBA" if image.has_transparency_data else "RGB"
    small = Image.new(mode, (-(-width // factor), -(-height // factor)))
    rows = factor * max(MILLION // (width * factor), 1)
    for top in range(0, height, rows):
        strip = rows_of(top, min(top + rows, height)).convert(mode)
        small.paste(strip.reduce(factor) if factor > 1 else strip, (0, top // factor))
    # The picture's own notes stay with `image`; of them only this one is needed.
    small.getexif()[_ORIENTATION] = image.getexif().get(_ORIENTATION, 1)
    return small


_ORIENTATION = 0x0112


def photo_answer(file: str, digest: str) -> Response:
    """The picture itself, for whoever was found to be allowed to see it, kept for a day by this browser alone; 404
    where its file is gone. A door gives it to nobody else: the folder is not served."""
    path = house().settings.photos / file
    if not path.is_file():
        abort(404)
    # Named by its id, its content never changes: a browser that has it need not ask again.
    answer = send_file(path, mimetype="image/jpeg", download_name="photo.jpg", etag=digest, conditional=True)
    # Opened by itself it is a picture and no page, whatever a browser thinks of what is in it.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer
