"""Which browsers a person lets us wake. An endpoint is a browser's: whoever signs in there takes it over."""

from __future__ import annotations

import enum
from typing import Any, cast
from uuid import UUID

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
    owner = session.scalar(select(Subscription.person_id).where(Subscription.endpoint == endpoint))
    if owner == person.id:
        return Standing.STANDS if signed_with == newest_key else Standing.RENEW
    if owner is not None:
        return Standing.OVER
    given_up = select(LostChannel.id).where(LostChannel.person_id == person.id, LostChannel.device == device)
    return Standing.OVER if session.scalar(given_up.limit(1)) is None else Standing.RENEW


def turn_off(session: Session, browser: Subscription) -> None:
    """Its owner wants this browser woken no more."""
    _turn_off(session, browser.person_id, Subscription.id == browser.id)


def unsubscribe(session: Session, person: Person, endpoint: str) -> bool:
    """Wake this browser no longer. Returns whether it was one of theirs; somebody else's is left alone."""
    if not _may_be_known(endpoint):
        return False
    return bool(_turn_off(session, person.id, Subscription.endpoint == endpoint))


def unsubscribe_device(session: Session, person: Person, device: str) -> int:
    """Wake no browser of that name any more: a phone that was signed out from another. Returns how many there were."""
    _forget_losses(session, person.id, LostChannel.device == device)
    return _drop(session, Subscription.person_id == person.id, Subscription.device == device)


def drop_all(session: Session, person: Person) -> int:
    """Wake none of a person's browsers any more: they sign out everywhere, or leave. Returns how many there
    were."""
    _forget_losses(session, person.id)
    return _drop(session, Subscription.person_id == person.id)


def replaced(session: Session, person: Person, endpoint: str) -> bool:
    """A browser of theirs has another subscription in place of this one. Returns whether it was one of theirs."""
    if not _may_be_known(endpoint):
        return False
    return bool(_drop(session, Subscription.person_id == person.id, Subscription.endpoint == endpoint))


def note_loss(session: Session, person: Person, device: str) -> None:
    """A browser of theirs takes reminders no longer: they are told in the app until they have seen it."""
    session.add(LostChannel(person_id=person.id, device=device[:60], lost_at=clock.now()))


def lost_channels(session: Session, person: Person) -> list[LostChannel]:
    """Browsers that stopped taking reminders and that this person has not been told about, newest first."""
    return list(session.scalars(LostChannel.of(person)))


def _may_be_known(endpoint: str) -> bool:
    return endpoint.isascii() and endpoint.isprintable()  # PostgreSQL refuses null bytes, and no endpoint has any


def _turn_off(session: Session, person_id: UUID, *which: Any) -> int:
    ours = select(Subscription.device).where(Subscription.person_id == person_id, *which)
    _forget_losses(session, person_id, LostChannel.device.in_(ours))
    return _drop(session, Subscription.person_id == person_id, *which)


def _forget_losses(session: Session, person_id: UUID, *which: Any) -> None:
    """Or a loss of long ago would let a phone that its owner turned off turn itself on again: see `standing_of`."""
    session.execute(delete(LostChannel).where(LostChannel.person_id == person_id, *which))


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
