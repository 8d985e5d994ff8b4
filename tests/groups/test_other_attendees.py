"""Who else comes to a group is nobody's to know: of the names and needs of others nothing reaches a tenant, anywhere.

Each tenant of the lived-in house is given a name and needs that no page would show by chance. Then those who take part
most walk through all of the tenants' door, and one does everything that can be done about a place, in a crowd.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tenant_app.accounts.entry import Visit
from tenant_app.accounts.gate import COOKIES
from tenant_app.accounts.models import Tenant
from tenant_app.database import Database
from tenant_app.demo.history import settle_in
from tenant_app.groups.booking import book_place, cancel_place
from tenant_app.groups.meetings.models import AgendaItem
from tenant_app.groups.models import Booking, GroupSession, Standing
from tenant_app.groups.needs import GroupNeeds
from tenant_app.groups.register.check_in import token_of
from tenant_app.groups.rules import call_off
from tenant_app.groups.waiting import join_waiting_list
from tenant_app.keys import open_keys
from tenant_app.reminders.models import Notice
from tenant_app.reminders.wording import full_words, lock_screen_words
from tenant_app.settings import Settings
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.crawl import crawl
from tests.groups.programme import fill, neighbours, plan

HTMX = {"HX-Request": "true"}
REACHED = {
    "groups.index", "groups.show", "group_calendar.one", "group_calendar.show", "group_needs.keep", "missed.telling",
}  # fmt: skip
"""Of the groups' pages, those that every tenant with a place finds by links alone."""


@dataclass
class Canaries:
    """Strings of each tenant that stand nowhere else."""

    of: dict[UUID, set[str]] = field(default_factory=dict)

    def plant(self, session: Session, tenant: Tenant, number: int) -> None:
        """Name and needs of this tenant. What they were called before is looked for too: a notice may have kept it."""
        words = [f"{word}{number:02}" for word in ("Quentin", "Canarysson", "Lakritz", "Zwieback")]
        first, last, access, food = words
        self.of[tenant.id] = {*words, tenant.name} if " " in tenant.name else set(words)
        tenant.name, tenant.known_as = f"{first} {last}", first
        GroupNeeds.of(session, tenant).say(session, access=f"A chair, {access}", interpreter="so", food=food)

    def strange(self, text: str, mine: UUID) -> set[str]:
        """Whatever in a text belongs to another tenant."""
        return {word for tenant, words in self.of.items() if tenant != mine for word in words if word in text}


def leaks(canaries: Canaries, mine: UUID, answers: dict[str, TestResponse]) -> list[tuple[str, set[str]]]:
    """(where, what) of every answer with something of another tenant's, its headers included."""
    found = []
    for where, answer in answers.items():
        text = answer.get_data().decode(errors="replace") + str(answer.headers)
        if strange := canaries.strange(text, mine):
            found.append((where, strange))
    return found


@pytest.fixture
def house(database: Database, settings: Settings) -> Canaries:
    """The demo house after six weeks, with a canary in each tenant."""
    canaries = Canaries()
    with database.step() as session:
        settle_in(session, settings, open_keys(settings.instance), THURSDAY)
        for number, tenant in enumerate(session.scalars(select(Tenant).order_by(Tenant.id))):
            canaries.plant(session, tenant, number)
        # Who lets their name stand beside what they put on an agenda has said that neighbours may read it.
        session.execute(update(AgendaItem).values(named=False))
    return canaries


def test_no_page_of_the_lived_in_house_shows_another_tenants_name_or_needs(
    house: Canaries, database: Database, tenant_door: Flask
) -> None:
    matching, reached = tenant_door.url_map.bind("localhost"), set()
    for tenant in _busiest(database, 3):
        with database.step() as session:
            visit, secret = Visit.begin(session.get_one(Tenant, tenant.id), "tenant")
            session.add(visit)
        client = tenant_door.test_client()
        client.set_cookie(COOKIES["tenant"], secret)
        pages = crawl(tenant_door, client, each=3, most=150)
        assert leaks(house, tenant.id, pages) == []
        endpoints = {matching.match(address.split("?")[0], method="GET")[0] for address in pages}
        reached |= endpoints
        assert {"groups.index", "group_needs.keep"} <= endpoints
        assert any(word in pages["/groups/needs"].text for word in house.of[tenant.id]), "their own they do see"
    assert reached >= REACHED


def _busiest(database: Database, count: int) -> list[Tenant]:
    """Those with the most places, whose pages say most."""
    with database.session(reads_only=True) as session:
        bookings = select(func.count()).where(Booking.tenant_id == Tenant.id).scalar_subquery()
        return list(session.scalars(select(Tenant).order_by(bookings.desc(), Tenant.id).limit(count)))


