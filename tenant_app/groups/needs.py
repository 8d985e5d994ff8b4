"""What a tenant needs to take part: kept once, and shown to a facilitator only where a place is held.

Three things and no more: getting in and staying, a language, food. There is no room for health: an illness or a
medicine says nothing about what would help.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, or_, select
from sqlalchemy.orm import Mapped, Session, contains_eager, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.database import Base
from tenant_app.groups.models import Booking, GroupSession, Standing

LONGEST = 200
"""Letters of each."""


class GroupNeeds(Base):
    """One tenant's needs in groups, in their own words. Goes when the tenant is erased."""

    __tablename__ = "group_needs"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"), primary_key=True)
    access: Mapped[str] = mapped_column(String(LONGEST), default="")
    """Getting in, sitting, hearing, seeing: `A chair with arms`."""
    interpreter: Mapped[str] = mapped_column(String(10), default="")
    """Code of the language to be interpreted to and from; empty if none is."""
    food: Mapped[str] = mapped_column(String(LONGEST), default="")
    """`No pork, no nuts`."""
    said_at: Mapped[datetime] = mapped_column(default=clock.now)

    tenant: Mapped[Tenant] = relationship()

    @classmethod
    def of(cls, session: Session, tenant: Tenant) -> GroupNeeds:
        """This tenant's; new and empty where nothing was said yet, and then kept only if something is."""
        return session.get(cls, tenant.id) or cls(tenant_id=tenant.id, access="", interpreter="", food="")

    @property
    def anything(self) -> bool:
        """Whether anything was said at all."""
        return bool(self.access or self.interpreter or self.food)

    def say(self, session: Session, *, access: str, interpreter: str, food: str) -> None:
        """Keep what is needed from now on; with nothing, keep nothing."""
        # Two taps at the same moment queue here; the second then finds what the first said.
        people = Tenant.__table__
        session.execute(select(people.c.id).where(people.c.id == self.tenant_id).with_for_update(key_share=True))
        kept = session.get(GroupNeeds, self.tenant_id, populate_existing=True) or self
        kept.access, kept.interpreter, kept.food, kept.said_at = access, interpreter, food, clock.now()
        if kept.anything:
            session.add(kept)
        elif kept in session:
            session.delete(kept)
        session.flush()


def coming_with_needs(session: Session, group_session: GroupSession) -> list[tuple[Booking, GroupNeeds | None]]:
    """Who has a place in this session and needs something there, or brings a supporter, by name.

    `group_session` was found among `GroupSession.run_by(worker)`. Empty as long as it is further off than
    `NEEDS_SHOWN`, and once it is over or called off: then there is nothing to prepare. Who waits, gave a place back or
    walked in shows nothing.
    """
    if not group_session.needs_shown:
        return []
    found = session.execute(
        select(Booking, GroupNeeds)
        .join(Booking.tenant)
        .outerjoin(GroupNeeds, GroupNeeds.tenant_id == Booking.tenant_id)
        .options(contains_eager(Booking.tenant))
        .where(
            Booking.session_id == group_session.id,
            Booking.standing == Standing.PLACE,
            or_(GroupNeeds.tenant_id.is_not(None), Booking.supporter.is_(True)),
        )
        .order_by(Tenant.name, Tenant.id)
    )
    return [(booking, needs) for booking, needs in found]
