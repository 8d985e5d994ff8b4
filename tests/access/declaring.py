"""The words in which it is declared who may use a page, and whose records they reach there."""

from __future__ import annotations

from dataclasses import dataclass

from tests.access.whose import ADMINISTRATOR, COORDINATOR, FACILITATOR, HOUSING_OFFICER, KEYWORKER, Whose

ANYONE = frozenset({"anyone"})
TENANT = frozenset({"tenant"})
SETTLING = frozenset({"tenant", "settling"})
HALFWAY = frozenset({"halfway"})
EVERYBODY = frozenset({KEYWORKER, COORDINATOR, FACILITATOR, HOUSING_OFFICER, ADMINISTRATOR})
SUPPORT = frozenset({KEYWORKER, COORDINATOR})
GROUPS = SUPPORT | {FACILITATOR}
OFFICER = frozenset({HOUSING_OFFICER})
ADMIN = frozenset({ADMINISTRATOR})


@dataclass(frozen=True)
class Ids:
    """What the ids in an address mean, and who reaches which."""

    table: str
    whose: Whose
    params: dict[str, str]
    """Name in the address -> column of `table`."""
    crossed: bool = True
    """Of several ids: whether the last of another record's is refused beside the first ones of one's own."""

    @classmethod
    def of(cls, table: str, whose: Whose, *, crossed: bool = True, **params: str) -> Ids:
        return cls(table, whose, params, crossed)


def each(name: str, table: str, whose: Whose) -> Ids:
    return Ids.of(table, whose, **{name: "id"})
