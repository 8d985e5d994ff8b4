"""What the pages about house meetings show of a home."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Property, Tenant
from tenant_app.groups.meetings.models import HOUSE_MEETING, AgendaItem, MeetingRecord, meetings_for
from tenant_app.groups.meetings.rules import Listed, listed, next_meeting, waiting_items
from tenant_app.groups.models import GroupSession
from tenant_app.web.locale import language_of

PAGE = 12
"""Earlier meetings a page."""


@dataclass(frozen=True)
class HomeAgenda:
    """What one home talks about next. `building` is None for everybody's."""

    building: Property | None
    next: GroupSession | None
    items: list[Listed]

    @property
    def key(self) -> str:
        """How an address names it."""
        return "home" if self.building else "everybody"


@dataclass(frozen=True)
class Earlier:
    """One page of meetings whose minutes can be read, newest first."""

    meetings: list[GroupSession]
    page: int
    pages: int


def agendas(session: Session, tenant: Tenant) -> list[HomeAgenda]:
    """Of the tenant's own home, and everybody's where there ever was one."""
    found = [agenda_at(session, tenant, tenant.building)]
    if has_everybodys(session):
        found.append(agenda_at(session, tenant, None))
    return found


def has_everybodys(session: Session) -> bool:
    """Whether there ever was a meeting for everybody, or something that waits for one."""
    meetings = select(GroupSession.id).where(GroupSession.kind == HOUSE_MEETING, GroupSession.building_id.is_(None))
    waiting = select(AgendaItem.id).where(AgendaItem.building_id.is_(None))
    return any(session.scalar(query.limit(1)) is not None for query in (meetings, waiting))


def agenda_at(session: Session, tenant: Tenant, building: Property | None) -> HomeAgenda:
    """What waits at one home."""
    home = building.id if building else None
    return HomeAgenda(
        building, next_meeting(session, home), listed(session, tenant, waiting_items(session, home))
    )


def earlier(session: Session, tenant: Tenant, page: int) -> Earlier:
    """Meetings with published minutes."""
    published = meetings_for(tenant).join(MeetingRecord, MeetingRecord.session_id == GroupSession.id).where(
        MeetingRecord.published_at.is_not(None)
    )  # fmt: skip
    ids = list(session.scalars(published.with_only_columns(GroupSession.id).order_by(None)))
    pages = max(-(-len(ids) // PAGE), 1)
    page = min(max(page, 1), pages)
    newest = published.order_by(None).order_by(GroupSession.starts_at.desc(), GroupSession.id)
    return Earlier(list(session.scalars(newest.limit(PAGE).offset((page - 1) * PAGE))), page, pages)


def direction_of(code: str) -> str:
    """`rtl` or `ltr`, for what was written in this language; empty where nobody wrote it down."""
    return language_of(code).direction if code else ""


def home_asked(tenant: Tenant, key: str) -> UUID | None:
    """The home that an address names: `everybody`, else the tenant's own."""
    return None if key == "everybody" else tenant.property_id
