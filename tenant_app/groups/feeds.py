"""A tenant's private calendar feed: an address that nobody can guess, and that can be taken back."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.database import Base


class CalendarFeed(Base):
    """One tenant's feed. Of its address only a hash is kept: it is shown once, when it is made."""

    __tablename__ = "calendar_feed"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    named: Mapped[bool] = mapped_column(default=False)
    """Whether entries say what they are. A calendar is shown on locked phones and shared with families."""
    made_at: Mapped[datetime]

    tenant: Mapped[Tenant] = relationship()

    @classmethod
    def of(cls, session: Session, tenant: Tenant) -> CalendarFeed | None:
        """This tenant's; None where there is none."""
        return session.get(cls, tenant.id)

    @classmethod
    def behind(cls, session: Session, token: str) -> CalendarFeed | None:
        """The feed of an address, as long as it was not taken back or renewed, and its tenant lives here."""
        known = select(cls).options(joinedload(cls.tenant)).where(cls.token_hash == _hash(token))
        feed = session.scalars(known).one_or_none()
        return feed if feed is not None and feed.tenant.left_at is None else None

    @classmethod
    def make(cls, session: Session, tenant: Tenant, *, named: bool) -> str:
        """Make an address, or a new one in place of the old. Returns the token in it, which is kept nowhere."""
        token = secrets.token_urlsafe(32)
        # Two first taps at the same moment queue here; the second then finds the feed of the first.
        people = Tenant.__table__
        session.execute(select(people.c.id).where(people.c.id == tenant.id).with_for_update(key_share=True))
        feed = session.get(cls, tenant.id, populate_existing=True)
        if feed is None:
            feed = cls(tenant_id=tenant.id)
            session.add(feed)
        feed.token_hash, feed.named, feed.made_at = _hash(token), named, clock.now()
        session.flush()
        return token

    @classmethod
    def revoke(cls, session: Session, tenant: Tenant) -> None:
        """The address leads nowhere from now on. Without one nothing changes."""
        feed = cls.of(session, tenant)
        if feed is not None:
            session.delete(feed)
            session.flush()


def _hash(token: str) -> str:
    # Long and random, so that a plain hash is enough: there is nothing to try out.
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
