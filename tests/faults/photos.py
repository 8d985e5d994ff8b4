"""Row 40: more than 150 hostile files at the page that takes photos, each sent beside a good one, in a process of its own.

No answer is a status 500, the process never needs more than 300 MB, of what is stored every segment is one that we
write ourselves, what is no photo is refused in words, and the good one is kept each time.

Three runs take a guard away, and must show it: without the limits on pixels memory passes its bound, without making
pictures anew the secret comes through, and without the limit on rounds a picture that keeps us busy is kept.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from tests.faults.hostile_pictures import Hostile, corpus
from tests.faults.stage import Options
from tests.figures import at_least, at_most, report, tell

MOST_MEMORY_MB = 300
LEAST_FILES = 150

WITHOUT_PIXELS = frozenset({"png of 100 megapixels, RGB"})
WITHOUT_ANEW = frozenset({"jpeg with everything", "png with everything", "webp with everything", "jpeg and then a page"})
WITHOUT_ROUNDS = frozenset({"jpeg of 300 rounds"})


@dataclass
class Outcome:
    """What came of it; lists are the names of files."""

    files: int = 0
    memory_mb: float = 0.0
    """Peak of the process, of which `before_mb` was needed before the first file came."""
    before_mb: float = 0.0
    slowest: str = ""
    slowest_seconds: float = 0.0
    errors: list[str] = field(default_factory=list)
    """Answers of 500 and more."""
    telling: list[str] = field(default_factory=list)
    """What is stored has the secret, or anything else that we did not write."""
    wrong: list[str] = field(default_factory=list)
    """Kept although it is no photo, or the other way round."""
    unsaid: list[str] = field(default_factory=list)
    """Refused without a sentence that says so."""
    lost: list[str] = field(default_factory=list)
    """The good photo that came with it is not kept."""
    left_over: list[str] = field(default_factory=list)
    """Files in the folder that no row names."""


def run(options: Options) -> dict[str, Any]:
    """The whole corpus, and the runs without a guard. The database makes no difference here: SQLite."""
    # Not above: the process whose memory is measured reads this module too.
    from tests.faults.hostile_heics import heics

    with tempfile.TemporaryDirectory(prefix="homeward-photos-") as place:
        folder = Path(place)
        tell("making the files")
        many = lay_out(chain(corpus(), heics()), folder)
        tell(f"{many} files, each beside a good one")
        found = play(folder)
        tell("the controls: no limit on pixels; kept as sent; no limit on rounds")
        wide = play(folder, "pixels", WITHOUT_PIXELS)
        raw = play(folder, "anew", WITHOUT_ANEW)
        endless = play(folder, "rounds", WITHOUT_ROUNDS)
    figures = {
        "seed": options.seed, **asdict(found), "control_memory_mb": wide.memory_mb, "control_telling": raw.telling
    }  # fmt: skip
    budgets = {
        "files": at_least(found.files, LEAST_FILES), "status_500": at_most(len(found.errors), 0),
        "memory_mb": at_most(found.memory_mb, MOST_MEMORY_MB), "telling": at_most(len(found.telling), 0),
        "wrong": at_most(len(found.wrong), 0), "unsaid": at_most(len(found.unsaid), 0),
        "lost": at_most(len(found.lost), 0), "left_over": at_most(len(found.left_over), 0),
        "control_memory_mb": at_least(wide.memory_mb, MOST_MEMORY_MB + 1),
        "control_telling": at_least(len(raw.telling), len(WITHOUT_ANEW)),
        "control_rounds_kept": at_least(sum(each.endswith(": kept") for each in endless.wrong), 1),
    }  # fmt: skip
    return report("photos", 1, figures, budgets)


def lay_out(files: Iterable[Hostile], folder: Path) -> int:
    """Write them down for another process, whose memory is to be its own. Returns how many."""
    listed = []
    for number, one in enumerate(files):
        (folder / f"{number}.bin").write_bytes(one.content)
        listed.append({**asdict(one), "content": f"{number}.bin"})
    (folder / "list.json").write_text(json.dumps(listed), encoding="utf-8")
    return len(listed)


def play(folder: Path, without: str = "", only: Collection[str] = ()) -> Outcome:
    """Send what lies there, with all guards or `without` one of them. Raises `RuntimeError` if the process ends badly."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.photos_process", str(folder), without, *only],
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    return Outcome(**json.loads(done.stdout.splitlines()[-1]))
