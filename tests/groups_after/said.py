"""Sessions that many came to, and what they said of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.groups.after.feedback import (
    answer,
)
from tenant_app.groups.after.models import Said, SessionFeedback
from tenant_app.groups.booking import book_place
from tenant_app.groups.models import GroupSession
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups.programme import neighbours, plan
from tests.groups_after.after import booking_of

SECRET = "the house's seal"
GOOD = {"helped": "yes", "welcome": "partly", "words": "The soup was good"}


def crowd(session: Session, cast: Cast, count: int) -> tuple[GroupSession, Sequence[Tenant]]:
    """A session of yesterday that so many neighbours came to."""
    people = neighbours(session, cast, count)
    with clock.stopped_at(THURSDAY - timedelta(days=4)):
        planned = plan(session, cast, starts_at=THURSDAY - timedelta(days=1), capacity=count)
        for tenant in people:
            book_place(session, tenant, planned)
    return planned, people


def say(session: Session, tenant: Tenant, it: GroupSession, words: str = "", helped: Said = Said.YES) -> None:
    answer(session, booking_of(session, tenant, it), SECRET, helped=helped, welcome=Said.YES, words=words)


def kept(session: Session) -> list[SessionFeedback]:
    found = session.scalars(select(SessionFeedback).execution_options(populate_existing=True)).all()
    session.commit()
    return list(found)
