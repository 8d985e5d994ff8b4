"""Which notes name damp or mould: in any of our languages, and never a word that only looks like it."""

from __future__ import annotations

import pytest
from flask import Flask

from tenant_app.key_work.hazard_words import terms
from tenant_app.key_work.mentions import named, sentences_naming

NAMES_IT = [
    "There is MOULD behind the wardrobe.",
    "Mold in the bath, he says",
    "The wall feels damp.",
    "black\n  spots by the window",
    "She showed me a leak-behind the sink",
    "mo\u00adu\u200bld",
    "mould’s back",
    "Banyoda KÜF var",
    "Duvar küflenmiş",
    "Odada rutubetten koku var",
    "SİYAH LEKELER var",
    "هناك عفن في الحمام",
    "تشكو من الرطوبة",
    "بالعَفَنِ على الجدار",
    "البقع السوداء قرب النافذة",
]
ONLY_LOOKS_LIKE_IT = [
    "That dampened her mood, and the fire damper rattled.",
    "She moulded clay; the remould was fine; he is from Moldova.",
    "Tomasz küfür etti.",
    "A spot of black tea",
    "الرطوبي عفنفن",
    "",
]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_note_that_names_damp_or_mould_is_known_by_whole_words(tenant_door: Flask) -> None:
    with tenant_door.test_request_context():
        words = terms()

    assert [text for text in NAMES_IT if not named(text, words)] == []
    assert [text for text in ONLY_LOOKS_LIKE_IT if named(text, words)] == []


def test_only_the_sentences_that_name_it_go_to_the_repairs_desk() -> None:
    text = "We spoke of her sister. There is mould in the bathroom! She took her tablets.\nDamp too"

    assert sentences_naming(text, ["mould", "damp"]) == "There is mould in the bathroom! Damp too"
