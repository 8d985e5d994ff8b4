"""One page on which a tenant begins, goes on and stops, and the keyworker's next request knows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.consent import Category, Consent, give_consent
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.accounts.rules import look_at
from tenant_app.accounts.safeguarding import override_for_safety
from tenant_app.goals.rules import write_goal
from tenant_app.reminders.models import Notice
from tenant_app.settings import Settings
from tenant_app.support.sharing import rules
from tenant_app.support.sharing.kinds import has_words
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.questions import counted

ZONE = Settings().zone


@pytest.fixture
def phone(tenant_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(tenant_door, cast.amina)


def standing(session: Session, cast: Cast) -> list[Consent]:
    # In a session of its own: one that stays open would keep the doors from writing.
    session.close()
    with cast.database.session(reads_only=True) as looking:
        return list(looking.scalars(rules.standing_of(looking.get_one(Tenant, cast.amina.id))))


def test_every_kind_of_record_says_in_plain_words_what_is_seen(tenant_door: Flask) -> None:
    with tenant_door.test_request_context("/"):
        assert [each for each in Category if not has_words(each)] == []


def test_sharing_until_a_chosen_day_and_stopping_with_one_tap(
    phone: FlaskClient, staff_door: Flask, cast: Cast, session: Session
) -> None:
    desk = cast.at(staff_door, cast.grace)
    page = f"/caseload/{cast.amina.id}/check-ins"
    assert desk.get(page).status_code == 404

    sent = phone.post("/sharing/check-ins/with", data={"who": str(cast.grace.id), "until": "2027-01-15"})
    [consent] = standing(session, cast)
    shown = phone.get("/sharing").text

    assert sent.status_code == 303
    assert consent.expires_on == date(2027, 1, 15)
    assert "15 January 2027" in shown
    assert "Grace Okafor" in shown
    assert desk.get(page).status_code == 200

    phone.post(f"/sharing/consents/{consent.id}", data={"share": "0"})
    phone.post(f"/sharing/consents/{consent.id}", data={"share": "0"})

    assert desk.get(page).status_code == 404
    assert standing(session, cast) == []


@pytest.mark.parametrize("until", ["2026-11-26", "2027-11-27", "2020-01-01", "9999-12-31", "", "tomorrow", "\0" * 10])
def test_a_day_out_of_range_is_asked_for_again(phone: FlaskClient, cast: Cast, session: Session, until: str) -> None:
    answer = phone.post("/sharing/check-ins/with", data={"who": str(cast.grace.id), "until": until})

    assert answer.status_code == 422
    assert f'value="{cast.grace.id}" checked' in answer.text
    assert standing(session, cast) == []


def test_what_is_for_the_keyworker_goes_to_nobody_else(phone: FlaskClient, cast: Cast, session: Session) -> None:
    for who in (cast.nasrin.id, cast.marek.id, cast.salma.id, "x" * 1000, "<script>"):
        answer = phone.post("/sharing/safety-plan/with", data={"who": str(who), "until": "2027-01-15"})
        assert answer.status_code == 422
    assert phone.get("/sharing/nothing/with").status_code == 404
    assert standing(session, cast) == []

    assert (
        phone.post("/sharing/medication/with", data={"who": str(cast.nasrin.id), "until": "2027-01-15"}).status_code
        == 303
    )
    assert [each.worker_id for each in standing(session, cast)] == [cast.nasrin.id]


def test_the_rooms_own_switch_and_this_page_say_the_same(phone: FlaskClient, cast: Cast, session: Session) -> None:
    phone.post("/hard-days/sharing", data={"shared": "1"})
    [consent] = standing(session, cast)
    assert str(consent.id) in phone.get("/sharing").text

    phone.post(f"/sharing/consents/{consent.id}", data={"share": "0"})
    assert 'value="1"' in phone.get("/hard-days").text
    assert standing(session, cast) == []


def test_somebody_elses_consent_and_goal_do_not_exist(tenant_door: Flask, cast: Cast, session: Session) -> None:
    amina = session.get_one(Tenant, cast.amina.id)
    consent = give_consent(session, amina, Category.CHECK_INS, session.get_one(Worker, cast.grace.id), ZONE)
    goal = write_goal(session, amina, "Cook on Sundays", shared=True)
    session.commit()
    other = cast.at(tenant_door, cast.tomasz)

    assert other.post(f"/sharing/consents/{consent.id}", data={"share": "0"}).status_code == 404
    assert other.post(f"/sharing/goals/{goal.id}", data={"shared": "0"}).status_code == 404
    assert len(standing(session, cast)) == 1


def test_two_taps_stop_everything(phone: FlaskClient, staff_door: Flask, cast: Cast, session: Session) -> None:
    amina, grace = session.get_one(Tenant, cast.amina.id), session.get_one(Worker, cast.grace.id)
    for category in (Category.CHECK_INS, Category.MEDICATION, Category.SAFETY_PLAN):
        give_consent(session, amina, category, grace, ZONE)
    write_goal(session, amina, "Cook on Sundays", shared=True)
    session.commit()

    assert "/sharing/stop" in phone.get("/sharing").text
    assert 'name="sure" value="1"' in phone.get("/sharing/stop").text
    phone.post("/sharing/stop", data={"sure": "1"})

    assert standing(session, cast) == []
    assert "Cook on Sundays" not in cast.at(staff_door, cast.grace).get(f"/caseload/{cast.amina.id}").text


def test_one_goal_is_taken_back_by_itself(phone: FlaskClient, cast: Cast, session: Session) -> None:
    amina = session.get_one(Tenant, cast.amina.id)
    one, two = (write_goal(session, amina, words, shared=True) for words in ("Cook", "Walk"))
    session.commit()

    phone.post(f"/sharing/goals/{one.id}", data={"shared": "0"})
    session.expire_all()

    assert not one.shared
    assert two.shared


def test_a_consent_whose_worker_is_no_longer_the_keyworker_rests_and_says_so(
    phone: FlaskClient, cast: Cast, session: Session
) -> None:
    amina = session.get_one(Tenant, cast.amina.id)
    give_consent(session, amina, Category.CHECK_INS, session.get_one(Worker, cast.grace.id), ZONE)
    amina.keyworker_id = cast.marek.id
    session.commit()

    assert "does something else now, and cannot see it" in phone.get("/sharing").text


def test_two_weeks_before_it_ends_the_tenant_is_told_once_and_goes_on_with_one_tap(
    tenant_door: Flask, cast: Cast, session: Session
) -> None:
    amina, grace = session.get_one(Tenant, cast.amina.id), session.get_one(Worker, cast.grace.id)
    first = give_consent(session, amina, Category.CHECK_INS, grace, ZONE, expires_on=date(2027, 1, 15))
    give_consent(session, amina, Category.SAFETY_PLAN, grace, ZONE, expires_on=date(2026, 12, 2))
    session.commit()
    told = select(Notice).where(Notice.kind == rules.ENDS)

    rules.tell_of_endings(session, ZONE)
    assert session.scalars(told).all() == []

    with clock.stopped_at(THURSDAY + timedelta(days=37)):
        for _again in range(2):
            rules.tell_of_endings(session, ZONE)
            session.commit()
        assert [notice.facts["name"] for notice in session.scalars(told)] == ["Grace"]
        session.close()

        phone = cast.at(tenant_door, cast.amina)
        assert "ends on Friday 15 January" in phone.get("/reminders").text
        assert "Go on until" in phone.get("/sharing").text
        phone.post(f"/sharing/consents/{first.id}", data={"share": "1"})
        [now] = standing(session, cast)
        assert now.expires_on == date(2027, 7, 2)


def test_what_ended_by_itself_is_offered_again(tenant_door: Flask, cast: Cast, session: Session) -> None:
    amina, grace = session.get_one(Tenant, cast.amina.id), session.get_one(Worker, cast.grace.id)
    give_consent(session, amina, Category.CHECK_INS, grace, ZONE, expires_on=date(2026, 12, 2))
    session.commit()

    with clock.stopped_at(THURSDAY + timedelta(days=8)):
        shown = cast.at(tenant_door, cast.amina).get("/sharing").text
        assert "Ended by itself" in shown
        assert "Share again until" in shown


def test_the_history_tells_every_giving_going_on_stopping_ending_and_opening(
    tenant_door: Flask, cast: Cast, session: Session
) -> None:
    amina, grace = session.get_one(Tenant, cast.amina.id), session.get_one(Worker, cast.grace.id)
    give_consent(session, amina, Category.CHECK_INS, grace, ZONE, expires_on=date(2026, 12, 2))
    with clock.stopped_at(THURSDAY + timedelta(hours=1)):
        give_consent(session, amina, Category.CHECK_INS, grace, ZONE, expires_on=date(2026, 12, 9))
        stopped = give_consent(session, amina, Category.GROUPS, grace, ZONE)
    with clock.stopped_at(THURSDAY + timedelta(hours=2)):
        rules.stop(session, amina, stopped)
        override_for_safety(session, grace, amina, Category.MEDICATION, "Not seen for three days, and phone is off.")
    session.commit()

    with clock.stopped_at(THURSDAY + timedelta(days=30)):
        events, count = rules.history_of(session, amina, 1, 30)
        assert [event.what for event in events] == ["ended", "opened", "withdrawn", "given", "renewed", "given"]
        assert count == 6
        session.close()
        page = cast.at(tenant_door, cast.amina).get("/sharing/history")
        assert page.status_code == 200
        assert "Not seen for three days" in page.text
        assert cast.at(tenant_door, cast.amina).get("/sharing/history?page=99999999999999").status_code == 200
        assert "Not seen" not in cast.at(tenant_door, cast.tomasz).get("/sharing/history").text


def test_the_page_asks_no_more_of_the_database_however_much_is_shared(
    phone: FlaskClient, tenant_door: Flask, cast: Cast, session: Session
) -> None:
    phone.get("/sharing")
    with counted(tenant_door) as few:
        phone.get("/sharing")
    amina, grace = session.get_one(Tenant, cast.amina.id), session.get_one(Worker, cast.grace.id)
    for category in Category:
        give_consent(session, amina, category, grace, ZONE)
    for number in range(10):
        write_goal(session, amina, f"Goal {number}", shared=True)
    session.commit()
    with counted(tenant_door) as many:
        phone.get("/sharing")

    assert len(many) <= len(few) + 1


def test_who_looked_is_told_day_by_day_and_page_by_page(tenant_door: Flask, cast: Cast, session: Session) -> None:
    amina, grace = session.get_one(Tenant, cast.amina.id), session.get_one(Worker, cast.grace.id)
    for number in range(60):
        with clock.stopped_at(THURSDAY - timedelta(hours=number)):
            look_at(session, grace, amina, "overview", reason=f"Reason {number:02d}.")
    session.commit()
    phone = cast.at(tenant_door, cast.amina)
    first, second = phone.get("/settings/looks").text, phone.get("/settings/looks?page=2").text

    assert "Reason 00." in first
    assert "Reason 49." in first
    assert "Reason 50." not in first
    assert "Reason 50." in second
    assert first.count('<h2 id="day-') == 3
    assert phone.get("/settings/looks?page=-5").status_code == 200
