"""Names as somebody else may type them: without the accents, in another keyboard's letters, with another apostrophe."""

from __future__ import annotations

import unicodedata

_ALIKE = str.maketrans({
    # Letters that no decomposition takes apart, and that keyboards without them write plainly.
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ŋ": "n", "ə": "e",
    "ŧ": "t", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ŀ": "l",
    # Arabic: the same name is written with and without hamza, and with either ending.
    "ٱ": "ا", "ى": "ي", "ة": "ه", "ء": "", "ـ": "",
    # Persian, Urdu and Kurdish have letters of their own that look and sound the same.
    "ی": "ي", "ې": "ي", "ے": "ي", "ک": "ك", "ہ": "ه", "ھ": "ه", "ە": "ه", "ۀ": "ه", "ں": "ن",
    # Every mark that stands for an apostrophe, a hamza or an ayn in Latin letters, and quotation marks.
    "'": "", "’": "", "‘": "", "ʼ": "", "ʻ": "", "ʾ": "", "ʿ": "", "`": "", "´": "", "′": "", "׳": "", "ˈ": "",
    "-": " ", "‐": " ", "‑": " ", "–": " ", "־": " ", ".": " ", ",": " ", "·": "",
})  # fmt: skip
LONGEST = 200
"""Letters of a folded text that are kept: one ligature can stand for eighteen."""


def fold(text: str) -> str:
    """`text` as it is compared: small letters without accents, points or apostrophes, words one space apart.

    Of two people who write a name differently both are found: `wojcik` and `Wójcik`, `isik` and `Işık`, `احمد` and
    `أَحْمَد`. What is left may be empty.
    """
    apart = unicodedata.normalize("NFKD", text.translate(_ALIKE)).casefold().translate(_ALIKE)
    kept = "".join(_figure(letter) for letter in apart if not _unsaid(letter))
    # Digits of any script are the same flat.
    return " ".join(kept.split())[:LONGEST].rstrip()


def _unsaid(letter: str) -> bool:
    # Joiners and marks of direction are invisible. Vowel signs that are letters of their own (Bengali, Tamil) stay.
    return unicodedata.combining(letter) != 0 or unicodedata.category(letter) == "Cf"


def _figure(letter: str) -> str:
    digit = unicodedata.digit(letter, None)
    return letter if digit is None else str(digit)
