"""A page's address with somebody's ids in it, as a walk asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.routing import Rule

from tests.access.declared import Ids
from tests.access.world import Row

WORDS = {
    "slug": "meet-your-keyworker", "day": "2026-11-26", "hhmm": "0900", "token": "x", "way": "mail", "part": "signs",
    "kind": "supply", "suffix": "csv", "filename": "homeward.css", "code": "x",
}  # fmt: skip
"""What stands in addresses that is no id."""

WORDS_OF = {
    "medicine_stock.write": {"kind": "collected"}, "strengths.write": {"part": "people"},
    "move_on.ready": {"part": "money"}, "sharing.share": {"category": "medication"},
    "support_plan.prepare_one": {"question": "well"},
}  # fmt: skip


def lookup(table: Mapping[str, Any], endpoint: str) -> Any:
    """What was declared of this page, or else of its room; None if nothing was."""
    return table.get(endpoint, table.get(endpoint.split(".")[0] + ".*"))


def _role(door: str, person: Row) -> str:
    return "tenant" if door == "tenant" else str(person["role"])


def _id_names(rule: Rule) -> list[str]:
    """Names of the ids in an address, in their order."""
    names = [name for _is_dynamic, name in rule._trace if _is_dynamic]
    return [name for name in names if type(rule._converters[name]).__name__ == "UUIDConverter"]


def _values(means: Ids, row: Row) -> dict[str, Any]:
    return {name: row[column] for name, column in means.params.items()}


def _address(rule: Rule, values: Mapping[str, Any]) -> str:
    words = WORDS | WORDS_OF.get(rule.endpoint, {})
    built = rule.build({**{name: words.get(name, "x") for name in rule.arguments}, **values})
    assert built is not None, rule
    return built[1]
