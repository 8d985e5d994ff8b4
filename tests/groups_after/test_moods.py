"""Two taps around a session: whose they are, when they may be made, and who sees them."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.consent import Category, Consent
from tenant_app.accounts.models import Look, Property, Tenant, Worker
from tenant_app.groups.after.models import Moment, Mood, SessionMood
from tenant_app.groups.after.moods import say_mood
from tenant_app.groups.models import Attendance, GroupSession
from tenant_app.groups.register.attendance import add_walk_in
from tenant_app.groups.rules import call_off, cancel_place
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups_after.after import HTMX, booked, booking_of, came, marked
from tests.questions import counted

TAP = 'name="mood" value="good"'


@pytest.fixture
def cooking(session: Session, cast: Cast, amina: Tenant, tomasz: Tenant) -> GroupSession:
    """This evening at six, with places for Amina and Tomasz."""
    planned = booked(session, cast, amina, tomasz, starts_at=THURSDAY + timedelta(hours=9))
    session.commit()
    return planned


def said(session: Session) -> list[tuple[str, str]]:
    kept = session.scalars(select(SessionMood).execution_options(populate_existing=True))
    found = [(each.moment.value, each.mood.value) for each in kept]
    session.commit()
    return sorted(found)


def say_mood_during(session: Session, tenant: Tenant, it: GroupSession) -> None:
    with clock.stopped_at(it.starts_at):
        say_mood(session, booking_of(session, tenant, it), Moment.AFTER, Mood.GOOD)


def tap(phone: FlaskClient, it: GroupSession, moment: str = "before", mood: str = "good", **more: object) -> int:
    return phone.post(f"/groups/{it.id}/mood", data={"moment": moment, "mood": mood}, **more).status_code  # type: ignore[arg-type]


def test_one_tap_says_it_and_another_changes_it(phone: FlaskClient, session: Session, cooking: GroupSession) -> None:
    assert TAP in phone.get(f"/groups/{cooking.id}").text

    assert tap(phone, cooking) == 303
    assert tap(phone, cooking) == 303  # a double tap
    assert said(session) == [("before", "good")]
    assert tap(phone, cooking, mood="low") == 303
    assert said(session) == [("before", "low")]
    assert tap(phone, cooking, mood="") == 303
    assert said(session) == []


def test_a_tap_answers_with_the_card_and_nothing_else(phone: FlaskClient, cooking: GroupSession) -> None:
    answer = phone.post(f"/groups/{cooking.id}/mood", data={"moment": "before", "mood": "good"}, headers=HTMX)

    assert answer.text.strip().startswith('<section class="card" id="moods"')
    assert 'value="good" aria-pressed="true"' in answer.text
    assert answer.text.count('aria-pressed="true"') == 1


@pytest.mark.parametrize(
    ("moment", "minutes", "status"),
    [
        ("before", -18 * 60 - 1, 409), ("before", -18 * 60, 303), ("before", 89, 303), ("before", 90, 409),
        ("after", -1, 409), ("after", 0, 303), ("after", 90 + 2 * 24 * 60 - 1, 303), ("after", 90 + 2 * 24 * 60, 409),
    ],
)  # fmt: skip
def test_each_is_asked_in_its_time(
    phone: FlaskClient, session: Session, cooking: GroupSession, moment: str, minutes: int, status: int
) -> None:
    starts_at = cooking.starts_at
    session.commit()
    with clock.stopped_at(starts_at + timedelta(minutes=minutes)):
        page = phone.get(f"/groups/{cooking.id}").text
        assert (f'id="{moment}-good"' in page) is (status == 303)
        assert tap(phone, cooking, moment) == status
    assert bool(said(session)) is (status == 303)


def test_it_can_be_taken_back_when_the_time_is_over(
    phone: FlaskClient, session: Session, cooking: GroupSession
) -> None:
    tap(phone, cooking)
    with clock.stopped_at(THURSDAY + timedelta(days=9)):
        assert "Take my answer back" in phone.get(f"/groups/{cooking.id}").text
        assert tap(phone, cooking, mood="") == 303
        assert 'id="moods"' not in phone.get(f"/groups/{cooking.id}").text
    assert said(session) == []


@pytest.mark.parametrize("mark", [Attendance.NOT_HERE, Attendance.SENT_WORD])
def test_who_was_elsewhere_is_not_asked(
    phone: FlaskClient, session: Session, cast: Cast, amina: Tenant, cooking: GroupSession, mark: Attendance
) -> None:
    marked(session, cast, amina, cooking, mark)
    session.commit()
    with clock.stopped_at(THURSDAY + timedelta(hours=10)):
        assert 'id="moods"' not in phone.get(f"/groups/{cooking.id}").text
        assert tap(phone, cooking, "after") == 409


def test_who_walked_in_is_asked_too(tenant_door: Flask, session: Session, cast: Cast, cooking: GroupSession) -> None:
    salma, joana = session.get_one(Tenant, cast.salma.id), session.get_one(Worker, cast.joana.id)
    with clock.stopped_at(cooking.starts_at):
        add_walk_in(session, joana, cooking, salma)
        session.commit()
        assert tap(cast.at(tenant_door, cast.salma), cooking, "after") == 303
    assert said(session) == [("after", "good")]


def test_nobody_is_asked_about_a_place_given_back_or_a_session_called_off(
    phone: FlaskClient, tenant_door: Flask, session: Session, cast: Cast, amina: Tenant, cooking: GroupSession
) -> None:
    cancel_place(session, amina, cooking)
    session.commit()
    assert tap(phone, cooking) == 409
    tomasz = cast.at(tenant_door, cast.tomasz)
    assert tap(tomasz, cooking) == 303
    call_off(session, session.get_one(GroupSession, cooking.id))
    session.commit()
    assert tap(tomasz, cooking) == 409


def test_other_peoples_sessions_are_not_there(phone: FlaskClient, session: Session, cast: Cast) -> None:
    salma = session.get_one(Tenant, cast.salma.id)
    everybodys = booked(session, cast, salma, starts_at=THURSDAY + timedelta(hours=2))
    home = session.get_one(Property, cast.mare_street.id)
    theirs = booked(session, cast, salma, starts_at=THURSDAY + timedelta(hours=2), building=home)
    session.commit()

    assert tap(phone, everybodys) == 404
    assert tap(phone, theirs) == 404
    assert phone.post(f"/groups/{uuid4()}/mood", data={"moment": "before", "mood": "good"}).status_code == 404


@pytest.mark.parametrize(
    "data", [{}, {"moment": "before"}, {"moment": "during", "mood": "good"}, {"moment": "before", "mood": "5"},
             {"mood": "good"}, {"moment": "before", "mood": "GOOD\x00"}],
)  # fmt: skip
def test_what_is_none_of_the_words_is_refused(
    phone: FlaskClient, session: Session, cooking: GroupSession, data: dict[str, str]
) -> None:
    assert phone.post(f"/groups/{cooking.id}/mood", data=data).status_code == 400
    assert said(session) == []


def test_all_of_it_stands_in_a_picture_and_in_words(
    phone: FlaskClient, session: Session, cast: Cast, amina: Tenant
) -> None:
    assert "How are you today?" in phone.get("/groups/moods").text
    for days in (9, 2):
        it = came(session, cast, amina, days_ago=days)
        with clock.stopped_at(it.starts_at):
            say_mood(session, booking_of(session, amina, it), Moment.BEFORE, Mood.LOW)
            say_mood(session, booking_of(session, amina, it), Moment.AFTER, Mood.VERY_GOOD)
    session.commit()

    page = phone.get("/groups/moods").text

    assert page.count('circle class="after"') == 3  # two sessions and the key
    assert 'role="img" aria-label="Moods before and after each session, from Tuesday 17 November to' in page
    assert page.index("24 November 2026") < page.index("17 November 2026")
    assert page.count("Very good</td>") == 2


def test_a_long_list_goes_on_to_its_last_row(phone: FlaskClient, session: Session, cast: Cast, amina: Tenant) -> None:
    for days in range(1, 42):
        it = came(session, cast, amina, days_ago=days)
        say_mood_during(session, amina, it)
    session.commit()

    pages = [phone.get(f"/groups/moods?page={number}").text for number in (1, 2, 3)]
    assert [page.count('scope="row"') for page in pages] == [20, 20, 1]
    assert "16 October 2026" in pages[2]
    assert "Page 3 of 3" in pages[2]
    for wrong in ("0", "4", "-1", "x", "٣", "9" * 30, ""):
        assert phone.get("/groups/moods", query_string={"page": wrong}).status_code == 404


def test_a_longer_list_asks_the_database_no_more(
    phone: FlaskClient, tenant_door: Flask, session: Session, cast: Cast, amina: Tenant
) -> None:
    numbers = []
    for days in (1, *range(2, 15)):
        it = came(session, cast, amina, days_ago=days)
        say_mood_during(session, amina, it)
        if days in (1, 14):
            session.commit()
            for address in ("/groups/moods", "/groups/been"):
                with counted(tenant_door) as asked:
                    phone.get(address)
                numbers.append(len(asked))

    assert numbers[:2] == numbers[2:]


def test_no_worker_sees_it_until_the_tenant_shows_it_and_then_only_the_keyworker(
    phone: FlaskClient, staff_door: Flask, session: Session, cast: Cast, cooking: GroupSession
) -> None:
    tap(phone, cooking)
    address = f"/caseload/{cast.amina.id}/moods"
    people = {name: cast.at(staff_door, getattr(cast, name)) for name in ("grace", "marek", "nasrin", "joana")}
    assert {people[name].get(address).status_code for name in ("grace", "marek", "nasrin")} == {404}

    assert phone.post("/groups/moods/sharing", data={"shared": "1"}).status_code == 303
    phone.post("/groups/moods/sharing", data={"shared": "1"})

    assert "You, and" in phone.get("/groups/moods").text
    assert "see this" in phone.get(f"/groups/{cooking.id}").text
    page = people["grace"].get(address)
    assert "Good</td>" in page.text
    assert f'href="{address}"' in people["grace"].get(f"/caseload/{cast.amina.id}").text
    assert [people[name].get(address).status_code for name in ("marek", "nasrin", "joana")] == [404, 404, 403]
    assert people["grace"].get(f"/caseload/{cast.tomasz.id}/moods").status_code == 404
    looks = session.scalars(select(Look.what).where(Look.tenant_id == cast.amina.id)).all()
    assert list(looks).count("moods") == 1
    session.commit()

    phone.post("/groups/moods/sharing", data={"shared": "0"})
    assert people["grace"].get(address).status_code == 404
    assert len(session.scalars(select(Consent).where(Consent.category == Category.CHECK_INS)).all()) == 1


def test_a_new_keyworker_is_asked_for_anew(
    phone: FlaskClient, staff_door: Flask, session: Session, cast: Cast, amina: Tenant
) -> None:
    phone.post("/groups/moods/sharing", data={"shared": "1"})
    session.get_one(Tenant, cast.amina.id).keyworker_id = cast.marek.id
    session.commit()

    for worker in (cast.grace, cast.marek):
        assert cast.at(staff_door, worker).get(f"/caseload/{cast.amina.id}/moods").status_code == 404
    assert "Only you." in phone.get("/groups/moods").text


def test_without_a_keyworker_it_is_theirs_alone(phone: FlaskClient, session: Session, cast: Cast) -> None:
    session.get_one(Tenant, cast.amina.id).keyworker_id = None
    session.commit()

    assert "Only you." in phone.get("/groups/moods").text
    assert phone.post("/groups/moods/sharing", data={"shared": "1"}).status_code == 409


def test_it_goes_with_its_tenant(phone: FlaskClient, session: Session, cast: Cast, cooking: GroupSession) -> None:
    tap(phone, cooking)
    session.delete(booking_of(session, session.get_one(Tenant, cast.amina.id), cooking))
    session.commit()

    assert said(session) == []


def test_today_asks_once_after_a_session_and_no_longer_when_it_is_said_or_two_days_are_over(
    phone: FlaskClient, session: Session, cast: Cast, amina: Tenant, cooking: GroupSession
) -> None:
    asked = "How are you after"
    with clock.stopped_at(cooking.ends_at - timedelta(minutes=1)):
        assert asked not in phone.get("/").text
    with clock.stopped_at(cooking.ends_at):
        assert f'href="/groups/{cooking.id}#moods"' in phone.get("/").text
        tap(phone, cooking, "after")
        assert asked not in phone.get("/").text
        tap(phone, cooking, "after", mood="")
        marked(session, cast, amina, cooking, Attendance.NOT_HERE)
        session.commit()
        assert asked not in phone.get("/").text
        marked(session, cast, amina, cooking, Attendance.LATE)
        session.commit()
        assert asked in phone.get("/").text
    with clock.stopped_at(cooking.ends_at + timedelta(days=2)):
        assert asked not in phone.get("/").text
