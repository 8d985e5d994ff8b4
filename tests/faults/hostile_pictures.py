"""More than 150 files that phones, and troublemakers, might send as a photo, each with what is to become of it (row 40).

All are made here. What must not come through carries `SECRET` in every place where a file can carry words.
"""

from __future__ import annotations

import gzip
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, PngImagePlugin

SECRET = b"51.5432N-0.0553W"
KEPT, REFUSED, EITHER = "kept", "refused", "either"
MILLION = 1_000_000


@dataclass(frozen=True)
class Hostile:
    """One file: what it is, its bytes, the name it is sent under, and whether it is to be kept."""

    what: str
    content: bytes
    becomes: str
    name: str = "photo.jpg"
    media_type: str = "image/jpeg"


def corpus() -> Iterator[Hostile]:
    """All of them, one by one: together they are larger than they need to be in memory."""
    yield from cheap()
    yield from large()


def cheap() -> Iterator[Hostile]:
    """Those that take no time to make."""
    for part in (bombs, cut_short, no_photos, odd_but_photos, telling, turned, misnamed):
        yield from part()


def packed(kind: str, mode: str = "RGB", size: tuple[int, int] = (320, 240), **how: object) -> bytes:
    """A picture of noise, which no encoder can make small, or of one colour where it is large."""
    bands = Image.getmodebands(mode)
    noise = random.Random(40).randbytes(size[0] * size[1] * bands) if size[0] * size[1] < MILLION else b""
    plain = mode in ("1", "I;16", "P")
    image = Image.new(mode, size) if plain or not noise else Image.frombytes(mode, size, noise)
    out = BytesIO()
    image.save(out, kind, **how)  # type: ignore[arg-type]
    return out.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, rows: bytes, *, depth: int = 8, colour: int = 2, also: bytes = b"") -> bytes:
    """A PNG by hand: what its header says need not be what follows. `also` are more chunks."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = chunk(b"IHDR", head) + also + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def small_png(also: bytes) -> bytes:
    return png(2, 2, (b"\0" + b"\x80" * 6) * 2, also=also)


def claiming(jpeg: bytes, width: int, height: int) -> bytes:
    """A JPEG whose header says another size."""
    at = next(at for mark in (b"\xff\xc0", b"\xff\xc2") if (at := jpeg.find(mark)) > 0)
    return jpeg[: at + 5] + struct.pack(">HH", height, width) + jpeg[at + 9 :]


def with_segment(jpeg: bytes, mark: int, body: bytes) -> bytes:
    return jpeg[:2] + struct.pack(">BBH", 0xFF, mark, len(body) + 2) + body + jpeg[2:]


def riff(*parts: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(
        name + struct.pack("<I", len(what)) + what + b"\0" * (len(what) % 2) for name, what in parts
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def webp_claiming(width: int, height: int) -> bytes:
    sizes = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return riff((b"VP8X", b"\x10\0\0\0" + sizes), (b"VP8L", b"\x2f" + b"\xff" * 40))


def endless(rounds: int) -> bytes:
    """A progressive JPEG whose last round, which changes nothing, comes again and again."""
    whole = packed("JPEG", size=(1600, 1200), progressive=True, quality=40)
    last = whole[whole.rfind(b"\xff\xda") : -2]
    return whole[:-2] + last * rounds + b"\xff\xd9"


def frames(kind: str, many: int, size: tuple[int, int] = (60, 40)) -> bytes:
    """One after the other, all different."""
    every = [Image.new("RGB", size, (number % 256, number // 256, 90)) for number in range(many)]
    out = BytesIO()
    every[0].save(out, kind, save_all=True, append_images=every[1:], duration=40)
    return out.getvalue()


def bombs() -> Iterator[Hostile]:
    """What is small to send and large to open, or long."""
    jpeg = packed("JPEG")
    for size in ((30_000, 30_000), (65_500, 65_500), (10_000, 5_001), (2**31 - 1, 1), (1, 2**31 - 1), (0, 0), (34_001, 1_000)):
        yield Hostile(f"png that says {size[0]} by {size[1]}", png(*size, b"\0" * 1000), REFUSED)
    for size in ((65_500, 65_500), (10_000, 10_000), (1, 65_535)):
        yield Hostile(f"jpeg that says {size[0]} by {size[1]}", claiming(jpeg, *size), EITHER if 1 in size else REFUSED)
    yield Hostile("webp that says 16,383 by 16,383", webp_claiming(16_383, 16_383), REFUSED)
    yield Hostile("webp that says 16 million by 16 million", webp_claiming(2**24, 2**24), REFUSED)
    yield Hostile("png of 40,000 chunks", small_png(chunk(b"tEXt", b"a\0b") * 40_000), EITHER)
    yield Hostile("gif that says 65,535 by 65,535", b"GIF89a" + b"\xff" * 4 + b"\x80\0\0" + b"\0" * 600, REFUSED)
    yield Hostile("bmp that says 60,000 by 60,000", b"BM" + struct.pack("<IIIIiiHH", 9, 0, 54, 40, 60_000, 60_000, 1, 24) + b"\0" * 30, REFUSED)
    yield Hostile("svg that laughs", b'<!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><svg>&b;</svg>', REFUSED)
    yield Hostile("svg, zipped", gzip.compress(b"<svg>" + b" " * 10 * MILLION + b"</svg>"), REFUSED)
    heap = BytesIO()
    with zipfile.ZipFile(heap, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("photo.jpg", b"\0" * 50 * MILLION)
    yield Hostile("zip of 50 MB of nothing", heap.getvalue(), REFUSED)


def large() -> Iterator[Hostile]:
    """What is truly large, or becomes it; dear to make."""
    yield Hostile("png of 10 pixels and 100 MB", png(10, 1, b"\0" * 100 * MILLION), EITHER)
    zeros = zlib.compress(b"\0" * 100 * MILLION)
    yield Hostile("png with 100 MB of words", small_png(chunk(b"zTXt", b"a\0\0" + zeros)), REFUSED)
    yield Hostile("png with 100 MB of language", small_png(chunk(b"iTXt", b"a\0\1\0\0\0" + zeros)), REFUSED)
    yield Hostile("png with 100 MB of colours", small_png(chunk(b"iCCP", b"a\0\0" + zeros)), REFUSED)
    for mode in ("1", "L", "P", "RGB"):
        yield Hostile(f"png of 100 megapixels, {mode}", packed("PNG", mode, (10_000, 10_000)), REFUSED)
    yield Hostile("jpeg of 100 megapixels", packed("JPEG", "L", (10_000, 10_000)), REFUSED)
    for mode, size in (("RGB", (4_170, 4_000)), ("CMYK", (2_501, 2_500))):
        yield Hostile(f"progressive jpeg, {mode}, one row too many", packed("JPEG", mode, size, progressive=True), REFUSED)
    yield Hostile("jpeg as thin as a hair", packed("JPEG", size=(50_000, 1_000)), REFUSED)
    for rounds in (300, 280_000):
        yield Hostile(f"jpeg of {rounds} rounds", endless(rounds), REFUSED)
    yield Hostile("webp, one row too many", packed("WEBP", size=(2_500, 2_001)), REFUSED)
    yield Hostile("moving webp of 300 pictures", frames("WEBP", 300), KEPT)
    yield Hostile("moving png of 300 pictures", frames("PNG", 300), KEPT)
    for finely, mode, size in ((0, "RGB", (4_000, 2_080)), (2, "RGB", (4_160, 4_000)), (0, "CMYK", (2_500, 2_500))):
        large = packed("JPEG", mode, size, progressive=True, subsampling=finely)
        yield Hostile(f"jpeg, progressive, {mode} {finely}, as large as may be", large, KEPT)
    yield Hostile("jpeg of 50 megapixels", packed("JPEG", size=(10_000, 5_000)), KEPT)
    yield Hostile("png of 16 megapixels", packed("PNG", "RGBA", (4_000, 4_000)), KEPT)
    yield Hostile("webp of 5 megapixels", packed("WEBP", "RGBA", (2_500, 2_000)), KEPT)


def cut_short() -> Iterator[Hostile]:
    """Broken off where the signal was lost."""
    wholes = {
        "jpeg": packed("JPEG"), "progressive jpeg": packed("JPEG", progressive=True), "png": packed("PNG"),
        "webp": packed("WEBP", lossless=True),
    }  # fmt: skip
    for kind, whole in wholes.items():
        for thousandth in (2, 20, 200, 500, 800, 950, 990):
            yield Hostile(f"{kind}, {thousandth} of 1000", whole[: len(whole) * thousandth // 1000], REFUSED)
    yield Hostile("jpeg without its last byte", wholes["jpeg"][:-1], EITHER)
    yield Hostile("png without its end", wholes["png"][:-12], EITHER)


def no_photos() -> Iterator[Hostile]:
    """Other things, called photos."""
    moving = frames("GIF", 3)
    for kind, mode in (("GIF", "P"), ("TIFF", "RGB"), ("BMP", "RGB"), ("ICO", "RGBA"), ("PPM", "RGB"), ("PCX", "RGB"),
                       ("TGA", "RGB"), ("SGI", "RGB"), ("ICNS", "RGBA"), ("PDF", "RGB"), ("EPS", "RGB"), ("DDS", "RGBA"),
                       ("JPEG2000", "RGB"), ("AVIF", "RGB")):
        yield Hostile(kind.lower(), packed(kind, mode, (64, 64)), REFUSED)
    heap = BytesIO()
    with zipfile.ZipFile(heap, "w") as made:
        made.writestr("photo.jpg", packed("JPEG"))
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>'
    for what, content in {
        "nothing": b"", "one byte": b"\xff", "jpeg's first bytes": b"\xff\xd8\xff", "png's first bytes": b"\x89PNG\r\n\x1a\n",
        "webp's first bytes": b"RIFF\x10\0\0\0WEBP", "jpeg of zeros": b"\xff\xd8\xff\xe0" + b"\0" * 5000,
        "noise": random.Random(4).randbytes(9000), "zeros": b"\0" * 100_000, "words": "Kranım damlıyor".encode(),
        "page": b"<!doctype html><script>alert(1)</script>", "svg": svg, "svg after a space": b"\n " + svg,
        "program": b"\x7fELF" + b"\0" * 300, "windows program": b"MZ" + b"\0" * 300, "script": b"#!/bin/sh\nrm -rf /\n",
        "zip with a photo": heap.getvalue(), "moving gif": moving, "film": b"\0\0\0\x18ftypmp42" + b"\0" * 400,
        "heic that is only a head": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 400,
        "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n", "psd": b"8BPS\0\1" + b"\0" * 40,
        "wmf": b"\xd7\xcd\xc6\x9a" + b"\0" * 40, "php after a head": b"\xff\xd8\xff\xe0<?php system($_GET['c']); ?>",
    }.items():  # fmt: skip
        yield Hostile(what, content, REFUSED)


def odd_but_photos() -> Iterator[Hostile]:
    """Photos all the same: every kind of colour that a phone, a scanner or a drawing program makes."""
    for kind, mode in (("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "1"), ("PNG", "P"), ("PNG", "L"), ("PNG", "LA"),
                       ("PNG", "RGBA"), ("PNG", "I;16"), ("WEBP", "RGBA")):
        yield Hostile(f"{kind.lower()}, {mode}", packed(kind, mode), KEPT)
    yield Hostile("png of 16 bits a colour", png(2, 2, (b"\0" + b"\x80" * 12) * 2, depth=16), KEPT)
    yield Hostile("png of 2 bits", png(4, 2, b"\0\x1b" * 2, depth=2, colour=0), KEPT)
    yield Hostile("jpeg, progressive", packed("JPEG", size=(3000, 2000), progressive=True), KEPT)
    yield Hostile("jpeg of a pixel", packed("JPEG", size=(1, 1)), KEPT)
    yield Hostile("png as thin as a hair", packed("PNG", size=(1, 5000)), KEPT)


def telling() -> Iterator[Hostile]:
    """Photos that say where they were made, in every place that a file has for it."""
    exif = Image.Exif()
    exif[0x010F], exif[0x9286] = SECRET.decode(), SECRET.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 32.0, 35.5), 3: "W", 4: (0.0, 3.0, 19.0), 0x1D: SECRET.decode()})
    notes = exif.tobytes()
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + b"</x:xmpmeta>"
    words = PngImagePlugin.PngInfo()
    words.add_text("Where", SECRET.decode())
    words.add_text("Packed", SECRET.decode() * 9, zip=True)
    words.add_itxt("XML:com.adobe.xmp", xmp.decode())
    jpeg, second = packed("JPEG"), BytesIO()
    kinds = {
        "jpeg": packed("JPEG", exif=notes, xmp=xmp, comment=SECRET, icc_profile=SECRET * 9),
        "png": packed("PNG", exif=notes, pnginfo=words, icc_profile=SECRET * 9),
        "webp": packed("WEBP", exif=notes, xmp=xmp, icc_profile=SECRET * 9),
    }
    Image.open(BytesIO(jpeg)).save(second, "MPO", save_all=True, append_images=[Image.open(BytesIO(kinds["jpeg"]))], exif=notes)
    for kind, content in kinds.items():
        yield Hostile(f"{kind} with everything", content, KEPT)
        yield Hostile(f"{kind} with a tail", content + SECRET, KEPT)
    yield Hostile("mpo of two, each telling", second.getvalue(), KEPT)
    yield Hostile("mpo that lost its second", second.getvalue()[:-3000], KEPT)
    for mark in (0xE0, 0xE1, 0xE2, 0xE9, 0xEC, 0xED, 0xEE, 0xFE):
        yield Hostile(f"jpeg with words in segment {mark:x}", with_segment(jpeg, mark, SECRET * 9), KEPT)
    yield Hostile("png with its own time and more", small_png(chunk(b"tIME", b"\x07\xea\x0b\x1a\t\0\0") + chunk(b"prVt", SECRET)), KEPT)
    yield Hostile("png with broken exif", small_png(chunk(b"eXIf", b"II*\0\xff\xff\xff\x7f" + SECRET)), EITHER)
    yield Hostile("jpeg with exif that leads in circles", with_segment(jpeg, 0xE1, b"Exif\0\0II*\0\x08\0\0\0\0\0\x08\0\0\0" + SECRET), EITHER)
    for what, tail in {"page": b"<script>alert(1)</script>", "film": b"\0\0\0\x18ftypmp42", "program": b"\x7fELF"}.items():
        yield Hostile(f"jpeg and then a {what}", jpeg + tail + SECRET, KEPT)
    heap = BytesIO()
    with zipfile.ZipFile(heap, "w") as made:
        made.writestr("where.txt", SECRET)
    yield Hostile("jpeg that is a zip too", jpeg + heap.getvalue(), KEPT)
    yield Hostile("zip before a jpeg", heap.getvalue() + jpeg, REFUSED)


def turned() -> Iterator[Hostile]:
    """Held each way, and one that there is not."""
    for way in (3, 6, 8, 9, 65_535):
        exif = Image.Exif()
        exif[0x0112], exif[0x010F] = way, SECRET.decode()
        yield Hostile(f"jpeg turned {way}", packed("JPEG", exif=exif.tobytes()), KEPT)


def misnamed() -> Iterator[Hostile]:
    """Names that lie, or lead elsewhere. What a file is, its content says."""
    photo, words = packed("PNG"), b"Dear housing, the tap drips."
    yield Hostile("png called jpeg", photo, KEPT, "photo.jpg")
    yield Hostile("jpeg called a program", packed("JPEG"), KEPT, "photo.exe", "application/octet-stream")
    yield Hostile("jpeg called svg", packed("JPEG"), KEPT, "photo.svg", "image/svg+xml")
    yield Hostile("words called webp", words, REFUSED, "photo.webp", "image/webp")
    for what, name in {
        "way up": "../../../../etc/cron.d/photo.jpg", "windows way": "C:\\photos\\photo.jpg", "long name": "x" * 300 + ".jpg",
        "name of tags": "<img src=x onerror=alert(1)>.jpg", "name that turns round": "photo\u202egpj.exe",
        "smiling name": "😀🔧.jpg", "name of nothing but a dot": ".",
    }.items():  # fmt: skip
        yield Hostile(f"photo by a {what}", photo, KEPT, name)
        yield Hostile(f"words by a {what}", words, REFUSED, name)


def marks(jpeg: bytes) -> list[int]:
    """The segments of a JPEG up to its picture, and after it: whatever a file of ours should not have stands here."""
    at, found = 2, []
    while at < len(jpeg):
        mark, length = jpeg[at + 1], struct.unpack(">H", jpeg[at + 2 : at + 4])[0]
        found.append(mark)
        at += 2 + length
        if mark == 0xDA:
            end = jpeg.find(b"\xff\xd9", at)
            return found if end == len(jpeg) - 2 else [*found, 0x00]
    return found


OUR_MARKS = frozenset({0xE0, 0xDB, 0xC0, 0xC4, 0xDA})
"""Of a plain JPEG: what it is, its tables, its picture."""
