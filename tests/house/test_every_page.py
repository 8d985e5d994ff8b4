"""What holds for every page that anyone reaches: all of it is translated, help is at hand, nothing leaks or lingers."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from flask import Flask
from sqlalchemy import String, Text, select

from tenant_app import tables
from tenant_app.accounts.models import Person, Worker
from tenant_app.groups.needs_pages import INTERPRETED
from tenant_app.settings import HOUSE
from tests.crawl import crawl
from tests.lived_in import LivedIn

pytestmark = pytest.mark.xdist_group("every-page")  # or each process would walk through the whole house

OPEN, CLOSE = "⟦", "⟧"
SPOKEN = {"aria-label", "placeholder", "alt", "title"}


class Heard(HTMLParser):
    """Every piece of text that a reader sees or hears."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self.silent += 1
        for name, value in attrs:
            if (
                name in SPOKEN
                or name.startswith("data-words")
                or (name == "content" and tag == "meta" and ("name", "description") in attrs)
            ):
                self.pieces.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.silent -= 1

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.pieces.append(data)


def pseudo_catalogue(folder: Path) -> Path:
    """A language in which every sentence of the interface is wrapped, so that one that was never asked for stands out."""
    with (HOUSE / "translations" / "messages.pot").open("rb") as file:
        template = read_po(file)
    pseudo = Catalog(locale="en")
    for message in template:
        if message.id:
            wrapped = [
                f"{OPEN}{form}{CLOSE}" for form in (message.id if isinstance(message.id, tuple) else [message.id])
            ]
            pseudo.add(message.id, tuple(wrapped) if len(wrapped) > 1 else wrapped[0])
    target = folder / "en" / "LC_MESSAGES" / "messages.po"
    target.parent.mkdir(parents=True)
    with target.open("wb") as file:
        write_po(file, pseudo)
    return folder


def said_by_people(lived_in: LivedIn) -> str:
    """All text that may stand on a page without translation: what people wrote, content, days and languages by name."""
    corpus = [lived_in.settings.association, lived_in.settings.app_name, "Homeward"]
    with lived_in.database.session() as session:
        for table in tables.metadata.sorted_tables:
            columns = [column for column in table.columns if isinstance(column.type, (String, Text))]
            for row in session.execute(select(*columns)) if columns else ():
                corpus += [str(value) for value in row if value]
    corpus += [path.read_text() for path in (HOUSE / "content").rglob("*.md")]
    british = Locale("en", "GB")
    for names in (british.months["format"], british.days["format"], british.day_periods["format"]):
        for width in ("abbreviated", "wide", "short"):
            corpus += list(names.get(width, {}).values())
    corpus += [Locale(code).get_display_name() or "" for code in ("en", "tr", "ar", "so", "bn", "pl")]
    # Languages to be interpreted: by the name their speakers give them, and the reader's.
    corpus += [Locale(code).get_display_name(told) or "" for code in INTERPRETED for told in (code, "en")]
    with lived_in.database.session() as session:
        corpus += [person.initials for person in session.scalars(select(Person))]
    corpus += ["English Türkçe العربية Soomaali", "am pm"]
    return "\n".join(corpus)


def strip_translated(text: str) -> str:
    """What is left of a page's text when every translated sentence is taken out, innermost first."""
    before = None
    while before != text:
        before, text = text, re.sub(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}", " ", text)
    return text


def spoken(page: str) -> str:
    heard = Heard()
    heard.feed(page)
    return "\n".join(heard.pieces)


