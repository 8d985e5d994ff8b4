"""The list and the ways to a home are content: the same in every language, sourced, and never more certain than we are."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import frontmatter
import pytest

from tenant_app.move_on.models import Part
from tenant_app.settings import HOUSE, Settings

FOLDER = HOUSE / "content" / "move-on"
OPTIONS = sorted((FOLDER / "options").iterdir())
LANGUAGES = Settings().languages


def read(folder: Path, language: str) -> frontmatter.Post:
    return frontmatter.load(str(folder / f"{language}.md"))


def test_the_list_has_the_same_things_in_every_language_and_each_id_once() -> None:
    ids = {
        language: [(part["id"], item["id"]) for part in read(FOLDER / "checklist", language)["parts"] for item in part["items"]]
        for language in LANGUAGES
    }
    assert len({tuple(found) for found in ids.values()}) == 1
    found = ids["en"]
    assert len({item for _, item in found}) == len(found)
    assert list(dict(found)) == [part.value for part in Part]


@pytest.mark.parametrize("folder", OPTIONS, ids=lambda folder: folder.name)
def test_a_way_to_a_home_is_told_in_every_language_with_a_date_by_which_to_look_again(folder: Path) -> None:
    english = read(folder, "en")
    for language in LANGUAGES:
        page = read(folder, language)
        assert page["title"]
        assert page["summary"]
        assert isinstance(page["review_by"], date)
        assert len(page["ask"]) == len(english["ask"])
        assert page.content.count("\n- ") == english.content.count("\n- ")
        assert page.get("source") == english.get("source")
        for doubtful in ("section 21", "Section 21", "Renters’ Rights", "Renters' Rights"):
            assert doubtful not in page.content
