"""What can need mending, as a tree: kinds, and what of that kind. Kept in `content/repairs/kinds`, and found by the
words that people have for it, in any language the content is in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tenant_app.accounts.names import fold
from tenant_app.repairs.models import Repair
from tenant_app.repairs.words import Named, kinds, rooms
from tenant_app.web import content
from tenant_app.web.house import house
from tenant_app.web.locale import LANGUAGES

OTHER = "other"
"""The kind that only words of one's own can say."""
LONGEST = 80
"""Letters of a search that are looked at."""
MOST_FOUND = 8


@dataclass(frozen=True)
class Found:
    """One place of the tree: a kind, or a part of it."""

    kind: Named
    part: Named | None

    @property
    def icon(self) -> str:
        return (self.part or self.kind).icon


def parts(kind: str) -> list[Named]:
    """What of that kind it can be, in the order asked; nothing for a kind without parts, or that nobody knows."""
    for each in content.page("repairs", "kinds")["kinds"]:
        if each["id"] == kind:
            return [Named(part["id"], part["name"], part["icon"]) for part in each.get("parts", ())]
    return []


def part_of(repair: Repair) -> Named | None:
    """What of its kind it is. One that was taken out of the content since is called what it was."""
    if not repair.part:
        return None
    known = {each.slug: each for each in parts(repair.kind)}
    return known.get(repair.part) or Named(repair.part, repair.part.replace("-", " ").capitalize(), "wrench")


def places(shared: bool) -> list[Named]:
    """Rooms of one's own home, or shared parts of the building."""
    known = _shared()
    return [each for each in rooms() if (each.slug in known) is shared]


def are_shared(chosen: list[str]) -> bool:
    """Whether any of these rooms is a shared part of the building."""
    return not _shared().isdisjoint(chosen)


def out_of_date(repair: Repair) -> list[str]:
    """Questions of a draft whose answers the content no longer knows: they are to be asked again."""
    found = []
    if not {each.slug for each in rooms()}.issuperset(repair.rooms):
        found.append("where")
    known_parts = {each.slug for each in parts(repair.kind)} | {""}
    if repair.kind not in {each.slug for each in kinds()} or repair.part not in known_parts:
        found.append("what")
    return found


def search(typed: str) -> list[Found]:
    """What somebody may mean by words of their own, the likeliest first: `damp`, `rutubet`, `رطوبة`, `the tap drips`.

    Letters are folded as names are. A word also counts where one begins with the other, because people write `drips`
    and `rutubetli`. A part that was meant counts with its kind, so that `a leak from the tap` leads to one place.
    """
    asked = list(_words_of([typed[:LONGEST]]))
    known = _sayings(house().settings.content)
    scores: dict[tuple[str, str], int] = {}
    for (kind, part), sayings in known.items():
        own = [_nearness(word, sayings) for word in asked]
        if any(own):
            above = [_nearness(word, known[kind, ""]) for word in asked]
            scores[kind, part] = sum(map(max, own, above))
    found, by_kind = [], {kind.slug: kind for kind in kinds()}
    for kind, part in sorted(scores, key=lambda place: -scores[place])[:MOST_FOUND]:
        below = {each.slug: each for each in parts(kind)}
        if kind in by_kind and scores[kind, part] * 2 >= max(scores.values()):
            found.append(Found(by_kind[kind], below.get(part)))
    return found


def _nearness(word: str, sayings: frozenset[str]) -> int:
    if word in sayings:
        return 4
    if len(word) > 2 and any(saying.startswith(word) for saying in sayings):
        return 2
    return 2 if any(len(saying) > 3 and word.startswith(saying) for saying in sayings) else 0


@cache
def _sayings(folder: Path) -> dict[tuple[str, str], frozenset[str]]:
    """Of each place of the tree the words for it, folded, in all languages."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for code in LANGUAGES:
        for kind in content.page("repairs", "kinds", code)["kinds"]:
            ours = _folded([kind["name"], *kind["words"]])
            found[kind["id"], ""] = found.get((kind["id"], ""), frozenset()) | ours
            for part in kind["parts"]:
                place = kind["id"], part["id"]
                found[place] = found.get(place, frozenset()) | _folded([part["name"], *part["words"]])
    return found


def _folded(texts: list[str]) -> frozenset[str]:
    return frozenset(_words_of(texts))


def _words_of(texts: list[str]) -> Iterator[str]:
    for text in texts:
        for word in fold(text).split():
            if len(word) > 1 and word not in SMALL:
                yield _bare(word)


SMALL = frozenset({
    "a", "an", "and", "by", "from", "in", "inside", "is", "it", "my", "not", "of", "on", "one", "or", "the", "there",
    "to", "will", "ya", "da", "bir", "var", "ve", "yok", "من", "في", "على", "لا", "او", "هو", "انا",
})  # fmt: skip
"""Words that say nothing of what it is."""


def _bare(word: str) -> str:
    # Arabic writes the article, and `and`, `in`, `for` before it, as one with the word.
    return re.sub(r"^(?:[وبفل]?ال|لل)(?=\w{3})", "", word)


@cache
def _shared_of(folder: Path) -> frozenset[str]:
    return frozenset(each["id"] for each in content.page("repairs", "kinds", content.FALLBACK)["shared"])


def _shared() -> frozenset[str]:
    return _shared_of(house().settings.content)

