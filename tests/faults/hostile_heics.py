"""HEIC files, as iPhones and troublemakers send them. Made with the library that also opens them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO

import pillow_heif
from PIL import Image

from tests.faults.hostile_pictures import KEPT, REFUSED, SECRET, Hostile

pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)  # as the door does


def heic(size: tuple[int, int] = (800, 600), mode: str = "RGB", *, exif: bytes | None = None, **how: object) -> bytes:
    """Black on the left, white on the right, in tiles as phones make them."""
    image, packed = Image.new(mode, size, "white"), BytesIO()
    image.paste("black", (0, 0, size[0] // 2, size[1]))
    image.save(packed, "HEIF", quality=50, enc_params={"preset": "ultrafast"}, **{"exif": exif, "tile_size": 512, **how})  # type: ignore[arg-type]
    return packed.getvalue()


def from_an_iphone() -> bytes:
    """Held sideways, with the place where it was taken and the phone's name."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Fairphone"
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 33.0, 24.0), 3: "W", 4: (0.0, 3.0, 12.0), 0x1D: SECRET.decode()})
    return heic(exif=exif.tobytes(), xmp=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + b"</x:xmpmeta>")


def claiming(content: bytes, width: int, height: int) -> bytes:
    """The same, whose head says another size of it all and of each tile."""
    told, at = bytearray(content), 0
    while (at := told.find(b"ispe", at)) > 0:
        told[at + 8 : at + 16] = struct.pack(">II", width, height)
        at += 16
    return bytes(told)


def deep(size: tuple[int, int], *, lying: bool = False) -> bytes:
    """All its colours, twelve bits each, and see-through. `lying`: it says eight, and colours at a quarter."""
    pillow_heif.options.SAVE_HDR_TO_12_BIT = True
    picture = pillow_heif.from_bytes("RGBA;16", size, b"\x80\x7f" * (size[0] * size[1] * 4))
    packed = BytesIO()
    picture.save(packed, quality=50, chroma=444, enc_params={"preset": "ultrafast"})
    told, at = bytearray(packed.getvalue()), 0
    while lying and (at := told.find(b"hvcC", at)) > 0:
        told[at + 20] = told[at + 20] & 0xFC | 1
        told[at + 21] &= 0xF8
        told[at + 22] &= 0xF8
        at += 23
    return bytes(told)


def moving() -> bytes:
    """Two pictures, one after the other."""
    several, packed = pillow_heif.HeifFile(), BytesIO()
    for colour in ("red", "blue"):
        several.add_from_pillow(Image.new("RGB", (300, 200), colour))
    several.save(packed)
    return packed.getvalue()


def too_much() -> dict[str, bytes]:
    """What is turned away because it would take too much to unpack."""
    return {
        "bomb": claiming(heic(tile_size=0), 60_000, 60_000), "too large": heic((4_200, 3_100)),
        "all one tile": heic((2_500, 2_000), tile_size=0), "all its colours": heic((2_500, 2_000), chroma=444),
        "see-through": heic((2_500, 2_000), "RGBA"),
    }  # fmt: skip


def broken() -> dict[str, bytes]:
    """What is turned away because it is no whole picture, or lies."""
    whole = heic()
    return {
        "says more": claiming(heic(tile_size=0), 2_000, 1_900), "says less": claiming(heic((4_000, 3_000)), 100, 100),
        "lies about its colours": deep((2_000, 1_990), lying=True), "cut short": whole[: len(whole) * 2 // 3],
        "a head": whole[:200],
    }  # fmt: skip


def heics() -> Iterator[Hostile]:
    """All of them, for the corpus."""
    for what, content in (too_much() | broken()).items():
        yield Hostile(f"heic, {what}", content, REFUSED, "photo.heic", "image/heic")
    for what, content in {
        "with everything": from_an_iphone(), "with a tail": from_an_iphone() + SECRET, "moving": moving(),
        "as large as may be": heic((4_096, 3_072)), "deep, as large as may be": deep((2_000, 1_990)),
    }.items():  # fmt: skip
        yield Hostile(f"heic, {what}", content, KEPT, "photo.heic", "image/heic")
