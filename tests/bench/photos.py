"""Making a photo anew, against Pillow alone doing the same work: photos a second, and the most memory either needs.

The same work is what a tutorial has: open, turn upright, shrink to 1,600, put on white, save as a plain JPEG of the
same quality. It has none of our limits, notes of the header included, and holds every picture whole. Each contender
has its turns in a process of its own, in shuffled order, with the same twelve photos as phones and screens make them.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

import PIL
from PIL import Image

from tests.figures import at_least, at_most, report, tell

AT_LEAST = 1.1
"""Photos a second, to one of Pillow alone: shrinking by whole numbers first, strip by strip, is both quicker and smaller."""
MEMORY = 1.0
"""Memory beyond that of a small photo, to one of Pillow alone."""
CONTENDERS = ("ours", "pillow")


def run(*, rounds: int = 7, seed: int = 40) -> dict[str, Any]:
    """So many turns of each contender, each with all photos."""
    order = random.Random(seed)
    seconds: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    memory: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    with tempfile.TemporaryDirectory(prefix="homeward-photos-") as place:
        folder = Path(place)
        many = _make(folder, order)
        for number in range(rounds):
            for name in order.sample(CONTENDERS, len(CONTENDERS)):
                took = _turn(name, folder)
                seconds[name].append(took["seconds"])
                memory[name].append(took["peak_mb"] - took["before_mb"])
                tell(f"round {number + 1}, {name}: {many / took['seconds']:.1f} a second, {memory[name][-1]:.0f} MB more")
    figures: dict[str, Any] = {f"{name}_photos_a_second": many / statistics.median(seconds[name]) for name in CONTENDERS}
    figures |= {f"{name}_more_memory_mb": statistics.median(memory[name]) for name in CONTENDERS}
    pairs = list(zip(seconds["ours"], seconds["pillow"], strict=True))
    figures["speed_to_pillow"] = statistics.median(theirs / ours for ours, theirs in pairs)
    figures["memory_to_pillow"] = figures["ours_more_memory_mb"] / figures["pillow_more_memory_mb"]
    budgets = {
        "speed_to_pillow": at_least(figures["speed_to_pillow"], AT_LEAST),
        "memory_to_pillow": at_most(figures["memory_to_pillow"], MEMORY),
    }
    return report("photos", rounds, figures, budgets, photos=many, pillow=PIL.__version__)


def _make(folder: Path, order: random.Random) -> int:
    """Twelve files, of which most are what most people send. Returns how many."""
    exif = Image.Exif()
    exif[0x0112] = 6
    kinds: list[tuple[str, tuple[int, int], dict[str, Any]]] = [
        *[("JPEG", (4032, 3024), {"quality": 90, "exif": exif.tobytes()})] * 6, ("JPEG", (8064, 6048), {"quality": 80}),
        ("JPEG", (4000, 3000), {"quality": 85, "progressive": True}), *[("JPEG", (1600, 1200), {"quality": 82})] * 2,
        ("PNG", (1440, 3200), {}), ("WEBP", (2000, 1500), {"quality": 80}),
    ]  # fmt: skip
    for number, (kind, size, how) in enumerate(kinds):
        # Light and shade with some grain: a plain area would be read far faster than what a camera makes.
        grain = Image.frombytes("RGB", (400, 300), order.randbytes(400 * 300 * 3)).resize((size[0] // 4, size[1] // 4))
        shade = Image.linear_gradient("L").convert("RGB").resize(grain.size)
        packed = BytesIO()
        Image.blend(shade, grain, 0.25).resize(size, Image.Resampling.BILINEAR).save(packed, kind, **how)
        (folder / f"{number:02}").write_bytes(packed.getvalue())
    return len(kinds)


def _turn(name: str, folder: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.photos_turn", name, str(folder)], capture_output=True, text=True, check=True
    )
    took: dict[str, float] = json.loads(done.stdout)
    return took
