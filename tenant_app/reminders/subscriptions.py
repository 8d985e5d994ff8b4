"""Which browsers a person lets us wake. An endpoint is a browser's: whoever signs in there takes it over."""

from __future__ import annotations

import enum
from typing import Any, cast

from sqlalchemy import CursorResult, case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Person
from tenant_app.database import new_id
from tenant_app.reminders.endpoints import check, check_keys, service_of
from tenant_app.reminders.models import LostChannel, Subscription
from tenant_app.settings import Settings

MOST_BROWSERS = 10
"""How many browsers of one person are woken; the oldest make room. More than anyone has, and a bound on what
one person can make the worker do."""


def subscribe(
    session: Session, person: Person, endpoint: str, p256dh: str, auth: str, device: str, settings: Settings, *,
    signed_with: str = "",
) -> Subscription:  # fmt: skip
    """Let this browser be woken for `person`, and for nobody else any more. Doing so twice is doing so once.

    `signed_with` is the public VAPID key that the browser subscribed with. Raises `BadEndpoint` or `BadKeys`.
    """
    host = check(endpoint, settings).raw_host or ""
    p256dh, auth = check_keys(p256dh, auth)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    given: dict[str, Any] = {
        "person_id": person.id, "p256dh": p256dh, "auth": auth, "device": device[:60], "made_at": clock.now(),
        "worked_at": None, "failing_since": None, "signed_with": signed_with,
        "service": service_of(host, settings)[:80],
    }  # fmt: skip
    named = case((Subscription.person_id == person.id, Subscription.own_name), else_="")  # not by whoever had it before
    # One statement: a browser that asks twice at once, or for two people in turn, must not meet itself.
    session.execute(
        insert(Subscription)
        .values(id=new_id(), endpoint=endpoint, **given)
        .on_conflict_do_update(index_elements=[Subscription.endpoint], set_={**given, "own_name": named})
    )
    known = select(Subscription).where(Subscription.endpoint == endpoint)
    found = session.scalars(known.execution_options(populate_existing=True)).one()
    for lost in session.scalars(LostChannel.of(person).where(LostChannel.device == found.device)):
        lost.see()
    _make_room(session, person)
    return found


def wakes_any(session: Session, person: Person) -> bool:
    """Whether any browser is woken for this person."""
    return session.scalar(select(Subscription.id).where(Subscription.person_id == person.id).limit(1)) is not None


class Standing(enum.StrEnum):
    """What a browser that still has a subscription should do about it."""

    STANDS = "stands"
    RENEW = "renew"
    """Subscribe anew: it was made with a key that is no longer ours, or its push service gave it up."""
    OVER = "over"
    """Let go of it: its owner turned this phone off, or it was somebody else's."""


def standing_of(
    session: Session, person: Person, endpoint: str, signed_with: str, device: str, newest_key: str
) -> Standing:
    """How a browser's subscription stands with us, asked when the app is opened on it.

    A phone that its owner turned off stays off; one whose push service told us that it is gone comes back by itself.
    """
    known = session.scalar(
        select(Subscription).where(Subscription.person_id == person.id, Subscription.endpoint == endpoint)
    )
    if known is not None:
        return Standing.STANDS if signed_with == newest_key else Standing.RENEW
    given_up = select(LostChannel.id).where(LostChannel.person_id == person.id, LostChannel.device == device)
    return Standing.OVER if session.scalar(given_up.limit(1)) is None else Standing.RENEW


def unsubscribe(session: Session, person: Person, endpoint: str) -> bool:
    """Wake this browser no longer. Returns whether it was one of theirs; somebody else's is left alone."""
    if not (endpoint.isascii() and endpoint.isprintable()):
        return False  # PostgreSQL refuses null bytes, and no endpoint has any
    return bool(_drop(session, Subscription.person_id == person.id, Subscription.endpoint == endpoint))


def unsubscribe_device(session: Session, person: Person, device: str) -> int:
    """Wake no browser of that name any more: a phone that was signed out from another. Returns how many there were."""
    return _drop(session, Subscription.person_id == person.id, Subscription.device == device)


def drop_all(session: Session, person: Person) -> int:
    """Wake none of a person's browsers any more: they sign out everywhere, or leave. Returns how many there
    were."""
    return _drop(session, Subscription.person_id == person.id)


def note_loss(session: Session, person: Person, device: str) -> None:
    """A browser of theirs takes reminders no longer: they are told in the app until they have seen it."""
    session.add(LostChannel(person_id=person.id, device=device[:60], lost_at=clock.now()))


def lost_channels(session: Session, person: Person) -> list[LostChannel]:
    """Browsers that stopped taking reminders and that this person has not been told about, newest first."""
    return list(session.scalars(LostChannel.of(person)))


def _make_room(session: Session, person: Person) -> None:
    oldest = session.scalars(
        select(Subscription.id)
        .where(Subscription.person_id == person.id)
        .order_by(Subscription.made_at.desc(), Subscription.id.desc())
        .offset(MOST_BROWSERS)
    ).all()
    if oldest:
        _drop(session, Subscription.id.in_(oldest))


def _drop(session: Session, *which: Any) -> int:
    dropped = session.execute(delete(Subscription).where(*which), execution_options={"synchronize_session": "fetch"})
    return cast("CursorResult[Any]", dropped).rowcount
