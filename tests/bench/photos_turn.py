"""`python -m tests.bench.photos_turn ours|pillow FOLDER`: makes every file there anew; says how long, and how much memory."""

from __future__ import annotations

import json
import sys
import time
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

from tenant_app.web.photos import LONGEST_SIDE, made_anew

QUALITY = 82


def alone(upload: BytesIO) -> bytes:
    """What Pillow's own pages show."""
    image: Image.Image = Image.open(upload)
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    image = ImageOps.exif_transpose(image)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if image.mode != "RGB":
        seen = image.convert("RGBA")
        image = Image.new("RGB", image.size, "white")
        image.paste(seen, mask=seen.getchannel("A"))
    image.info = {}
    packed = BytesIO()
    image.save(packed, "JPEG", quality=QUALITY, optimize=True)
    return packed.getvalue()


def peak_mb() -> float:
    """The most memory this process ever held, in MB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) / 1024


def main(name: str, folder: Path) -> None:
    """One turn, after a small one that loads what is loaded once."""
    work = {"ours": made_anew, "pillow": alone}[name]
    files = [path.read_bytes() for path in sorted(folder.iterdir())]
    small = BytesIO()
    Image.new("RGB", (60, 40)).save(small, "JPEG")
    for kind in ("JPEG", "PNG", "WEBP"):
        Image.new("RGB", (60, 40)).save(BytesIO(), kind)
    work(BytesIO(small.getvalue()))
    before, began = peak_mb(), time.process_time()
    for content in files:
        work(BytesIO(content))
    seconds = time.process_time() - began
    print(json.dumps({"seconds": seconds, "before_mb": before, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
