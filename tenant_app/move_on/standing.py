"""How the list of a plan stands, part by part: the association's things and the tenant's own, now or at a review."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tenant_app.move_on.models import Checklist, MoveOnItem, MoveOnReview, Part, Ready, Standing


@dataclass(frozen=True)
class PartStanding:
    """One part of the list. Counts of things, never of a person."""

    part: Part
    things: Sequence[Standing] = field(default_factory=tuple)

    def count(self, state: Ready | str) -> int:
        """How many stand so."""
        return sum(thing.state == state for thing in self.things)

    @property
    def applies(self) -> Sequence[Standing]:
        """Those that apply, what is done first, then what is worked on."""
        order = [Ready.DONE, Ready.WORKING, Ready.NOT_YET]
        return sorted((thing for thing in self.things if thing.state in order), key=lambda it: order.index(it.state))


def standing(checklist: Checklist, items: Iterable[MoveOnItem]) -> list[PartStanding]:
    """The whole list part by part: the association's things, then the tenant's own. What the association took off its
    list is told no more."""
    said = {item.key: item for item in items}
    things: dict[Part, list[Standing]] = {part: [] for part in Part}
    for listed in checklist.values():
        item = said.get(listed.key)
        things[listed.part].append(
            Standing(
                listed.key, listed.part, listed.words, listed.language, item.state, item.changed_at, item.note,
                item.note_language,
            ) if item else Standing(listed.key, listed.part, listed.words, listed.language, Ready.NOT_YET)
        )  # fmt: skip
    for item in said.values():
        if item.own:
            things[item.part].append(
                Standing(
                    item.key, item.part, item.words, item.language, item.state, item.changed_at, item.note,
                    item.note_language, own=True,
                )
            )  # fmt: skip
    return [PartStanding(part, things[part]) for part in Part]


def snapshot(parts: Iterable[PartStanding]) -> list[dict[str, str]]:
    """The list as a review keeps it."""
    return [
        {"part": thing.part.value, "key": thing.key, "words": thing.words, "language": thing.language,
         "state": thing.state.value}
        for part in parts for thing in part.things
    ]  # fmt: skip


def stood(review: MoveOnReview) -> list[PartStanding]:
    """The list as it stood at a review. What no part or state is known for any more is left out."""
    things: dict[Part, list[Standing]] = {part: [] for part in Part}
    for told in review.standing:
        try:
            part, state = Part(told["part"]), Ready(told["state"])
        except (KeyError, ValueError):
            continue
        things[part].append(Standing(told["key"], part, told["words"], told["language"], state))
    return [PartStanding(part, things[part]) for part in Part]