def test_no_string_escapes_translation(lived_in: LivedIn, tmp_path: Path) -> None:
    doors = lived_in.doors(translations=pseudo_catalogue(tmp_path / "pseudo"), instance=tmp_path / "instance")
    known = re.sub(r"\s+", " ", said_by_people(lived_in)).lower()
    escaped: dict[str, set[str]] = {}
    for person in [None, *lived_in.people()]:
        door = doors[1] if isinstance(person, Worker) else doors[0]
        starts = ("/",) if person else ("/sign-in", "/welcome", "/help", "/offline")
        for address, answer in crawl(
            door, lived_in.at(door, person, "en" if person else None), *starts, each=1
        ).items():
            if answer.mimetype != "text/html":
                continue
            # Sentences may stand inside one another and across tags, so the whole page is taken as one text.
            for left in re.findall(r"[^\W\d_]{2,}(?:[ ’'-][^\W\d_]{2,})*", strip_translated(spoken(answer.text))):
                if left.lower() not in known:
                    escaped.setdefault(left, set()).add(re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", address))

    assert escaped == {}


@pytest.fixture(scope="module")
def everything(lived_in: LivedIn) -> list[tuple[Person | None, str, str, dict[str, str]]]:
    """(person, address, page, headers) of every page that anyone reaches."""
    doors: tuple[Flask, Flask] = lived_in.doors()
    found = []
    for person in [None, *lived_in.people()]:
        door = doors[1] if isinstance(person, Worker) else doors[0]
        starts = ("/",) if person else ("/sign-in", "/welcome", "/help", "/offline", "/nowhere")
        for address, answer in crawl(door, lived_in.at(door, person), *starts, each=2).items():
            found.append((person, address, answer.text if answer.mimetype == "text/html" else "", dict(answer.headers)))
            assert answer.status_code < 400, (person and person.name, address, answer.status_code)
    return found


def test_everybody_reaches_a_good_part_of_the_house(
    everything: list[tuple[Person | None, str, str, dict[str, str]]],
) -> None:
    reached = {
        person.name: sum(1 for other, *_ in everything if other is person)
        for person in {p for p, *_ in everything if p}
    }

    assert min(reached.values()) >= 3, reached
    assert max(reached.values()) >= 20, reached


def test_help_is_one_tap_away_on_every_page_of_a_tenant(
    everything: list[tuple[Person | None, str, str, dict[str, str]]],
) -> None:
    without = [
        address
        for person, address, page, _ in everything
        if page and not isinstance(person, Worker) and 'href="/help"' not in page
    ]

    assert without == []


def test_every_page_says_its_language_and_direction(
    lived_in: LivedIn, everything: list[tuple[Person | None, str, str, dict[str, str]]],
) -> None:
    for person, address, page, _ in everything:
        if page:
            language = lived_in.spoken[person.id] if person else "en"
            direction = "rtl" if language == "ar" else "ltr"
            assert f'<html lang="{language}" dir="{direction}"' in page, address


def test_every_page_is_armoured_and_kept_by_no_cache(
    everything: list[tuple[Person | None, str, str, dict[str, str]]],
) -> None:
    for _, address, page, headers in everything:
        assert headers["Content-Security-Policy"].startswith("default-src 'none'"), address
        assert headers["X-Content-Type-Options"] == "nosniff"
        if page:
            assert headers["Cache-Control"] == "no-store", address


def test_names_of_medicines_stand_on_the_medicines_pages_of_either_door_only(
    lived_in: LivedIn, everything: list[tuple[Person | None, str, str, dict[str, str]]]
) -> None:
    from tenant_app.medication.models import Medicine

    with lived_in.database.session() as session:
        names = set(session.scalars(select(Medicine.name)))
    leaks = [(address, name) for _, address, page, _ in everything for name in names
             if name in page and not address.startswith(("/medicines", "/medication/"))]  # fmt: skip

    assert names
    assert leaks == []


def test_a_private_goal_is_on_no_page_of_the_staff(
    lived_in: LivedIn, everything: list[tuple[Person | None, str, str, dict[str, str]]]
) -> None:
    from tenant_app.goals.models import Goal

    with lived_in.database.session() as session:
        private = set(session.scalars(select(Goal.words).where(Goal.shared_at.is_(None))))
    leaks = [(address, words) for person, address, page, _ in everything for words in private
             if isinstance(person, Worker) and words in page]  # fmt: skip

    assert private
    assert leaks == []
