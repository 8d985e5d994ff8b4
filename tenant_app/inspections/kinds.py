"""Kinds of inspections: what each asks, when an item counts as failed, how often, and by whom. All of it is content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import frontmatter

from tenant_app.inspections.models import Inspection
from tenant_app.inspections.planning import Plan
from tenant_app.web import content
from tenant_app.web.house import house

FOLDER = "inspections"


@dataclass(frozen=True)
class AskedItem:
    """One item in words, and what they are in."""

    id: str
    name: str
    failed: str
    """What counts as failed."""
    language: str


@cache
def plans(folder: Path) -> tuple[Plan, ...]:
    """Every template of the content in `folder`, as the rota needs it. Read from English: figures, ids and kinds of
    repairs stand in one place, where no translation can lose them. Raises `ValueError` for what cannot be planned."""
    return tuple(_plan(each.name, each / f"{content.FALLBACK}.md") for each in sorted((folder / FOLDER).iterdir()))


def plan_of(kind: str) -> Plan | None:
    """One of them; None for a template that was taken out of the content."""
    return next((each for each in plans(house().settings.content) if each.kind == kind), None)


def title_of(kind: str) -> str:
    """What an inspection is called, in the reader's language; one that the content has no more by its id."""
    return str(content.page(FOLDER, kind)["title"]) if plan_of(kind) else kind.replace("-", " ").capitalize()


def icon_of(kind: str) -> str:
    return str(content.page(FOLDER, kind)["icon"]) if plan_of(kind) else "check"


def page_of(kind: str) -> content.Page | None:
    """The template's page: how it is done, and by whom."""
    return content.page(FOLDER, kind) if plan_of(kind) else None


def asked(inspection: Inspection) -> list[AskedItem]:
    """What it asks. In the reader's language where the template still says the same; else as it was then: what was
    answered years ago must not change its meaning with the words."""
    plan, page = plan_of(inspection.kind), page_of(inspection.kind)
    now = {each["id"]: each for each in plan.items} if plan else {}
    spoken = {each["id"]: each for each in page["items"]} if page else {}
    found = []
    for item in inspection.items:
        here = spoken.get(item["id"])
        same = here is not None and _words(now.get(item["id"], {})) == _words(item)
        shown = here if same and here is not None else item
        language = page.language.code if same and page else content.FALLBACK
        found.append(AskedItem(item["id"], str(shown["name"]), str(shown["failed"]), language))
    return found


def _words(item: dict[str, Any]) -> tuple[Any, Any]:
    return item.get("name"), item.get("failed")


def _plan(kind: str, file: Path) -> Plan:
    facts = frontmatter.load(str(file)).metadata
    every: Any = facts["every"]
    rhythm = timedelta(**{unit: int(number) for unit, number in every.items() if unit in ("days", "weeks")})
    if rhythm < timedelta(days=1) or facts["of"] not in ("building", "room"):
        raise ValueError(f"{file}: every so many days or weeks, of a building or a room")
    listed: Any = facts["items"]
    items = tuple({name: each[name] for name in ("id", "name", "failed", "repair", "rooms")} for each in listed)
    if len({each["id"] for each in items}) != len(items) or not items:
        raise ValueError(f"{file}: every item has an id of its own")
    return Plan(kind, facts["of"] == "room", rhythm, items)
