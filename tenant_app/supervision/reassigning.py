"""A tenant gets another keyworker: at once for both workers, and nothing that was let to the first goes to the next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tenant_app import clock
from tenant_app.accounts.consent import Consent, GivenAs
from tenant_app.accounts.keyworking import begin_keyworking
from tenant_app.accounts.models import Person, Tenant, Worker
from tenant_app.accounts.teams import unsupported
from tenant_app.bulk import among
from tenant_app.reminders.rules import announce, withdraw

NEW_KEYWORKER = "supervision.keyworker"
"""Kind of notice: somebody else is your keyworker now."""

NEWS_LASTS = timedelta(days=7)
"""How long a push about it is worth delivering to a phone that was off."""


class NotAKeyworker(ValueError):
    """Whoever should support them has left, or has no caseload by their role."""


class MovedMeanwhile(Exception):
    """Some have another keyworker by now than when they were chosen. Nobody was moved."""

    def __init__(self, tenants: Sequence[Tenant]) -> None:
        super().__init__(len(tenants))
        self.tenants = tenants


@dataclass(frozen=True)
class Moved:
    """What a reassignment did."""

    tenants: Sequence[Tenant]
    """Those who got another keyworker, by name; without those who had that one already."""
    consents: int
    """How many consents it closed."""


def without_keyworker(session: Session, coordinator: Worker) -> Sequence[Tenant]:
    """Tenants whom `coordinator` answers for and who have nobody: none was named, or whoever was has left or has no
    caseload by their role any more. By name, with their last keyworker loaded."""
    alone = select(Tenant).where(unsupported(coordinator)).options(selectinload(Tenant.keyworker))
    return session.scalars(alone.order_by(func.lower(Tenant.name), Tenant.id)).all()


def reassign(session: Session, tenants: Iterable[Tenant], to: Worker, by: Worker) -> Moved:
    """Give `tenants`, as they were shown to `by`, to another keyworker, and tell them. The same again does nothing.

    All that any of them let a keyworker see is closed: it does not go to the next one, and does not wake if the first
    comes back. Raises `NotAKeyworker`, and `MovedMeanwhile` if somebody else was quicker.
    """
    seen = {tenant.id: tenant.keyworker_id for tenant in tenants}
    _lock(session, seen, to)
    if not to.supports:
        raise NotAKeyworker(to.id)
    found = session.scalars(
        select(Tenant).where(among(Tenant.id, seen), Tenant.left_at.is_(None))
        .options(joinedload(Tenant.keyworker)).order_by(func.lower(Tenant.name), Tenant.id)
        .execution_options(populate_existing=True)
    ).all()  # fmt: skip
    moving = [tenant for tenant in found if tenant.keyworker_id != to.id]
    elsewhere = [tenant for tenant in moving if tenant.keyworker_id != seen[tenant.id]]
    if elsewhere:
        raise MovedMeanwhile(elsewhere)
    closed = _close_consents(session, [tenant.id for tenant in moving])
    for tenant in moving:
        before = tenant.keyworker
        begun = begin_keyworking(session, tenant, to, by)
        assert begun is not None
        source = source_of(tenant)
        withdraw(session, source)  # of two changes on one day, the last is told
        announce(
            session, tenant, NEW_KEYWORKER, source=source, occurrence=str(begun.id), lasts=NEWS_LASTS,
            facts={"to": to.known_as, "from": before.known_as if before else "",
                   "closed": sorted(closed.get(tenant.id, ()))},
        )  # fmt: skip
    return Moved(moving, sum(len(each) for each in closed.values()))


def consents_to_close(session: Session, tenant_ids: Iterable[UUID]) -> int:
    """How many consents a reassignment of these tenants would close: a number, never of what."""
    return session.scalar(select(func.count(Consent.id)).where(*_given_to_a_keyworker(tenant_ids))) or 0


def source_of(tenant: Tenant) -> str:
    """What the notice is about."""
    return f"keyworker:{tenant.id}"


def _given_to_a_keyworker(tenant_ids: Iterable[UUID]) -> tuple[ColumnElement[bool], ...]:
    return (
        among(Consent.tenant_id, tenant_ids), Consent.given_as == GivenAs.KEYWORKER,
        Consent.withdrawn_at.is_(None), Consent.renewed_at.is_(None), Consent.expires_at > clock.now(),
    )  # fmt: skip


def _close_consents(session: Session, tenant_ids: Sequence[UUID]) -> dict[UUID, set[str]]:
    """Withdraw what these tenants let any keyworker see, the one before last too: what rests would wake."""
    closed: dict[UUID, set[str]] = {}
    given = select(Consent).where(*_given_to_a_keyworker(tenant_ids)).order_by(Consent.id)
    for consent in session.scalars(given.with_for_update()):
        closed.setdefault(consent.tenant_id, set()).add(consent.category.value)
        consent.withdraw()
    session.flush()
    return closed


def _lock(session: Session, tenant_ids: Iterable[UUID], to: Worker) -> None:
    """Whoever writes a message, agrees to something or moves the same tenants at this moment queues here; and so does
    the administrator who writes down that `to` has left."""
    homes = Tenant.__table__
    ours = select(homes.c.id).where(homes.c.id.in_(list(tenant_ids))).order_by(homes.c.id)
    session.execute(ours.with_for_update(key_share=True))
    people = Person.__table__
    session.execute(select(people.c.id).where(people.c.id == to.id).with_for_update(key_share=True))
    session.refresh(to, ["left_at", "role"])
