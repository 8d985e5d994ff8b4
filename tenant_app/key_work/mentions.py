"""Whether a text names one of some words: whole words, whatever the capitals, accents and invisible signs between.

Pure text: which words there are stands in `content/hazards`, in every language that a worker may write in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

_ARABIC = re.compile(r"[\u0621-\u064a]")
_PREFIXES = "(?:[وف]?[بلك]?(?:ال)?|[وف]?لل)"
"""What Arabic writes as one with a noun: and, so, with, for, like, the."""


def named(text: str, terms: Iterable[str]) -> list[str]:
    """Those of `terms` that the text names, in their order, each as it stands in the list.

    A term is one word or several; it must stand alone: `damp` is not in `dampen`. A `*` at its end lets the word go
    on, for languages that add their endings to it: `küflen*`.
    """
    plain = fold(text)
    return [term for term in terms if _pattern(term).search(plain)]


def sentences_naming(text: str, terms: Iterable[str]) -> str:
    """The sentences of a text that name one of `terms`, as they were written; empty where none does."""
    listed = list(terms)
    parts = re.split(r"(?<=[.!?؟])\s+|\n+", text)
    return " ".join(part.strip() for part in parts if named(part, listed))


@cache
def _pattern(term: str) -> re.Pattern[str]:
    goes_on = term.endswith("*")
    words = [re.escape(word) for word in fold(term.rstrip("*")).split()]
    if _ARABIC.search(term):
        words = [_PREFIXES + word for word in words]
    end = r"\w*" if goes_on else r"(?![^\W_])"
    return re.compile(r"(?<![^\W_])" + r"[\s\-]+".join(words) + end)


def fold(text: str) -> str:
    """The text as it is compared: small letters without accents, vowel signs, stretching or anything invisible."""
    parted = unicodedata.normalize("NFKD", text.casefold()).replace("ı", "i").replace("ة", "ه").replace("ى", "ي")
    return "".join(
        sign for sign in parted if sign != "ـ" and unicodedata.category(sign) not in ("Mn", "Cf")
    )
