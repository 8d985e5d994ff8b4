"""Decisions about strengths as a whole: how many there may be, and who may read them."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tenant_app.accounts.consent import Category, GivenAs, shares_with
from tenant_app.accounts.models import Tenant, Worker, supported_by
from tenant_app.strengths.models import Part, Strength

MOST_LINES = 20
"""In each part: what fits on a page that one likes to read again."""


class PartFull(ValueError):
    """A part has as many lines as anyone reads."""


def strengths_of(session: Session, tenant: Tenant) -> dict[Part, list[Strength]]:
    """All of it, part by part in the order of reading; parts without a line are there, and empty."""
    found: dict[Part, list[Strength]] = {part: [] for part in Part}
    for line in session.scalars(Strength.of(tenant)):
        found[line.part].append(line)
    return found


def write_strength(session: Session, tenant: Tenant, part: Part, words: str, *, language: str = "") -> Strength:
    """Put a line at the end of a part. The same words again are the line that is there: a double tap.

    Raises `PartFull`.
    """
    # Two taps at the same moment queue here; the second then finds what the first wrote.
    session.execute(select(Tenant.id).where(Tenant.id == tenant.id).with_for_update(key_share=True))
    lines = session.scalars(Strength.of(tenant).where(Strength.part == part)).all()
    same = next((line for line in lines if line.words == words), None)
    if same is not None:
        return same
    if len(lines) >= MOST_LINES:
        raise PartFull
    line = Strength(tenant=tenant, part=part, words=words, language=language)
    session.add(line)
    session.flush()
    return line


def sharing_strengths(worker: Worker) -> Select[Tenant]:
    """Tenants on this worker's caseload who let them read their strengths now."""
    agreed = shares_with(worker, Category.STRENGTHS, GivenAs.KEYWORKER)
    return select(Tenant).where(supported_by(worker), agreed)
