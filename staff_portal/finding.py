"""Finding people by what someone at a desk types of their name."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, true

from tenant_app.accounts.models import Tenant
from tenant_app.accounts.names import fold


def matches(search: str, text: str) -> bool:
    """Whether `text` holds every word of the search, whatever the capitals and accents: `wojcik` finds Wójcik."""
    letters, words = fold(text), fold(search).split()
    return not search.strip() or (bool(words) and all(word in letters for word in words))


def found_by(search: str) -> ColumnElement[bool]:
    """The same as a condition of a query that has `Tenant` in it, for lists too long to look through here: by name, by
    what they are called, or by flat."""
    words = fold(search).split()
    if search.strip() and not words:
        return false()  # an apostrophe alone is no name
    return and_(true(), *(Tenant.sought.contains(word, autoescape=True) for word in words))
