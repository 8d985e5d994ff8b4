"""A group that meets online: its link is for those who have a place."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.groups.feeds import CalendarFeed
from tenant_app.groups.models import GroupSession
from tenant_app.groups.rules import book_place, call_off, cancel_place, join_waiting_list
from tests.cast import Cast
from tests.groups.programme import plan
from tests.programme.series import series
from tests.programme.test_planning_pages import asked

LINK = "https://meet.example/cook"


@pytest.fixture
def online(session: Session, cast: Cast) -> GroupSession:
    """Cooking with no place but a link, for one, with an interpreter for Somali."""
    return series(session, cast, place="", link=LINK, capacity=1, interpreter=("so",))[0]


def test_the_link_is_for_those_who_have_a_place(
    tenant_door: Flask, session: Session, cast: Cast, amina: Tenant
) -> None:
    online = series(
        session, cast, place="", link="https://meet.example/cook", access_note="Captions are on", interpreter=("so",)
    )[0]
    book_place(session, amina, online)
    session.commit()
    address = f"/groups/{online.id}"

    hers, his = (cast.at(tenant_door, each).get(address).text for each in (cast.amina, cast.tomasz))

    assert 'href="https://meet.example/cook"' in hers
    assert "meet.example" not in his
    assert "meet.example" not in cast.at(tenant_door, cast.tomasz).get("/groups?show=all").text
    for page in (hers, his):
        assert "Online. With" in page
        assert "Captions are on" in page
        assert "Soomaali" in page


def entries(session: Session, tenant_door: Flask, cast: Cast, tenant: Tenant, *, named: bool) -> list[dict[str, str]]:
    """What the feed of a tenant says, entry by entry."""
    token = CalendarFeed.make(session, tenant, named=named)
    session.commit()
    written = cast.at(tenant_door, None).get(f"/groups/feed/{token}.ics").data
    return [{name: str(each[name]) for name in each} for each in Calendar.from_ical(written).walk("VEVENT")]


def test_a_calendar_has_the_link_for_who_has_a_place(
    tenant_door: Flask, session: Session, cast: Cast, amina: Tenant, online: GroupSession
) -> None:
    book_place(session, amina, online)
    [entry] = entries(session, tenant_door, cast, amina, named=True)

    assert (entry["LOCATION"], entry["URL"]) == (LINK, LINK)
    assert entry["DESCRIPTION"].endswith(f"/groups/{online.id}")
    amina.named_on_lock_screen = True
    session.commit()
    assert LINK in cast.at(tenant_door, cast.amina).get(f"/groups/{online.id}/session.ics").text


def test_where_one_may_also_come_the_place_is_the_place(
    tenant_door: Flask, session: Session, cast: Cast, amina: Tenant
) -> None:
    book_place(session, amina, series(session, cast, link=LINK)[0])
    [entry] = entries(session, tenant_door, cast, amina, named=True)

    assert (entry["LOCATION"], entry["URL"]) == ("Kitchen, ground floor", LINK)


def test_a_calendar_that_names_nothing_has_no_link(
    tenant_door: Flask, session: Session, cast: Cast, amina: Tenant, online: GroupSession
) -> None:
    book_place(session, amina, online)
    [entry] = entries(session, tenant_door, cast, amina, named=False)

    assert "LOCATION" not in entry
    assert LINK not in str(entry)


def test_who_waits_or_gave_the_place_back_has_no_link_in_a_calendar(
    tenant_door: Flask, session: Session, cast: Cast, amina: Tenant, tomasz: Tenant, online: GroupSession
) -> None:
    amina.named_on_lock_screen = True
    book_place(session, amina, online)
    cancel_place(session, amina, online)
    book_place(session, tomasz, online)
    join_waiting_list(session, amina, online)
    assert entries(session, tenant_door, cast, amina, named=True) == []
    file = cast.at(tenant_door, cast.amina).get(f"/groups/{online.id}/session.ics")

    assert file.status_code == 200
    assert "STATUS:CANCELLED" in file.text
    assert "meet.example" not in file.text


def test_what_is_called_off_leads_nowhere(
    tenant_door: Flask, session: Session, cast: Cast, amina: Tenant, online: GroupSession
) -> None:
    book_place(session, amina, online)
    call_off(session, online)
    [entry] = entries(session, tenant_door, cast, amina, named=True)

    assert entry["STATUS"] == "CANCELLED"
    assert LINK not in str(entry)


def test_it_is_found_as_a_place_and_by_the_language_of_its_interpreter(
    tenant_door: Flask, session: Session, cast: Cast, online: GroupSession
) -> None:
    kitchen = plan(session, cast)
    session.commit()
    phone = cast.at(tenant_door, cast.amina)

    for choice in ("place=@online", "language=so"):
        page = phone.get(f"/groups?show=all&{choice}").text
        assert f"session-{online.id}" in page
        assert f"session-{kitchen.id}" not in page
        assert "Interpreter:" in page
    assert re.search(r'<option value="@online"[^>]*>Online</option>', page)
    assert '<option value=""></option>' not in page
    assert "@online" not in phone.get("/groups?show=all&place=@online").text.partition("<details")[0].replace(
        "place=@online", ""
    ).replace("place=%40online", "")


def test_no_page_has_a_blank_where_a_place_would_be(
    tenant_door: Flask, staff_door: Flask, session: Session, cast: Cast, amina: Tenant, online: GroupSession
) -> None:
    book_place(session, amina, online)
    session.commit()
    with clock.stopped_at(online.starts_at):
        joana, nasrin = cast.at(staff_door, cast.joana), cast.at(staff_door, cast.nasrin)
        hers = cast.at(tenant_door, cast.amina)
        pages = [
            joana.get("/registers").text, nasrin.get("/registers").text, joana.get(f"/registers/{online.id}/sheet").text,
            hers.get("/").text, hers.get("/groups").text, hers.get(f"/groups/{online.id}").text,
        ]  # fmt: skip

    for page in pages:
        assert "Online" in page or "It is online." in page
        assert "<bdi></bdi>" not in page
    assert "There may be steps" not in pages[-1]


def test_online_typed_as_a_place_is_no_room_that_two_groups_would_share(
    staff_door: Flask, session: Session, cast: Cast
) -> None:
    nasrin = cast.at(staff_door, cast.nasrin)
    leads = {cast.joana.id: LINK, cast.marek.id: "https://meet.example/walk"}
    answers = [
        nasrin.post("/programme/new", data=asked(cast, lead=str(lead), place=" online", link=link))
        for lead, link in leads.items()
    ]

    assert [each.status_code for each in answers] == [303, 303]
    assert set(session.scalars(select(GroupSession.place))) == {""}
