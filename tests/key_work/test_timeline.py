"""The timeline of one tenant: many kinds in one list, as far as this worker may see it at this moment."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from staff_portal.key_work.contact import last_contacts
from tenant_app import clock
from tenant_app.accounts.consent import Category, give_consent, withdraw_consent
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.check_ins.rules import check_in
from tenant_app.goals.models import Goal
from tenant_app.goals.rules import review_goal, write_goal
from tenant_app.groups.models import Attendance, Booking, Standing
from tenant_app.groups.sessions import GroupSession
from tenant_app.key_work.documents import Kind, add_document
from tenant_app.key_work.models import KeyWorkNote
from tenant_app.key_work.tasks import add_task
from tenant_app.messages.rules import write
from tenant_app.move_on.reviewing import hold_review
from tenant_app.move_on.rules import ReviewRhythm, begin
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.key_work.conftest import LONDON, Written
from tests.questions import counted
from tests.repairs.conftest import reported
from tests.support_plan.meeting import signed

__all__ = ["reported"]


def live(session: Session, tenant: Tenant, worker: Worker, cast: Cast) -> Goal:
    """A bit of everything, some days ago."""
    goal = write_goal(session, tenant, "Cook twice a week", first_step="Buy a pot", shared=True)
    write_goal(session, tenant, "CANARY goal", first_step="CANARY step").steps[0].mark(True)
    with clock.stopped_at(THURSDAY - timedelta(days=5)):
        goal.steps[0].mark(True)
    with clock.stopped_at(THURSDAY - timedelta(days=4)):
        review_goal(session, worker, goal, "Well done")
        task = add_task(session, worker, tenant, "Bring the big pot", date(2026, 11, 25), zone=LONDON)
        task.mark(worker, True)
    with clock.stopped_at(THURSDAY - timedelta(days=3)):
        check_in(session, tenant, date(2026, 11, 23), {}, "CANARY sentence", language="en")
    add_document(session, tenant, "CANARY private", Kind.OTHER, file="a.pdf", size=1, digest="1")
    add_document(session, tenant, "The licence", Kind.AGREEMENT, file="b.pdf", size=1, digest="2", worker=worker)
    been = GroupSession(
        kind="cooking-together", starts_at=THURSDAY - timedelta(days=2), ends_at=THURSDAY - timedelta(days=2, hours=-1),
        facilitator_id=cast.joana.id, place="Kitchen", capacity=5, zone="Europe/London",
    )  # fmt: skip
    session.add(been)
    session.flush()
    session.add(Booking(
        session_id=been.id, tenant_id=tenant.id, standing=Standing.PLACE, attendance=Attendance.HERE,
    ))  # fmt: skip
    session.commit()
    return goal


def test_everything_stands_in_one_list_and_consent_opens_and_closes_it(
    desk: FlaskClient, session: Session, cast: Cast, amina: Tenant, grace: Worker, written: Written, reported: object
) -> None:
    goal = live(session, amina, grace, cast)
    written("CANARY words of a note")
    reported()  # type: ignore[operator]
    address = f"/caseload/{cast.amina.id}/timeline"
    page = desk.get(address).text
    order = ["Visit at home. A note by", "Bring the big pot", "wrote about", "Buy a pot"]
    assert sorted(order, key=page.index) == order
    assert "A repair was reported" in page
    assert "The licence" in page
    assert "CANARY" not in page
    assert "Said how the week was" not in page
    assert "Came to" not in page

    for category in (Category.CHECK_INS, Category.GROUPS):
        give_consent(session, amina, category, grace, LONDON)
    session.commit()
    page = desk.get(address).text
    assert page.index("Came to") < page.index("Said how the week was") < page.index("wrote about")
    assert "CANARY" not in page
    only = desk.get(f"{address}?kind=groups").text
    assert "Came to" in only
    assert "The licence" not in only

    for category in (Category.CHECK_INS, Category.GROUPS):
        withdraw_consent(session, amina, category, grace)
    session.get_one(Goal, goal.id).share(False)
    session.commit()
    page = desk.get(address).text
    for gone in ("Came to", "Said how the week was", "wrote about", "Buy a pot"):
        assert gone not in page


def test_signed_reviews_stand_in_it_and_the_plan_for_moving_on_only_where_it_is_shared(
    desk: FlaskClient, session: Session, cast: Cast, amina: Tenant, grace: Worker
) -> None:
    signed(session, amina, grace)
    plan = begin(session, amina, ReviewRhythm(), LONDON)
    hold_review(session, plan, {}, "CANARY", ReviewRhythm(), LONDON)
    session.commit()
    address = f"/caseload/{cast.amina.id}/timeline"
    page = desk.get(address).text
    assert "signed a review of the support plan" in page
    assert "Looked over the move-on plan" not in page
    give_consent(session, amina, Category.MOVE_ON, grace, LONDON)
    session.commit()
    page = desk.get(address).text
    assert "Looked over the move-on plan" in page
    assert "CANARY" not in page


def test_what_is_not_there_is_not_found(desk: FlaskClient, cast: Cast) -> None:
    address = f"/caseload/{cast.amina.id}/timeline"

    for wrong in ("kind=secrets", "before=yesterday", "before=20261126T090000.000000.zz", "before=" + "9" * 5000):
        assert desk.get(f"{address}?{wrong}").status_code == 404
    assert desk.get(f"/caseload/{cast.salma.id}/timeline").status_code == 404


def test_a_thousand_moments_cost_as_many_questions_as_one_and_none_is_lost_between_pages(
    desk: FlaskClient, staff_door: Flask, session: Session, cast: Cast, amina: Tenant, grace: Worker
) -> None:
    live(session, amina, grace, cast)
    address = f"/caseload/{cast.amina.id}/timeline?kind=notes"
    for page in (address, f"/caseload/{cast.amina.id}/timeline", f"/caseload/{cast.amina.id}"):
        desk.get(page)
    with counted(staff_door) as one:
        desk.get(f"/caseload/{cast.amina.id}/timeline")
        desk.get(f"/caseload/{cast.amina.id}")
    moments = [THURSDAY - timedelta(hours=number // 4) for number in range(1000)]  # four at each moment
    session.add_all(
        KeyWorkNote(tenant=amina, worker=grace, met_at=at, how="call", happened="A call") for at in moments
    )
    session.commit()
    with counted(staff_door) as many:
        desk.get(f"/caseload/{cast.amina.id}/timeline")
        desk.get(f"/caseload/{cast.amina.id}")
    assert len(many) == len(one)

    seen: list[str] = []
    for _ in range(4):
        page = desk.get(address).text
        seen += [line.split('"')[0] for line in page.split('href="/notes/')[1:]]
        address = page.split('class="btn quiet" href="')[1].split('"')[0].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 120


def test_the_last_contact_is_a_note_or_a_message_whichever_was_later(
    session: Session, amina: Tenant, tomasz: Tenant, grace: Worker, written: Written, cast: Cast
) -> None:
    written(met_at=THURSDAY - timedelta(days=3))
    with clock.stopped_at(THURSDAY - timedelta(days=8)):
        write(session, amina, grace.id, "Hello", "en")
        write(session, tomasz, grace.id, "Hello", "en")

    assert last_contacts(session, [amina.id, tomasz.id, cast.salma.id]) == {
        amina.id: THURSDAY - timedelta(days=3), tomasz.id: THURSDAY - timedelta(days=8),
    }  # fmt: skip
    assert last_contacts(session, []) == {}
