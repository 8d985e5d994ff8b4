"""What a worker wants to see of a caseload, as its address says it."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import Any, Self, TypeVar
from uuid import UUID

from werkzeug.datastructures import MultiDict

from tenant_app.accounts.models import Intensity, Stage
from tenant_app.web.forms import tidy

LONGEST_SEARCH = 100
MOST_PAGES = 100_000
"""Beyond any house; a larger number is one that a database cannot count to."""

Word = TypeVar("Word", bound=enum.StrEnum)


class Show(enum.StrEnum):
    """Which of them."""

    EVERYONE = ""
    SIGN = "sign"
    """Those whose keyworker might ask how they are."""
    REVIEW = "review"
    """Those whose review is overdue."""
    COVERED = "covered"
    """Those whom a colleague supports, for whom this worker stands in or answers."""


class Sort(enum.StrEnum):
    """In which order."""

    NAME = ""
    CONTACT = "contact"
    """Who was not spoken to for longest first."""
    REVIEW = "review"
    """Whose review comes soonest first."""
    STEP = "step"
    """Who moved on last first."""


@dataclass(frozen=True)
class Asked:
    """One question. Whatever an address says that makes no sense is as if it were not said."""

    search: str = ""
    show: Show = Show.EVERYONE
    stage: Stage | None = None
    intensity: Intensity | None = None
    keyworker_id: UUID | None = None
    """Only those of one colleague."""
    sort: Sort = Sort.NAME
    page: int = 1

    @classmethod
    def of(cls, said: MultiDict[str, str]) -> Self:
        """Read it from the address."""
        return cls(
            search=(tidy(said.get("q")) or "")[:LONGEST_SEARCH],
            show=_word(Show, said.get("show")) or Show.EVERYONE,
            stage=_word(Stage, said.get("stage")),
            intensity=_word(Intensity, said.get("intensity")),
            keyworker_id=said.get("keyworker", type=UUID),
            sort=_word(Sort, said.get("sort")) or Sort.NAME,
            page=min(max(said.get("page", 1, type=int), 1), MOST_PAGES),
        )

    def address(self, **changed: Any) -> dict[str, Any]:
        """What the address says for the same question with something changed; the first page, unless `page` is."""
        other = replace(self, **{"page": 1, **changed})
        said = {
            "q": other.search, "show": other.show, "stage": other.stage, "intensity": other.intensity,
            "keyworker": other.keyworker_id, "sort": other.sort, "page": other.page if other.page > 1 else None,
        }  # fmt: skip
        return {name: str(value) for name, value in said.items() if value}

    @property
    def narrowed(self) -> bool:
        """Whether it leaves anyone out."""
        return any((self.search, self.show, self.stage, self.intensity, self.keyworker_id))


def _word(words: type[Word], said: str | None) -> Word | None:
    try:
        return words(said or "")
    except ValueError:
        return None
