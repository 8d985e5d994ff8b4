"""Row 40, small: of each group of hostile files a few, at the page that takes photos, in a process of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.hostile_pictures import cheap
from tests.faults.photos import LEAST_FILES, MOST_MEMORY_MB, Outcome, lay_out, play


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("hostile")
    lay_out((one for number, one in enumerate(cheap()) if number % 3 == 0), place)
    return place


def test_hostile_files_are_kept_as_plain_pictures_or_refused_in_words(folder: Path) -> None:
    found = play(folder)

    assert found.files >= LEAST_FILES // 4
    assert found.memory_mb < MOST_MEMORY_MB
    kept = Outcome(**{name: getattr(found, name) for name in ("files", "memory_mb", "before_mb", "slowest", "slowest_seconds")})
    assert found == kept  # none of what may go wrong did
