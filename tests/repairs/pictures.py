"""Pictures as phones and troublemakers send them."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import IO

import pytest
from PIL import Image

from tenant_app.web import photos

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def arrivals(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What is sent to be made anew from now on, as it arrives: not what lay on the phone."""
    sent: list[bytes] = []
    made_anew = photos.made_anew

    def look(upload: IO[bytes]) -> tuple[bytes, tuple[int, int]]:
        sent.append(upload.read())
        return made_anew(BytesIO(sent[-1]))

    monkeypatch.setattr(photos, "made_anew", look)
    return sent


def jpeg(size: tuple[int, int] = (640, 480), colour: str = "steelblue", mode: str = "RGB", **how: object) -> bytes:
    packed = BytesIO()
    Image.new(mode, size, colour if mode == "RGB" else None).save(packed, "JPEG", **how)  # type: ignore[arg-type]
    return packed.getvalue()


def from_a_phone() -> bytes:
    """Held sideways, with the place where it was taken, the phone's name and a comment."""
    image = Image.new("RGB", (800, 600), "white")
    image.paste("black", (0, 0, 400, 600))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it by a quarter
    exif[0x010F] = "Fairphone"
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 33.0, 24.0), 3: "W", 4: (0.0, 3.0, 12.0)})
    packed = BytesIO()
    image.save(packed, "JPEG", exif=exif, comment=b"taken at home", dpi=(72, 72), icc_profile=b"not really a profile")
    return packed.getvalue()


def other(kind: str, mode: str = "RGBA", size: tuple[int, int] = (300, 200), **how: object) -> bytes:
    packed = BytesIO()
    Image.new(mode, size).save(packed, kind, **how)  # type: ignore[arg-type]
    return packed.getvalue()


def animated(kind: str) -> bytes:
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "blue", "green")]
    packed = BytesIO()
    frames[0].save(packed, kind, save_all=True, append_images=frames[1:], duration=100)
    return packed.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A few bytes whose header says that a gigabyte follows."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


TURNED_AWAY = {
    "text": b"Dear housing, the tap drips.",
    "svg": SVG,
    "nothing": b"",
    "cut short": jpeg(quality=95)[:700],
    "header only": jpeg()[:20],
    "png bomb": png_claiming(30_000, 30_000),
    "png just too large": png_claiming(10_000, 5_001),
    "png without pixels": png_claiming(100, 100),
    "gif": other("GIF", "P"),
    "moving gif": animated("GIF"),
    "tiff": other("TIFF", "RGB"),
    "bmp": other("BMP", "RGB"),
    "ico": other("ICO"),
    "pdf": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF",
    "script called a photo": b"#!/bin/sh\nrm -rf /\n",
    "jpeg of zeros": b"\xff\xd8\xff\xe0" + b"\0" * 5000,
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n",
}

TAKEN_IN = {
    "jpeg": jpeg(),
    "one pixel": jpeg((1, 1)),
    "a line": jpeg((1, 4000)),
    "grey jpeg": jpeg(mode="L"),
    "cmyk jpeg": jpeg(mode="CMYK"),
    "progressive jpeg": jpeg((3000, 2000), progressive=True),
    "large jpeg": jpeg((4000, 3000)),
    "png with holes": other("PNG", "RGBA"),
    "png of a palette": other("PNG", "P"),
    "png of two colours": other("PNG", "1"),
    "deep png": other("PNG", "I;16"),
    "wide png": other("PNG", "RGB", (5000, 100)),
    "webp": other("WEBP", "RGB"),
    "webp with holes": other("WEBP", "RGBA"),
    "moving webp": animated("WEBP"),
    "moving png": animated("PNG"),
    "jpeg with a tail": jpeg() + SVG,
}
