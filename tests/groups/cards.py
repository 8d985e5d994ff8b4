"""What a page shows of one session, and what a tenant has there."""

from __future__ import annotations

import re
from uuid import UUID

from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant
from tenant_app.groups.models import Booking, GroupSession
from tests.cast import Cast

HTMX = {"HX-Request": "true"}


def standing(session: Session, cast: Cast, group_session: GroupSession) -> str:
    """Amina's: `place`, `waiting`, and so on, or `nothing`."""
    amina = session.get_one(Tenant, cast.amina.id)
    booking = session.scalars(
        Booking.of(amina).where(Booking.session_id == group_session.id).execution_options(populate_existing=True)
    ).one_or_none()
    session.commit()  # on SQLite a transaction left open would keep the door waiting
    return booking.standing.value if booking else "nothing"


def card(page: str, session_id: UUID) -> str:
    """The card of one session on a page."""
    found = re.search(rf'<article[^>]*id="session-{session_id}".*?</article>', page, re.S)
    assert found
    return found[0]
