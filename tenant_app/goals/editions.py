"""Two changes made from the same page: the later one is told, and neither is lost without a word.

The version of a goal goes up with everything that happens to it, a pause or a step done as well. Whoever rewrites words
need only know whether those words are still the ones they read: that is what an edition says.
"""

from __future__ import annotations

import hashlib
import json


class ChangedMeanwhile(ValueError):
    """What stands now is not what was read when the page was made."""


def edition_of(*texts: object) -> str:
    """A short name of these texts as they are, for a page to carry and bring back."""
    said = json.dumps([str(text) for text in texts], ensure_ascii=False)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def refuse_if_changed(seen: str | None, now: str) -> None:
    """Raise `ChangedMeanwhile` unless the edition that was `seen` is the one that stands `now`.

    None is for changes that no page stands behind; a page that brings nothing back brings "", which is never right.
    """
    if seen is not None and seen != now:
        raise ChangedMeanwhile(now)
