"""Single cells: days, sums in pence, references and words. What is doubtful is refused, never guessed."""

from __future__ import annotations

import re
from datetime import date, timedelta

from tenant_app.database import Pence
from tenant_app.rent.importing.problems import BadCell, Why
from tenant_app.web.forms import tidy
from tenant_app.web.spreadsheets import STARTS_A_FORMULA

MOST_PENCE = 100_000_000
"""A million pounds. No account of supported housing comes near it; a sum with its point lost does."""
EARLIEST = date(1990, 1, 1)
YEAR = timedelta(days=366)

LONGEST_NOTE = 120
OUR_REFERENCES = ("charge:", "row:", "ended:", "correction:", "opening")
"""What references begin with that Homeward makes up itself."""

_FULL_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
                "november", "december")  # fmt: skip
MONTHS = {name: number for number, full in enumerate(_FULL_MONTHS, start=1) for name in (full, full[:3])}
MONTHS["sept"] = 9
_MIDNIGHT = re.compile(r"[ T]00:00(?::00(?:\.0+)?)?$")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_BRITISH = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_NAMED = re.compile(r"([0-9]{1,2})[ -]([A-Za-z]{3,9})\.?[ -]([0-9]{4})")
_SHORT = re.compile(r"[0-9]{1,2}[ /.-]([0-9]{1,2}|[A-Za-z]{3,9})[ /.-]'?[0-9]{2}")
_SUM = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]{1,2}))?")
_SPACES = re.compile(r"[ \u00a0\u202f]")
_FINE = re.compile(r"[0-9,]+\.[0-9]{3,}")
_CONTINENTAL = re.compile(r"[0-9]{1,3}(?:[. ][0-9]{3})*,[0-9]{1,2}|[0-9]+,[0-9]{1,2}|[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+")


def day_of(raw: str, today: date, column: str = "") -> date:
    """A calendar day: `2026-11-26`, `26/11/2026` or `26 Nov 2026`. `03/04/2026` is British, the third of April.

    Raises `BadCell` for anything else, and for days before `EARLIEST` or more than a year after `today`.
    """
    text = _MIDNIGHT.sub("", _needed(raw, column))
    if _SHORT.fullmatch(text):
        raise BadCell(Why.SHORT_YEAR, text, column)
    if found := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _BRITISH.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
    elif found := _NAMED.fullmatch(text):
        day, month, year = int(found[1]), MONTHS.get(found[2].casefold(), 0), int(found[3])
    else:
        raise BadCell(Why.DAY, text, column)
    try:
        parsed = date(year, month, day)
    except ValueError:
        raise BadCell(Why.DAY, text, column) from None
    if parsed < EARLIEST:
        raise BadCell(Why.LONG_AGO, text, column)
    if parsed > today + YEAR:
        raise BadCell(Why.FAR_OFF, text, column)
    return parsed


def pence_of(raw: str, column: str = "", *, may_be_below: bool = False, may_be_nothing: bool = False) -> Pence:
    """A sum in pence: `14.2`, `£1,234.50`; where it may be below nothing, `-12.00` or `(12.00)`. No float comes near.

    Raises `BadCell` for what is no sum in pounds, finer than pence, nothing, too large, or below nothing.
    """
    text = _needed(raw, column, a_sum=True)
    plain = _SPACES.sub("", text)
    below = plain.startswith("(") and plain.endswith(")")
    if below:
        plain = plain[1:-1]
    elif plain.startswith(("-", "−")):
        below, plain = True, plain[1:]
    plain = plain.removeprefix("£")
    if not below and plain.startswith(("-", "−")):
        below, plain = True, plain[1:]
    found = _SUM.fullmatch(plain)
    if found is None:
        why = Why.COMMA if _CONTINENTAL.fullmatch(plain) else Why.FINE if _FINE.fullmatch(plain) else Why.SUM
        formula = why is Why.SUM and raw[:1] in STARTS_A_FORMULA
        raise BadCell(Why.FORMULA if formula else why, text, column)
    if len(plain) > 15:
        raise BadCell(Why.LARGE, text, column)
    pence = int(found[1].replace(",", "")) * 100 + int((found[2] or "").ljust(2, "0"))
    if pence > MOST_PENCE:
        raise BadCell(Why.LARGE, text, column)
    if pence == 0 and not may_be_nothing:
        raise BadCell(Why.NOTHING, text, column)
    if below and pence and not may_be_below:
        raise BadCell(Why.NEGATIVE, text, column)
    return -pence if below else pence


def reference_of(raw: str, column: str = "", longest: int = 80) -> str:
    """A reference, with single spaces. Raises `BadCell` for a formula, for one that is too long or empty, and for one
    that Homeward makes up itself."""
    text = " ".join(_needed(raw, column).split())
    if len(text) > longest:
        raise BadCell(Why.LONG, text, column)
    if text.startswith(OUR_REFERENCES):
        raise BadCell(Why.OURS, text, column)
    return text


def note_of(raw: str) -> str:
    """A note as text, on one line, of at most `LONGEST_NOTE` letters. A formula in it is only text here."""
    return " ".join(_plain(raw).split())[:LONGEST_NOTE]


def word_of(raw: str, words: dict[str, object], column: str = "") -> object:
    """What a word stands for, whatever its capitals, dashes and spaces. Raises `BadCell` for one not in `words`."""
    text = _needed(raw, column)
    plain = folded(text)
    if plain not in words:
        raise BadCell(Why.WORD, text, column)
    return words[plain]


def folded(text: str) -> str:
    """Letters and digits alone, small: `Rent Account-Reference` is `rentaccountreference`."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _needed(raw: str, column: str, *, a_sum: bool = False) -> str:
    text = _plain(raw)
    if not text:
        raise BadCell(Why.EMPTY, "", column)
    if ({raw[:1], text[:1]} - ({"-"} if a_sum else set())) & STARTS_A_FORMULA:
        raise BadCell(Why.FORMULA, text, column)
    return text


def _plain(raw: str) -> str:
    # Most cells are plain, and there are hundreds of thousands of them.
    return raw.strip() if raw.isascii() and raw.isprintable() else tidy(raw) or ""
