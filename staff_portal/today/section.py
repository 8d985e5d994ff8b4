"""What a part of Today is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from tenant_app.accounts.models import Person

SHOWN = 5
"""Of each kind; the rest is behind one link. Today is read standing up."""


@dataclass(frozen=True)
class Entry:
    """One thing that waits."""

    words: Markup | str
    """What it is, in a sentence or less. Nothing of a record unless a look was written down."""
    address: str
    """Where it is done."""
    day: date | datetime | None = None
    """When it came, or is due."""
    meta: Markup | str = ""
    person: Person | None = None
    """Whom it is about; the picture beside it."""


@dataclass(frozen=True)
class Section:
    """One kind of thing. With a count of 0 it is not shown."""

    name: str
    """Its id on the page."""
    heading: str
    icon: str
    count: int
    """How many there are, of which the first `SHOWN` may be all that `facts` hold."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What its template is given."""
    template: str = "today/_entries.html"
    address: str = ""
    """Where all of them are."""
    address_words: str = ""
    always: bool = False
    """Whether the way there is shown even where everything that waits stands here already."""

    @property
    def more(self) -> bool:
        return self.count > SHOWN

    @classmethod
    def of_entries(
        cls, name: str, heading: str, icon: str, entries: Sequence[Entry], *, count: int | None = None,
        address: str = "", address_words: str = "", always: bool = False,
    ) -> Section:  # fmt: skip
        """A plain list of things, each a link. `count`: how many there are, where `entries` are only the first."""
        return cls(
            name, heading, icon, len(entries) if count is None else count, {"entries": entries[:SHOWN]},
            address=address, address_words=address_words, always=always,
        )  # fmt: skip