@pytest.fixture
def crowd(session: Session, cast: Cast) -> Canaries:
    """Amina among neighbours, who have booked, wait, have been offered a place, walk in and gave back."""
    canaries = Canaries()
    for number, tenant in enumerate(session.scalars(select(Tenant).order_by(Tenant.id))):
        canaries.plant(session, tenant, number)
    return canaries


def _watched(session: Session, cast: Cast, canaries: Canaries, group_session: GroupSession, waiting: int) -> None:
    """Fill it, and have so many more wait, all of them with canaries."""
    several = fill(session, cast, group_session)
    waiters = neighbours(session, cast, waiting)
    for tenant in waiters:
        join_waiting_list(session, tenant, group_session)
    for tenant in (*several, *waiters):
        canaries.plant(session, tenant, len(canaries.of))


def test_nothing_one_does_about_a_place_shows_who_else_is_there(
    session: Session, cast: Cast, crowd: Canaries, tenant_door: Flask, amina: Tenant, settings: Settings
) -> None:
    kinds = ("cooking-together", "mindfulness", "walk-and-talk")
    full, offered, off = (plan(session, cast, kind, capacity=3) for kind in kinds)
    now = plan(session, cast, capacity=6, starts_at=THURSDAY + timedelta(minutes=30))
    for group_session, waiting in ((full, 3), (now, 0)):
        _watched(session, cast, crowd, group_session, waiting)
    _watched(session, cast, crowd, offered, 0)
    join_waiting_list(session, amina, offered)
    _watched_more(session, cast, crowd, offered)
    giving = session.scalars(
        select(Booking).where(Booking.session_id == offered.id, Booking.standing == Standing.PLACE)
    ).first()
    assert giving
    cancel_place(session, giving.tenant, offered)
    book_place(session, amina, off)
    _watched(session, cast, crowd, off, 2)
    call_off(session, off)
    mine, code = amina.id, token_of(open_keys(settings.instance), now)
    paths = {name: f"/groups/{each.id}" for name, each in (("full", full), ("offered", offered), ("off", off))}
    session.commit()
    phone = cast.at(tenant_door, cast.amina)
    answers = _everything_done(phone, paths, code)

    assert answers["full booked=1, plain"].status_code == 409
    assert {answer.status_code for answer in answers.values()} <= {200, 303, 404, 409}
    assert leaks(crowd, mine, answers) == []
    with tenant_door.test_request_context():
        notices = session.scalars(select(Notice).where(Notice.tenant_id == mine)).all()
        told = [f"{each.facts} {full_words(each)} {lock_screen_words(each, named=True)}" for each in notices]
    assert told
    assert [text for text in told if crowd.strange(text, mine)] == []


def _watched_more(session: Session, cast: Cast, canaries: Canaries, group_session: GroupSession) -> None:
    """Somebody waits behind."""
    [behind] = neighbours(session, cast, 1)
    join_waiting_list(session, behind, group_session)
    canaries.plant(session, behind, len(canaries.of))


def _everything_done(phone: FlaskClient, paths: dict[str, str], code: str) -> dict[str, TestResponse]:
    """Every answer that Amina gets, by what she did."""
    answers = {}
    acts = ("booked=1", "booked=1&supported=1", "supporter=1", "waiting=1", "waiting=0", "booked=0", "waiting=1")
    for name, path in paths.items():
        answers[f"{name} before"] = phone.get(path)
        for act in acts:
            data = dict(pair.split("=") for pair in act.split("&"))
            answers[f"{name} {act}, htmx"] = phone.post(f"{path}/place", data=data, headers=HTMX)
            answers[f"{name} {act}, plain"] = phone.post(f"{path}/place", data={**data, "from": "session"})
        answers[f"{name} after"] = phone.get(path)
        answers[f"{name} calendar"] = phone.get(f"{path}/session.ics")
    answers["check in"] = phone.get(f"/check-in/{code}")
    answers["checked in"] = phone.post(f"/check-in/{code}", data={"here": "1"}, follow_redirects=True)
    made = answers["feed made"] = phone.post("/groups/calendar", data={"named": "1"})
    feed = re.search(r"/groups/feed/[^\"]+\.ics", made.text)
    assert feed
    answers["feed"] = phone.get(feed[0])
    answers["nowhere"] = phone.get("/groups/nowhere")
    for address in ("/", "/groups", "/groups?show=all", "/groups?show=booked", "/reminders", "/groups/needs"):
        answers[address] = phone.get(address)
    return answers


def test_the_crawl_would_find_a_name_that_slipped_in(
    session: Session, cast: Cast, crowd: Canaries, tenant_door: Flask, tomasz: Tenant
) -> None:
    plan(session, cast, place=f"{tomasz.known_as}'s flat")
    mine = cast.amina.id
    session.commit()

    pages = crawl(tenant_door, cast.at(tenant_door, cast.amina), "/groups", each=2, most=20)

    assert {word for _, found in leaks(crowd, mine, pages) for word in found} == {"Quentin01"}
