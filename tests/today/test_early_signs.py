"""Early signs: each rule to the day, nothing that is not shared."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.consent import Category, give_consent, withdraw_consent
from tenant_app.accounts.models import Property, Tenant, Worker
from tenant_app.accounts.rules import welcome_tenant
from tenant_app.goals.models import Goal
from tenant_app.goals.rules import write_goal
from tenant_app.medication.pausing.models import MedicinePause, PauseReason
from tenant_app.messages.models import Message
from tenant_app.rent.hardship import About, write_down
from tenant_app.rent.models import Frequency, RentAccount
from tenant_app.support.early_signs import Rule
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups.programme import LONDON
from tests.questions import counted
from tests.today.signs import TODAY, Share, checked_in, missed_twice, rules, takes


@pytest.mark.parametrize(
    ("days", "told"),
    [((13, 20), False), ((14, 21), True), ((14,), False), ((55, 50), True), ((57, 60), False), ((0, 14, 21), False)],
)
def test_no_check_in_for_fourteen_days_of_who_makes_them(
    session: Session, amina: Tenant, grace: Worker, share: Share, days: tuple[int, ...], told: bool
) -> None:
    share(Category.CHECK_INS)
    checked_in(session, amina, *days)

    assert rules(session, grace, amina) == [Rule.CHECK_INS] * told


@pytest.mark.parametrize(("days", "told"), [(27, False), (28, True), (119, True), (121, False)])
def test_no_step_on_a_shared_goal_for_four_weeks(
    session: Session, amina: Tenant, grace: Worker, days: int, told: bool
) -> None:
    with clock.stopped_at(THURSDAY - timedelta(days=days)):
        goal = write_goal(session, amina, "CANARY", first_step="CANARY", shared=True)
    hidden = write_goal(session, amina, "CANARY", first_step="CANARY")
    hidden.written_at = THURSDAY - timedelta(days=40)

    assert rules(session, grace, amina) == [Rule.GOAL] * told
    goal.pause(paused=True)
    assert rules(session, grace, amina) == []


@pytest.mark.parametrize(("days", "told"), [((3,), False), ((4, 5), True), ((27,), True), ((28,), False), ((), False)])
def test_nothing_recorded_for_three_whole_days_is_said_as_that_and_no_more(
    session: Session, amina: Tenant, grace: Worker, share: Share, days: tuple[int, ...], told: bool
) -> None:
    share(Category.MEDICATION)
    medicine = takes(session, amina, *days)

    assert rules(session, grace, amina) == [Rule.MEDICINES] * told
    medicine.times[0].weekdays = 1  # not planned for each day: nothing can be said of three
    assert rules(session, grace, amina) == []


def test_while_medicines_are_paused_nothing_is_missing(
    session: Session, amina: Tenant, grace: Worker, share: Share
) -> None:
    share(Category.MEDICATION)
    takes(session, amina, 6)
    session.add(MedicinePause(tenant=amina, reason=PauseReason.HOSPITAL, starts_at=THURSDAY - timedelta(days=5)))

    assert rules(session, grace, amina) == []


@pytest.mark.parametrize(("days", "told"), [(20, False), (21, True), (119, True), (121, False)])
def test_three_weeks_without_a_message_is_the_workers_own_to_know(
    session: Session, amina: Tenant, grace: Worker, cast: Cast, days: int, told: bool
) -> None:
    session.add(Message(
        tenant=amina, worker=grace, by_tenant=False, words="CANARY", written_at=THURSDAY - timedelta(days=days)
    ))  # fmt: skip
    session.add(Message(tenant=amina, worker_id=cast.marek.id, by_tenant=True, words="CANARY"))

    assert rules(session, grace, amina) == [Rule.CONTACT] * told


def test_who_cannot_pay_is_a_reason_beside_others_and_no_sign_alone(
    session: Session, amina: Tenant, grace: Worker, share: Share
) -> None:
    account = RentAccount(
        tenant_id=amina.id, began_on=TODAY, frequency=next(iter(Frequency)), first_due_on=TODAY,
        eligible_rent_pence=18_000, service_charge_pence=0, zone="Europe/London",
    )  # fmt: skip
    session.add(account)
    session.flush()
    write_down(session, account, About.RENT, TODAY, words="CANARY", tell_keyworker=True)
    assert rules(session, grace, amina) == []

    share(Category.CHECK_INS)
    checked_in(session, amina, 15, 22)

    assert rules(session, grace, amina) == [Rule.CHECK_INS, Rule.HARDSHIP]


def test_several_reasons_of_one_tenant_are_one_sign_with_their_days_and_nothing_else_of_theirs(
    session: Session, desk: FlaskClient, cast: Cast, amina: Tenant, grace: Worker, share: Share
) -> None:
    for category in (Category.CHECK_INS, Category.GROUPS, Category.MEDICATION):
        share(category)
    checked_in(session, amina, 14, 21)
    missed_twice(session, cast, amina)
    takes(session, amina, 5)
    session.commit()

    for address in ("/today", f"/caseload/{amina.id}/sign"):
        page = desk.get(address).text
        assert "No check-in for 14 days, since Thu 12 Nov." in page
        assert "Missed twice in a row at" in page
        assert "the last time on Tue 24 Nov." in page
        assert "Nothing recorded about medicines for 5 days, since Sat 21 Nov." in page
        assert "CANARY" not in page
    assert desk.get("/today").text.count("Amina Warsame") == 1
    assert "Ask how they are" in desk.get("/caseload?show=sign").text
    assert "Tomasz" not in desk.get("/caseload?show=sign").text


def test_with_a_consent_its_reasons_go_at_the_next_request(
    session: Session, desk: FlaskClient, cast: Cast, amina: Tenant, grace: Worker, share: Share
) -> None:
    shared = {Category.CHECK_INS: "No check-in", Category.GROUPS: "Missed twice", Category.MEDICATION: "Nothing recorded"}
    for category in shared:
        share(category)
    checked_in(session, amina, 14, 21)
    missed_twice(session, cast, amina)
    takes(session, amina, 5)
    session.commit()

    for category, words in shared.items():
        assert words in desk.get("/today").text
        withdraw_consent(session, amina, category, grace)
        session.commit()
        assert words not in desk.get("/today").text

    assert desk.get(f"/caseload/{amina.id}/sign").status_code == 404


def test_a_goal_taken_back_is_no_reason_any_more(
    session: Session, desk: FlaskClient, amina: Tenant, grace: Worker
) -> None:
    with clock.stopped_at(THURSDAY - timedelta(days=30)):
        goal = write_goal(session, amina, "CANARY", first_step="CANARY", shared=True)
    session.commit()
    assert "No step on a goal they share for 30 days" in desk.get("/today").text

    session.get_one(Goal, goal.id).share(shared=False)
    session.commit()

    assert "No step on a goal" not in desk.get("/today").text


def test_somebody_elses_tenant_makes_no_sign(
    session: Session, staff_door: Flask, cast: Cast, amina: Tenant, grace: Worker, share: Share
) -> None:
    share(Category.CHECK_INS)
    checked_in(session, amina, 14, 21)
    amina.keyworker = session.get_one(Worker, cast.marek.id)
    session.commit()

    for worker in (cast.grace, cast.marek, cast.nasrin):
        client = cast.at(staff_door, worker)
        assert "Amina" not in client.get("/today").text
        assert client.get(f"/caseload/{amina.id}/sign").status_code == 404


def test_the_questions_do_not_grow_with_the_caseload(
    staff_door: Flask, desk: FlaskClient, session: Session, cast: Cast, amina: Tenant, grace: Worker, share: Share
) -> None:
    share(Category.CHECK_INS)
    checked_in(session, amina, 14, 21)
    session.commit()
    desk.get("/today")
    with counted(staff_door) as few:
        desk.get("/today")
    for number in range(30):
        tenant = welcome_tenant(
            session, f"Person {number:02}", building=session.get_one(Property, cast.alma_road.id),
            moved_in_on=date(2026, 9, 1), keyworker=grace,
        )  # fmt: skip
        give_consent(session, tenant, Category.CHECK_INS, grace, LONDON)
        checked_in(session, tenant, 14, 21)
    session.commit()
    desk.get("/today")  # which writes down that they were read
    with counted(staff_door) as many:
        page = desk.get("/today").text

    assert len(many) == len(few)
    assert page.count("No check-in for 14 days") == 5
    assert ">31<" in page


def test_rules_are_told_to_tenants(tenant_door: Flask, cast: Cast) -> None:
    page = cast.at(tenant_door, cast.amina).get("/guides/your-data").text

    assert "never a score" in page
