"""Catalogues: complete, with the right plural forms, and unable to break a page."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tenant_app.web.locale import LANGUAGES

pytestmark = pytest.mark.xdist_group("catalogues")  # they are read, and the source is gone through, once a process

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "translations"
PLURALS = {"en": 2, "tr": 1, "ar": 6}
KEYWORDS = ["-k", "lazy_gettext", "-k", "say", "-k", "say_number:1,2"]


@cache
def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def catalogue(code: str) -> Catalog:
    return read(FOLDER / code / "LC_MESSAGES" / "messages.po")


def forms(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, (list, tuple)) else [message.string]


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s", text))


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Every string of the interface as the source has it now."""
    pot = tmp_path_factory.mktemp("pot") / "messages.pot"
    subprocess.run(
        [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "pyproject.toml", *KEYWORDS,
         "-o", str(pot), "."],
        cwd=ROOT, check=True,
    )  # fmt: skip
    return read(pot)


def keys(found: Catalog) -> set[object]:
    return {message.id for message in found if message.id}


def test_the_template_holds_every_string_of_the_source(extracted: Catalog) -> None:
    assert keys(read(FOLDER / "messages.pot")) == keys(extracted)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_string_is_translated(code: str, extracted: Catalog) -> None:
    spoken = catalogue(code)
    missing = [message.id for message in extracted if message.id
               and (message.id not in spoken or not all(forms(spoken[message.id])) or spoken[message.id].fuzzy)]  # fmt: skip

    assert missing == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_plural_forms_are_the_ones_gettext_uses(code: str) -> None:
    spoken = catalogue(code)

    assert spoken.num_plurals == PLURALS[code]
    for message in spoken:
        if message.pluralizable:
            assert len(forms(message)) == PLURALS[code], message.id


@pytest.mark.parametrize("code", LANGUAGES)
def test_placeholders_are_the_same_in_every_language(code: str) -> None:
    for message in catalogue(code):
        if not message.id:
            continue
        singular, plural = message.id if isinstance(message.id, tuple) else (message.id, message.id)
        for form in forms(message):
            # "one session" may leave the number out in a form that stands for exactly one or two.
            assert placeholders(form) <= placeholders(plural), message.id
            assert placeholders(plural) - placeholders(form) <= ({"%(num)s"} if message.pluralizable else set()), (
                message.id
            )
            assert form.count("%") == len(re.findall(r"%\(\w+\)s|%%", form)) + form.count("%%"), message.id
        assert placeholders(singular) <= placeholders(plural)


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_translation_holds_markup(code: str) -> None:
    assert [
        message.id
        for message in catalogue(code)
        if message.id and any(re.search(r"[<>]|&\w+;", form) for form in forms(message))
    ] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_digits_are_western_in_every_language(code: str) -> None:
    assert [
        message.id
        for message in catalogue(code)
        if message.id and any(re.search(r"[٠-٩۰-۹০-৯]", form) for form in forms(message))
    ] == []
