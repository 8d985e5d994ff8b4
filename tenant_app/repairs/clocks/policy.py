"""What the clocks are: limits of the law from `content/hazards`, our own from `content/repairs/priorities`.

Read without a door, because rules and the worker need them too, and from English alone: figures stand in one place.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import frontmatter

from tenant_app.repairs.clocks.counting import Limit, Unit
from tenant_app.settings import Settings


class Kind(enum.StrEnum):
    """What has to be done by a clock."""

    INVESTIGATE = "investigate"
    SUMMARY = "summary"
    """Write to the tenant what was found."""
    MAKE_SAFE = "make_safe"
    BEGIN_WORKS = "begin_works"
    """Begin further work that keeps it from coming back."""
    BACKSTOP = "backstop"
    """The same, where it could not be begun earlier: the law's last day."""
    MEND = "mend"
    """An ordinary repair, by its priority."""


class Priority(enum.StrEnum):
    """How soon an ordinary repair is mended."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    ROUTINE = "routine"


class Start(enum.StrEnum):
    """What a clock of the law begins with."""

    AWARENESS = "awareness"
    INVESTIGATION = "investigation"


EMERGENCY = "emergency"
"""The rule of emergency hazards: a folder of `content/hazards`."""
DAMP = "damp-mould"
"""The rule for a hazard whose kind has none of its own: what is named in notes is damp and mould."""


@dataclass(frozen=True)
class HazardRule:
    """One kind of hazard, as the law has it."""

    slug: str
    in_force_from: date
    clocks: Mapping[Kind, tuple[Start, Limit]]
    checks: frozenset[str]
    """Ids of `content/repairs/urgent` that are this hazard as soon as a tenant says so."""


@dataclass(frozen=True)
class Policy:
    """Every limit in force, and the wall clock by which days are counted."""

    zone: ZoneInfo
    hazards: Mapping[str, HazardRule]
    priorities: Mapping[Priority, Limit]
    happening_now: Priority
    """Of what the tenant said is happening now, and which is no hazard of the law."""
    by_kind: Mapping[str, Priority]
    """Ids of `content/repairs/kinds` to their usual priority; `ROUTINE` for those without."""

    @classmethod
    def read(cls, content: Path, zone: ZoneInfo) -> Policy:
        """From the content's English pages. Raises `KeyError` or `ValueError` where a limit is missing or amiss."""
        hazards = {}
        for folder in sorted((content / "hazards").iterdir()):
            facts = _facts(folder)
            if "clocks" in facts:
                hazards[folder.name] = _hazard(folder.name, facts)
        how_soon, kinds = _facts(content / "repairs" / "priorities"), _facts(content / "repairs" / "kinds")
        by_kind = {str(slug): Priority(each) for slug, each in (kinds.get("priorities") or {}).items()}
        return cls(
            zone=zone, hazards=hazards, priorities={each: _limit(how_soon[each.value]) for each in Priority},
            happening_now=Priority(how_soon["happening_now"]), by_kind=by_kind | dict(_priorities_of(kinds)),
        )  # fmt: skip

    def hazard_of(self, kind: str, *, emergency: bool, aware_at: datetime) -> HazardRule | None:
        """The law's rule for a hazard of this kind of which we knew at that moment; None where none is in force."""
        slug = EMERGENCY if emergency else kind if kind in self.hazards else DAMP
        rule = self.hazards.get(slug)
        in_force = rule is not None and aware_at.astimezone(self.zone).date() >= rule.in_force_from
        return rule if in_force else None

    def is_emergency(self, check: str) -> bool:
        """Whether what the tenant said is happening now is an emergency hazard by itself."""
        return EMERGENCY in self.hazards and check in self.hazards[EMERGENCY].checks

    def priority_of(self, kind: str, *, now: bool) -> Priority:
        """How soon such a repair is mended unless a worker says otherwise. `now` is whether the tenant says that
        it is dangerous, or that something of `content/repairs/urgent` is happening."""
        usual = self.by_kind.get(kind, Priority.ROUTINE)
        order = list(Priority)
        return min(usual, self.happening_now, key=order.index) if now else usual


@cache
def in_force() -> Policy:
    """The limits of this association, by its environment: read once a process, as its content is."""
    settings = Settings.from_environment()
    return Policy.read(settings.content, settings.zone)


def _hazard(slug: str, facts: Mapping[str, Any]) -> HazardRule:
    return HazardRule(
        slug=slug, in_force_from=facts["in_force_from"],
        clocks={Kind(kind): (Start(each["from"]), _limit(each)) for kind, each in facts["clocks"].items()},
        checks=frozenset(str(check) for check in facts.get("checks", ())),
    )  # fmt: skip


def _limit(facts: Mapping[str, Any]) -> Limit:
    return Limit(int(facts["limit"]), Unit(facts["counted_in"]))


def _priorities_of(facts: Any) -> Iterator[tuple[str, Priority]]:
    """Whatever has an id and a priority, however deep in the tree of kinds."""
    if isinstance(facts, Mapping):
        if "id" in facts and "priority" in facts:
            yield str(facts["id"]), Priority(facts["priority"])
        for each in facts.values():
            yield from _priorities_of(each)
    elif isinstance(facts, list):
        for each in facts:
            yield from _priorities_of(each)


def _facts(folder: Path) -> dict[str, Any]:
    return dict(frontmatter.load(str(folder / "en.md")).metadata)
