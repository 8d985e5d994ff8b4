"""What is asked is content: the same in every language, five answers each, and old answers keep their words."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import frontmatter
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tenant_app import create_app
from tenant_app.accounts.models import Tenant
from tenant_app.check_ins.models import ANSWERS
from tenant_app.check_ins.rules import Asked, check_in
from tenant_app.check_ins.statements import answers_in, sets
from tenant_app.settings import Settings
from tests.cast import Cast
from tests.check_ins.test_rules import TODAY

FOLDER = Path(__file__).parent.parent.parent / "content" / "check-ins"
FILES = sorted(FOLDER.glob("*/*.md"))
LICENSED = ("optimistic", "useful", "relaxed", "problems well", "thinking clearly", "close to other people",
            "make up my own mind", "none of the time", "rarely", "outcomes star", "hopeful about")  # fmt: skip


def read(path: Path) -> dict:
    return dict(frontmatter.load(str(path)).metadata)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_language_asks_the_same(path: Path) -> None:
    told, english = read(path), read(path.with_name("en.md"))
    assert told["id"] == path.parent.name
    assert told["title"]
    shape = [(each["id"], each["version"], each.get("icon"), each.get("reach_out", False)) for each in english["statements"]]
    assert [(each["id"], each["version"], each.get("icon"), each.get("reach_out", False)) for each in told["statements"]] == shape
    assert len({each["id"] for each in told["statements"]}) == len(told["statements"])
    for each in told["statements"]:
        assert re.fullmatch(r"[a-z0-9-]{1,40}", each["id"])
        assert len(each["answers"]) == ANSWERS == len(set(each["answers"]))
        assert all(isinstance(answer, str) and answer.strip() for answer in each["answers"])
        assert each["words"].strip()


def test_homewards_own_set_is_there_in_the_languages_of_the_house() -> None:
    assert {path.stem for path in (FOLDER / "weekly").glob("*.md")} >= {"en", "tr", "ar"}
    asked = [each["id"] for each in read(FOLDER / "weekly" / "en.md")["statements"]]
    assert asked == ["home", "body", "people", "money", "days", "hope"]


def test_no_licensed_wording_is_borrowed() -> None:
    words = (FOLDER / "weekly" / "en.md").read_text().lower()
    assert [phrase for phrase in LICENSED if phrase in words] == []


@pytest.fixture
def licensed_door(settings: Settings, tmp_path: Path) -> Flask:
    """The tenants' door of an association that words one statement anew, and adds a set that it holds a licence for."""
    content = tmp_path / "own-content"
    shutil.copytree(FOLDER.parent, content)
    english = content / "check-ins" / "weekly" / "en.md"
    text = english.read_text()
    anew = """  - id: home
    version: 2
    icon: home
    words: "My home feels like mine."
    answers: ["No", "Hardly", "In part", "Mostly", "Yes"]
    earlier:
      - version: 1
        words: "I can rest in my home."
        answers: ["Not just now", "Seldom", "Some days", "Most days", "Yes, every day"]
"""
    english.write_text(text[: text.index("  - id: home")] + anew + text[text.index("  - id: body"):])
    (content / "check-ins" / "zeal").mkdir()
    (content / "check-ins" / "zeal" / "en.md").write_text(
        '---\ntitle: "Zeal"\nid: zeal\nstatements:\n  - id: zest\n    version: 1\n    words: "I have zest."\n'
        '    answers: ["a", "b", "c", "d", "e"]\n---\nUsed with permission of its owner.\n'
    )
    return create_app(replace(settings, content=content))


def test_an_association_adds_a_set_of_its_own(licensed_door: Flask, cast: Cast) -> None:
    phone = cast.at(licensed_door, cast.amina)
    form = phone.get("/check-ins/today").text
    assert "I have zest." in form
    assert "Used with permission of its owner." in form
    made = phone.post("/check-ins/today", data={"answer.zeal.zest.1": "3", "answer.weekly.hope.1": "2"})
    page = phone.get(made.location).text
    assert "I have zest." in page
    assert "I can see a way ahead." in page


def test_an_answer_keeps_the_words_it_was_given_to(
    licensed_door: Flask, cast: Cast, session: Session, amina: Tenant
) -> None:
    it = check_in(session, amina, TODAY, {Asked("weekly", "home", 1): 2, Asked("weekly", "gone", 1): 2})
    session.commit()
    phone = cast.at(licensed_door, cast.amina)
    page = phone.get(f"/check-ins/{it.id}").text
    assert "Seldom" in page
    assert "Hardly" not in page
    over_time = phone.get("/check-ins").text
    assert ">Seldom<" in over_time
    assert "<circle" not in over_time  # it was another wording: no line of dots joins the two


def test_a_page_kept_on_a_phone_answers_the_wording_that_it_showed(licensed_door: Flask) -> None:
    with licensed_door.test_request_context():
        assert answers_in([("answer.weekly.home.1", "2")]) == {Asked("weekly", "home", 1): 2}
        assert answers_in([("answer.weekly.home.3", "2")]) == {}
        assert len(sets()) == 2
