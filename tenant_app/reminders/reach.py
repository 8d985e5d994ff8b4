"""Whether reminders reach a tenant: what became of the test they asked for, and who is reached by nothing any more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Subquery, literal, or_, select, union_all
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.reminders.addresses import Address
from tenant_app.reminders.models import Delivery, LostChannel, Notice, State, Subscription
from tenant_app.reminders.notices import TEST
from tenant_app.reminders.preferences import EVERYTHING, ReminderPreference, read_muted

TEST_COUNTS = timedelta(hours=1)
"""How long the page goes on telling what became of a test."""
FAILING_COUNTS = timedelta(hours=24)
"""A phone that was off for a night is not dead."""
LOSS_COUNTS = timedelta(days=7)
"""How long a lost phone is remembered after its owner was told: by then they have chosen to do without."""


@dataclass(frozen=True)
class Tried:
    """What became of a test at one of the tenant's phones."""

    phone: str
    outcome: str
    """As in `Delivery.outcome`."""
    at: datetime


@dataclass(frozen=True)
class LastTest:
    """The last test that a tenant asked for."""

    asked_at: datetime
    state: State
    tried: tuple[Tried, ...]
    wrote_to: tuple[str, ...]
    """Addresses that took something since."""


def last_test(session: Session, tenant: Tenant) -> LastTest | None:
    """The test of the last hour; None if they asked for none."""
    notice = session.scalar(
        select(Notice)
        .where(Notice.tenant_id == tenant.id, Notice.kind == TEST, Notice.due_at > clock.now() - TEST_COUNTS)
        .order_by(Notice.due_at.desc(), Notice.id.desc())
        .limit(1)
    )
    if notice is None:
        return None
    deliveries = session.execute(
        select(Subscription, Delivery)
        .join(Delivery, Delivery.subscription_id == Subscription.id)
        .where(Delivery.notice_id == notice.id, Subscription.person_id == tenant.id)
        .order_by(Subscription.made_at.desc(), Subscription.id)
    )
    written = session.scalars(Address.of(tenant).where(Address.worked_at >= notice.due_at))
    return LastTest(
        notice.due_at, notice.state, tuple(Tried(phone.called, one.outcome, one.tried_at) for phone, one in deliveries),
        tuple(address.value for address in written),
    )  # fmt: skip


def dead_channels(session: Session, tenant_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """Tenants whom reminders do not reach any more though they once let them, each with since when (UTC).

    Their browsers were lost, or have failed for a day, and there is no address that works. Who turned their phones off
    themselves is not among them. One question, however many tenants are asked about.
    """
    now, ids = clock.now(), list(tenant_ids)
    ways = _ways(ids, now)
    content: set[UUID] = set()
    since: defaultdict[UUID, list[datetime]] = defaultdict(list)
    for person_id, broken_since, is_lost, muted in session.execute(
        select(ways.c.person_id, ways.c.broken_since, ways.c.is_lost, ReminderPreference.muted)
        .outerjoin(ReminderPreference, ReminderPreference.tenant_id == ways.c.person_id)
    ):  # fmt: skip
        works = broken_since is None or (not is_lost and broken_since > now - FAILING_COUNTS)
        if works or read_muted(muted or ()) == EVERYTHING:
            content.add(person_id)
        else:
            since[person_id].append(broken_since)
    return {tenant_id: max(moments) for tenant_id, moments in since.items() if tenant_id not in content}


def _ways(ids: list[UUID], now: datetime) -> Subquery:
    """Every way out that these people have or had: whose, since when it is broken, and whether for good."""
    phones = select(
        Subscription.person_id, Subscription.failing_since.label("broken_since"), literal(False).label("is_lost")
    ).where(Subscription.person_id.in_(ids))
    addresses = select(Address.person_id, Address.failing_since, literal(False)).where(
        Address.person_id.in_(ids), Address.agreed_at.is_not(None), Address.confirmed_at.is_not(None),
        Address.refused_at.is_(None),
    )  # fmt: skip
    lost = select(LostChannel.person_id, LostChannel.lost_at, literal(True)).where(
        LostChannel.person_id.in_(ids), or_(LostChannel.seen_at.is_(None), LostChannel.lost_at > now - LOSS_COUNTS)
    )
    return union_all(phones, addresses, lost).subquery()
