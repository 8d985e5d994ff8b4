"""What can need mending: the same tree in every language, found by everyday words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tenant_app.repairs import tree
from tenant_app.repairs.models import Repair
from tenant_app.repairs.words import kinds
from tenant_app.settings import HOUSE
from tenant_app.web import content
from tenant_app.web.locale import LANGUAGES, speaking

OTHERS = [code for code in LANGUAGES if code != content.FALLBACK]


@pytest.fixture
def in_house(tenant_door: Flask) -> Iterator[None]:
    with tenant_door.app_context():
        yield


def ids(page: content.Page) -> dict[str, Any]:
    """Everything of a page but its words, in its order."""
    return {
        "kinds": [(kind["id"], kind["icon"], kind["hazard"], [(part["id"], part["icon"]) for part in kind["parts"]])
                  for kind in page["kinds"]],
        "rooms": [(room["id"], room["icon"]) for room in page["rooms"]],
        "shared": [(room["id"], room["icon"]) for room in page["shared"]],
    }  # fmt: skip


@pytest.mark.usefixtures("in_house")
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_tree_is_the_same_in_every_language_and_each_of_it_has_a_name_words_and_a_picture() -> None:
    sprite = (HOUSE / "tenant_app" / "web" / "static" / "icons.svg").read_text()
    drawn = set(re.findall(r'<symbol id="([a-z-]+)"', sprite))
    english = content.page("repairs", "kinds", "en")
    for code in LANGUAGES:
        page = content.page("repairs", "kinds", code)
        assert page.language.code == code
        assert ids(page) == ids(english), code
        for kind in page["kinds"]:
            assert all(each["name"].strip() and each["words"] for each in [kind, *kind["parts"]])
            assert {each["icon"] for each in [kind, *kind["parts"]]} <= drawn
            assert len({part["id"] for part in kind["parts"]}) == len(kind["parts"])
        places = [*page["rooms"], *page["shared"]]
        assert {each["icon"] for each in places} <= drawn
        assert len({each["id"] for each in places}) == len(places)


@pytest.mark.usefixtures("in_house")
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_urgent_checks_are_the_same_in_every_language() -> None:
    def facts(code: str) -> list[tuple[str, str, str]]:
        checks = content.page("repairs", "urgent", code)["checks"]
        return [(each["id"], each["icon"], each["number_contact"]) for each in checks]

    assert all(facts(code) == facts("en") for code in OTHERS)


@pytest.mark.usefixtures("in_house")
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_everyday_words_of_any_language_find_the_thing_without_accents_or_endings_too() -> None:
    found = {
        "damp": "damp-mould", "rutubet": "damp-mould", "رطوبة": "damp-mould", "الرُّطوبة": "damp-mould",
        "rutubetli duvar": "damp-mould", "kuf": "damp-mould", "KÜF": "damp-mould",
        "the tap is dripping": "leak/tap", "musluk damlıyor": "leak/tap", "حنفية": "leak/tap",
        "washing machine leaks": "leak/washing-machine", "no heating": "heating", "isinmiyor": "heating",
        "فئران": "pests", "mouse": "pests", "locked out": "lock", "boilr": "", "ثلاجة": "appliance",
    }  # fmt: skip
    for typed, expected in found.items():
        first = next(iter(tree.search(typed)), None)
        said = f"{first.kind.slug}/{first.part.slug if first.part else ''}" if first else ""
        assert said.startswith(expected) if expected else not said, (typed, said)


@pytest.mark.usefixtures("in_house")
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_was_found_is_named_in_the_readers_language_and_nonsense_finds_nothing() -> None:
    with speaking("tr"):
        [first, *_] = tree.search("damp")
        assert first.kind.name == "Rutubet ya da küf"
    for typed in ("", " ", "the", "%", "<script>", "\u202e", "🛁", "x" * 100_000, "qqqq"):
        assert tree.search(typed) == []
    assert len(tree.search("leak wall window ceiling floor key light")) <= tree.MOST_FOUND


@pytest.mark.usefixtures("in_house")
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_the_content_no_longer_knows_is_called_what_it_was() -> None:
    gone = Repair(kind="leak", part="old-part", rooms=["kitchen"])
    part = tree.part_of(gone)
    assert part is not None
    assert part.name == "Old part"
    assert tree.out_of_date(gone) == ["what"]
    assert tree.out_of_date(Repair(kind="fax", part="", rooms=["attic"])) == ["where", "what"]
    assert all(tree.out_of_date(Repair(kind=kind.slug, part="", rooms=["kitchen"])) == [] for kind in kinds())
