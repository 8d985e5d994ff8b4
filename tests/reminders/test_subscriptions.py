"""A browser is woken for whoever is signed in on it, and for nobody else."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Person
from tenant_app.database import Database
from tenant_app.reminders.endpoints import BadEndpoint, BadKeys
from tenant_app.reminders.models import LostChannel, Subscription
from tenant_app.reminders.subscriptions import (
    MOST_BROWSERS,
    Standing,
    drop_all,
    lost_channels,
    note_loss,
    replaced,
    standing_of,
    subscribe,
    turn_off,
    unsubscribe,
    unsubscribe_device,
)
from tenant_app.settings import Settings
from tests.cast import Cast
from tests.reminders.conftest import Office
from tests.reminders.receiver import Phone, Receiver


@pytest.fixture
def phone(receiver: Receiver) -> Callable[[], Phone]:
    return lambda: receiver.phone("")


@pytest.fixture
def people(session: Session, cast: Cast) -> tuple[Person, Person]:
    return session.get_one(Person, cast.amina.id), session.get_one(Person, cast.tomasz.id)


def _subscribe(session: Session, person: Person, to: Phone, settings: Settings, device: str = "Chrome") -> Subscription:
    return subscribe(session, person, to.endpoint, to.p256dh, to.auth, device, settings)


def _owners(session: Session) -> dict[str, str]:
    return {one.endpoint: one.person.known_as for one in session.scalars(select(Subscription))}


def test_the_next_person_to_sign_in_takes_the_browser_over(
    session: Session, people: tuple[Person, Person], phone: Callable[[], Phone], settings: Settings
) -> None:
    amina, tomasz = people
    shared = phone()
    first = _subscribe(session, amina, shared, settings)
    first.failing_since = first.worked_at = clock.now()
    session.flush()
    second = _subscribe(session, tomasz, shared, settings)
    assert _owners(session) == {shared.endpoint: "Tomasz"}
    assert (second.failing_since, second.worked_at) == (None, None)


def test_subscribing_twice_keeps_one_with_the_newest_keys(
    session: Session, people: tuple[Person, Person], phone: Callable[[], Phone], settings: Settings
) -> None:
    old, new = phone(), phone()
    _subscribe(session, people[0], old, settings)
    kept = subscribe(session, people[0], old.endpoint, new.p256dh + "=", new.auth + "==", "x" * 500, settings)
    assert (kept.p256dh, kept.auth, kept.device) == (new.p256dh, new.auth, "x" * 60)
    assert len(_owners(session)) == 1


def test_a_browser_that_asks_for_two_people_at_once_ends_with_one(
    database: Database, cast: Cast, phone: Callable[[], Phone], settings: Settings
) -> None:
    shared, start, failed = phone(), threading.Barrier(4), []

    def ask(person: Person) -> None:
        start.wait(30)
        try:
            with database.step() as session:
                _subscribe(session, session.get_one(Person, person.id), shared, settings)
        except Exception as error:
            failed.append(error)

    asking = [threading.Thread(target=ask, args=(person,)) for person in (cast.amina, cast.tomasz) * 2]
    for one in asking:
        one.start()
    for one in asking:
        one.join(60)
    assert failed == []
    with database.session() as session:
        assert len(_owners(session)) == 1


def test_bad_endpoints_and_keys_are_not_kept(
    session: Session, people: tuple[Person, Person], phone: Callable[[], Phone], settings: Settings
) -> None:
    good = phone()
    with pytest.raises(BadEndpoint):
        subscribe(session, people[0], "https://evil.example/x", good.p256dh, good.auth, "", settings)
    with pytest.raises(BadKeys):
        subscribe(session, people[0], good.endpoint, good.auth, good.p256dh, "", settings)
    assert _owners(session) == {}


def test_nobody_turns_off_another_persons_browser(
    session: Session, people: tuple[Person, Person], phone: Callable[[], Phone], settings: Settings
) -> None:
    amina, tomasz = people
    hers = phone()
    _subscribe(session, amina, hers, settings)
    assert unsubscribe(session, tomasz, hers.endpoint) is False
    assert _owners(session) == {hers.endpoint: "Amina"}
    assert unsubscribe(session, amina, hers.endpoint) is True
    assert unsubscribe(session, amina, hers.endpoint) is False


def test_signing_out_everywhere_leaves_no_browser_of_hers_and_all_of_his(
    session: Session, people: tuple[Person, Person], phone: Callable[[], Phone], settings: Settings
) -> None:
    amina, tomasz = people
    his = phone()
    for one in (phone(), phone()):
        _subscribe(session, amina, one, settings)
    _subscribe(session, tomasz, his, settings)
    assert drop_all(session, amina) == 2
    assert _owners(session) == {his.endpoint: "Tomasz"}


def test_the_oldest_browsers_make_room(
    session: Session, people: tuple[Person, Person], phone: Callable[[], Phone], settings: Settings
) -> None:
    phones = [phone() for _ in range(MOST_BROWSERS + 2)]
    for minutes, one in enumerate(phones):
        with clock.stopped_at(clock.now() + timedelta(minutes=minutes)):
            _subscribe(session, people[0], one, settings)
    assert set(_owners(session)) == {one.endpoint for one in phones[2:]}


def test_a_lost_browser_is_told_until_it_was_seen_or_turned_on_again(
    session: Session, people: tuple[Person, Person], phone: Callable[[], Phone], settings: Settings
) -> None:
    amina, tomasz = people
    session.add_all(LostChannel(person_id=amina.id, device=device) for device in ("Chrome", "Safari", "Firefox"))
    session.flush()
    assert len(lost_channels(session, amina)) == 3
    assert lost_channels(session, tomasz) == []
    _subscribe(session, amina, phone(), settings, "Safari")
    assert {one.device for one in lost_channels(session, amina)} == {"Chrome", "Firefox"}
    lost_channels(session, amina)[0].see()
    session.flush()
    assert len(lost_channels(session, amina)) == 1


@pytest.mark.parametrize(
    ("known", "lost", "signed_with", "standing"),
    [
        (True, False, "newest", Standing.STANDS),
        (True, False, "of yesterday", Standing.RENEW),
        (False, True, "newest", Standing.RENEW),
        (False, False, "newest", Standing.OVER),
    ],
)
def test_a_phone_that_asks_how_it_stands_is_told_what_to_do(
    office: Office, known: bool, lost: bool, signed_with: str, standing: Standing
) -> None:
    phone = office.phone(office.cast.amina)
    with office.database.step() as session:
        amina = session.get_one(Person, office.cast.amina.id)
        if not known:
            unsubscribe(session, amina, phone.endpoint)
        if lost:
            note_loss(session, amina, "Chrome, Android")
        session.flush()
        told = standing_of(session, amina, phone.endpoint, signed_with, "Chrome, Android", "newest")

    assert told is standing


@pytest.mark.parametrize("how", ["from the list", "by its name", "all at once"])
def test_a_phone_that_was_lost_once_and_turned_off_later_stays_off(office: Office, how: str) -> None:
    chrome = "Chrome, Android"
    with office.database.step() as session:
        note_loss(session, session.get_one(Person, office.cast.amina.id), chrome)
        note_loss(session, session.get_one(Person, office.cast.tomasz.id), chrome)
    phone, his = office.phone(office.cast.amina), office.phone(office.cast.tomasz)
    with office.database.step() as session:
        amina, tomasz = (session.get_one(Person, one.id) for one in (office.cast.amina, office.cast.tomasz))
        if how == "from the list":
            turn_off(session, session.scalars(select(Subscription).where(Subscription.person_id == amina.id)).one())
        elif how == "by its name":
            assert unsubscribe_device(session, amina, chrome) == 1
        else:
            assert drop_all(session, amina) == 1
        session.flush()

        assert _owners(session) == {his.endpoint: "Tomasz"}
        assert standing_of(session, amina, phone.endpoint, "newest", chrome, "newest") is Standing.OVER
        replaced(session, tomasz, his.endpoint)
        assert standing_of(session, tomasz, his.endpoint, "newest", chrome, "newest") is Standing.RENEW


def test_a_phone_that_took_another_subscription_leaves_the_news_of_a_lost_twin(office: Office) -> None:
    phone = office.phone(office.cast.amina)
    with office.database.step() as session:
        amina = session.get_one(Person, office.cast.amina.id)
        note_loss(session, amina, "Chrome, Android")
        assert replaced(session, amina, phone.endpoint)
        assert len(lost_channels(session, amina)) == 1


@pytest.mark.parametrize("lost", [False, True])
def test_somebody_elses_subscription_is_let_go_of(office: Office, lost: bool) -> None:
    phone = office.phone(office.cast.tomasz)
    with office.database.step() as session:
        amina = session.get_one(Person, office.cast.amina.id)
        if lost:
            note_loss(session, amina, "Chrome")
            session.flush()
        assert standing_of(session, amina, phone.endpoint, "newest", "Chrome", "newest") is Standing.OVER
