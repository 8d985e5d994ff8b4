"""Early signs: each rule to the day, nothing that is not shared, and what was put away stays away until there is more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.consent import Category, give_consent, withdraw_consent
from tenant_app.accounts.models import Property, Tenant, Worker
from tenant_app.accounts.rules import welcome_tenant
from tenant_app.check_ins.models import CheckIn
from tenant_app.goals.models import Goal
from tenant_app.goals.rules import write_goal
from tenant_app.groups.models import Attendance, Booking, GroupSession, Standing
from tenant_app.groups.register.records import Missed
from tenant_app.medication.models import Answer, Dose, DoseTime, Medicine
from tenant_app.medication.pausing.models import MedicinePause, PauseReason
from tenant_app.messages.models import Message
from tenant_app.rent.hardship import About, write_down
from tenant_app.rent.models import Frequency, RentAccount
from tenant_app.support.early_signs import DismissedSign, Rule, signs_of
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups.programme import LONDON
from tests.questions import counted

TODAY = THURSDAY.date()
Share = Callable[[Category], None]


@pytest.fixture
def desk(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.grace)


@pytest.fixture
def share(session: Session, amina: Tenant, grace: Worker) -> Share:
    """Amina lets Grace see something."""
    return lambda category: give_consent(session, amina, category, grace, LONDON) and None


def rules(session: Session, worker: Worker, tenant: Tenant) -> list[Rule]:
    session.flush()
    return [reason.rule for reason in signs_of(session, worker, LONDON).get(tenant.id, ())]


def checked_in(session: Session, tenant: Tenant, *days_ago: int) -> None:
    session.add_all(CheckIn(tenant=tenant, day=TODAY - timedelta(days=days), words="CANARY") for days in days_ago)


def missed_twice(session: Session, cast: Cast, tenant: Tenant) -> Missed:
    starts_at = THURSDAY - timedelta(days=2)
    it = GroupSession(
        kind="cooking-together", starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), zone="Europe/London",
        place="CANARY", capacity=8, places_taken=1, facilitator_id=cast.joana.id,
    )  # fmt: skip
    booking = Booking(group_session=it, tenant=tenant, standing=Standing.PLACE, booked_at=starts_at,
                      attendance=Attendance.NOT_HERE)  # fmt: skip
    missed = Missed(tenant=tenant, booking=booking)
    session.add_all([it, booking, missed])
    return missed


def takes(session: Session, tenant: Tenant, *days_ago: int) -> Medicine:
    medicine = Medicine(tenant=tenant, name="CANARY", starts_on=date(2026, 9, 1))
    medicine.times.append(DoseTime(wall_time=time(9), first_day=date(2026, 9, 1)))
    session.add(medicine)
    session.flush()
    session.add_all(
        Dose(medicine=medicine, tenant_id=tenant.id, day=TODAY - timedelta(days=days), wall_time=time(9),
             answer=Answer.SKIPPED)
        for days in days_ago
    )  # fmt: skip
    return medicine


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


def test_what_was_put_away_comes_back_only_with_something_new(
    session: Session, desk: FlaskClient, cast: Cast, amina: Tenant, grace: Worker, share: Share
) -> None:
    share(Category.CHECK_INS)
    checked_in(session, amina, 14, 21)
    session.commit()
    address = f"/caseload/{amina.id}/sign"
    seen = {"fact": f"check-ins:{TODAY - timedelta(days=14)}"}

    empty = desk.post(address, data={**seen, "why": " \x00 "})
    assert empty.status_code == 422
    assert "Write why you put it away" in empty.text
    long = desk.post(address, data={**seen, "why": "long " * 20_000})
    assert long.status_code == 422
    assert "long long" in long.text
    assert desk.post(address, data={"fact": "missed:1", "why": "Never shown"}).status_code == 404
    assert desk.post(address, data={**seen, "why": "At her sister\u202e’s\x00 👩🏽‍🚒 until Friday"}).status_code == 303

    assert "Amina" not in desk.get("/today").text
    assert desk.post(address, data={**seen, "why": "Twice"}).status_code == 404
    kept = session.scalars(DismissedSign.of(amina)).one()
    assert (kept.worker_id, kept.facts) == (grace.id, [seen["fact"]])
    assert kept.why.startswith("At her sister")
    session.commit()

    with clock.stopped_at(THURSDAY + timedelta(days=10)):
        assert rules(session, grace, amina) == []  # the same silence, only longer
        missed_twice(session, cast, amina).asked_at = clock.now()
        share(Category.GROUPS)
        assert rules(session, grace, amina) == [Rule.MISSED]
    checked_in(session, amina, -1, -2)
    with clock.stopped_at(THURSDAY + timedelta(days=20)):
        assert rules(session, grace, amina)[0] is Rule.CHECK_INS  # checked in since, and silent again


def test_a_reason_that_came_since_the_page_was_opened_is_not_put_away_with_it(
    session: Session, desk: FlaskClient, cast: Cast, amina: Tenant, grace: Worker, share: Share
) -> None:
    share(Category.CHECK_INS)
    share(Category.GROUPS)
    checked_in(session, amina, 14, 21)
    missed_twice(session, cast, amina)
    session.commit()

    desk.post(f"/caseload/{amina.id}/sign", data={"fact": f"check-ins:{TODAY - timedelta(days=14)}", "why": "Away"})

    assert rules(session, grace, amina) == [Rule.MISSED]


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
