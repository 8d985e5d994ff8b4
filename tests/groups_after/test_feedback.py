"""Feedback that nobody can trace: once each, together, and with nothing in the database that says whose it is."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Property, Tenant, Worker
from tenant_app.accounts.replays import Replay
from tenant_app.groups.after.feedback import (
    FEWEST,
    LASTS,
    Answered,
    NotNow,
    answer,
    feedback_on,
    has_answered,
    helped_by_kind,
)
from tenant_app.groups.after.models import FeedbackGiven, Said
from tenant_app.groups.models import Attendance, GroupSession
from tenant_app.groups.rules import call_off
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups.programme import plan
from tests.groups_after.after import booked, booking_of, came, marked
from tests.groups_after.said import GOOD, SECRET, crowd, kept, say


def test_three_questions_are_answered_once(phone: FlaskClient, session: Session, cooking: GroupSession) -> None:
    assert f'href="/groups/{cooking.id}/feedback"' in phone.get(f"/groups/{cooking.id}").text
    assert "Do not write names" in phone.get(f"/groups/{cooking.id}/feedback").text

    for _tap in range(2):
        assert phone.post(f"/groups/{cooking.id}/feedback", data=GOOD).status_code == 303

    [said] = kept(session)
    assert (said.helped, said.welcome, said.words) == (Said.YES, Said.PARTLY, "The soup was good")
    assert "You told us how it was." in phone.get(f"/groups/{cooking.id}").text
    assert "cannot be changed" in phone.get(f"/groups/{cooking.id}/feedback").text


@pytest.mark.parametrize(
    ("data", "problem"),
    [({}, "Choose whether it helped you"), ({"helped": "yes"}, "Choose whether you felt welcome"),
     ({"helped": "YES", "welcome": "yes"}, "Choose whether it helped you"),
     ({**GOOD, "words": "x" * 201}, "Use at most 200 letters"), ({"helped": "1", "welcome": "5"}, "Choose whether it")],
)  # fmt: skip
def test_what_cannot_be_is_asked_again(
    phone: FlaskClient, session: Session, cooking: GroupSession, data: dict[str, str], problem: str
) -> None:
    answer = phone.post(f"/groups/{cooking.id}/feedback", data=data)

    assert answer.status_code == 422
    assert problem in answer.text
    assert kept(session) == []


@pytest.mark.parametrize(("minutes", "status"), [(89, 409), (90, 303), (90 + 7 * 1440 - 1, 303), (90 + 7 * 1440, 409)])
def test_it_is_asked_for_a_week_after_the_end(
    phone: FlaskClient, session: Session, cooking: GroupSession, minutes: int, status: int
) -> None:
    with clock.stopped_at(THURSDAY - timedelta(days=1) + timedelta(minutes=minutes)):
        page = phone.get(f"/groups/{cooking.id}").text
        assert (f'href="/groups/{cooking.id}/feedback"' in page) is (status == 303)
        assert phone.get(f"/groups/{cooking.id}/feedback").status_code == 200
        assert phone.post(f"/groups/{cooking.id}/feedback", data=GOOD).status_code == status
    assert len(kept(session)) == (status == 303)


def test_only_who_came_is_asked(
    tenant_door: Flask, phone: FlaskClient, session: Session, cast: Cast, amina: Tenant, cooking: GroupSession
) -> None:
    marked(session, cast, amina, cooking, Attendance.NOT_HERE)
    off = came(session, cast, amina, days_ago=2)
    call_off(session, off)
    theirs = booked(session, cast, session.get_one(Tenant, cast.salma.id), starts_at=THURSDAY - timedelta(days=1),
                    building=session.get_one(Property, cast.mare_street.id))  # fmt: skip
    session.commit()

    assert phone.post(f"/groups/{cooking.id}/feedback", data=GOOD).status_code == 409
    assert phone.post(f"/groups/{off.id}/feedback", data=GOOD).status_code == 409
    assert phone.post(f"/groups/{theirs.id}/feedback", data=GOOD).status_code == 404
    assert cast.at(tenant_door, cast.salma).post(f"/groups/{cooking.id}/feedback", data=GOOD).status_code == 404
    assert kept(session) == []


def test_a_key_that_would_remember_whose_it_was_is_refused(
    phone: FlaskClient, session: Session, cooking: GroupSession
) -> None:
    address = f"/groups/{cooking.id}/feedback"

    assert phone.post(address, data=GOOD, headers={"Idempotency-Key": "a" * 20}).status_code == 400
    assert phone.post(address, data={**GOOD, "idempotency_key": "a" * 20}).status_code == 400
    assert kept(session) == []
    assert '<form class="stack roomy" method="post" novalidate>' in phone.get(address).text  # kept by no outbox
    assert session.scalars(select(Replay)).all() == []


def test_staff_see_it_after_the_session_and_from_three_answers_on(
    staff_door: Flask, session: Session, cast: Cast
) -> None:
    it, people = crowd(session, cast, 4)
    session.commit()
    for number, tenant in enumerate(people):
        say(session, tenant, it, "Canary sentence" if number == 0 else "", Said.NO if number == 1 else Said.YES)
        session.commit()
        with clock.stopped_at(it.ends_at + LASTS):
            page = cast.at(staff_door, cast.joana).get(f"/programme/{it.id}").text
        enough = number + 1 >= FEWEST
        assert ("Answers stand here once 3 or more" in page) is not enough
        assert (f"{number + 1} people answered." in page) is enough
        assert ("Canary sentence" in page) is enough
        assert "Quentin" not in page

    with clock.stopped_at(it.ends_at + LASTS):
        assert "<td>3 of 4</td>" in cast.at(staff_door, cast.joana).get("/programme/figures").text
    joana = cast.at(staff_door, cast.joana)
    assert "What people said" not in joana.get(f"/programme/{plan_ahead(session, cast)}").text


def test_no_answer_is_seen_to_arrive(staff_door: Flask, session: Session, cast: Cast) -> None:
    """Whoever loads the page before and after one answer would know what it says: nothing moves while anybody can
    still answer."""
    it, people = crowd(session, cast, 5)
    session.commit()
    seen = set()
    for number, tenant in enumerate(people):
        say(session, tenant, it, f"Canary sentence {number}")
        session.commit()
        with clock.stopped_at(it.ends_at + LASTS - timedelta(minutes=1)):
            joana = cast.at(staff_door, cast.joana)
            page = joana.get(f"/programme/{it.id}").text
            assert "People can answer until Wednesday 2 December" in page
            assert "Canary" not in page
            assert "Too few answers" in joana.get("/programme/figures").text
            seen.add(page[page.index('id="feedback"') : page.index("</section>", page.index('id="feedback"'))])
    assert len(seen) == 1


def plan_ahead(session: Session, cast: Cast) -> object:
    it = plan(session, cast)
    session.commit()
    return it.id


def test_figures_leave_out_what_too_few_answered(staff_door: Flask, session: Session, cast: Cast) -> None:
    it, people = crowd(session, cast, 2)
    for tenant in people:
        say(session, tenant, it)
    session.commit()

    with clock.stopped_at(it.ends_at + LASTS):
        assert "Too few answers" in cast.at(staff_door, cast.nasrin).get("/programme/figures").text
        nasrin = session.get_one(Worker, cast.nasrin.id)
        assert helped_by_kind(session, nasrin, THURSDAY - timedelta(days=9), THURSDAY) == {}


def test_a_second_answer_is_refused_and_another_secret_tells_nothing(
    session: Session, cast: Cast, amina: Tenant, cooking: GroupSession
) -> None:
    say(session, amina, cooking)
    with pytest.raises(Answered):
        say(session, amina, cooking, "again")
    booking = booking_of(session, amina, cooking)

    assert has_answered(session, booking, SECRET)
    assert not has_answered(session, booking, "somebody else's")


def test_nothing_is_shown_while_the_session_goes_on(session: Session, cast: Cast) -> None:
    it, people = crowd(session, cast, 3)
    for tenant in people:
        say(session, tenant, it)
    with clock.stopped_at(it.ends_at + LASTS):
        assert feedback_on(session, it)
    with clock.stopped_at(it.ends_at - timedelta(minutes=1)):
        assert feedback_on(session, it) is None
        with pytest.raises(NotNow):
            say(session, people[0], it)


# ---- Nothing in the database joins an answer to a person


def test_marks_go_when_nobody_may_answer_any_more(
    session: Session, cast: Cast, amina: Tenant, tomasz: Tenant, cooking: GroupSession
) -> None:
    say(session, amina, cooking)
    with clock.stopped_at(THURSDAY + timedelta(days=8)):
        newer = booked(session, cast, tomasz, starts_at=THURSDAY + timedelta(days=7))
        say(session, tomasz, newer)

    assert {mark.session_id for mark in session.scalars(select(FeedbackGiven))} == {newer.id}
    assert len(kept(session)) == 2


def test_answers_go_with_their_session_and_stay_when_a_tenant_goes(
    session: Session, cast: Cast, amina: Tenant, cooking: GroupSession
) -> None:
    say(session, amina, cooking)
    session.delete(booking_of(session, amina, cooking))
    session.commit()
    assert len(kept(session)) == 1

    session.delete(session.get_one(GroupSession, cooking.id))
    session.commit()
    assert kept(session) == []
    assert session.scalars(select(FeedbackGiven)).all() == []


def test_every_pair_of_answers_is_counted_where_it_belongs(session: Session, cast: Cast) -> None:
    pairs = list(product(Said, Said))
    it, people = crowd(session, cast, len(pairs))
    for tenant, (helped, welcome) in zip(people, pairs, strict=True):
        answer(session, booking_of(session, tenant, it), SECRET, helped=helped, welcome=welcome)

    with clock.stopped_at(it.ends_at + LASTS):
        found = feedback_on(session, it)
    assert found is not None
    assert dict(found.helped) == dict(found.welcome) == dict.fromkeys(Said, 3)
