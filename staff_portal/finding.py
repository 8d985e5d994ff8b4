"""Finding people by what someone at a desk types of their name."""

from __future__ import annotations

import unicodedata


def matches(search: str, text: str) -> bool:
    """Whether `text` holds every word of the search, whatever the capitals and accents: `wojcik` finds Wójcik."""
    letters = _plain(text)
    return all(word in letters for word in _plain(search).split())


def _plain(text: str) -> str:
    # Letters that only look like others, such as the dotless ı, are folded too.
    folded = unicodedata.normalize("NFKD", text.replace("ı", "i").replace("ł", "l").replace("Ł", "L")).casefold()
    return "".join(letter for letter in folded if not unicodedata.combining(letter))
