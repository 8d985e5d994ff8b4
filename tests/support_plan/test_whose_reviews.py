"""Whose a review is: what others find there, what is written down of each reading, and what a page costs."""

from __future__ import annotations

from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Look, Tenant, Worker
from tenant_app.goals.models import Goal
from tenant_app.goals.rules import write_goal
from tenant_app.support_plan.models import PlanReview
from tenant_app.support_plan.recording import sign, write
from tests.cast import Cast
from tests.questions import counted
from tests.support_plan.meeting import TALKED, draft, opened

RECORD = {
    "seen": "0", "met_on": "2026-11-26", "talked": "We cooked.", "view": "Proud.", "next_on": "2027-02-18",
    "line0-what": "Ring about the oven", "line0-who": "worker", "line0-by": "2026-12-01",
}  # fmt: skip


def test_a_review_of_somebody_else_does_not_exist(
    tenant_door: Flask, staff_door: Flask, cast: Cast, to_sign: PlanReview
) -> None:
    tomasz, marek = cast.at(tenant_door, cast.tomasz), cast.at(staff_door, cast.marek)
    for review_id in (to_sign.id, uuid4()):
        at = f"/support-plan/{review_id}"
        for client, sent in (
            (tomasz, [(at, None), (f"{at}/prepare/well", None), (f"{at}/word", {"seen": "1", "stand": "agrees"}),
                      (f"{at}/ready", {"ready": "1"}), (f"{at}/talk", {"talk": "1"})]),
            (marek, [(at, None), (at, RECORD), (f"{at}/signature", {"seen": "1"}), (f"{at}/close", {"seen": "1"})]),
        ):  # fmt: skip
            for address, data in sent:
                answered = client.get(address) if data is None else client.post(address, data=data)
                assert answered.status_code == 404, address
    assert marek.get(f"/caseload/{cast.amina.id}/support-plan").status_code == 404
    for worker in (cast.joana, cast.devon, cast.priya):
        assert cast.at(staff_door, worker).get(f"/support-plan/{to_sign.id}").status_code in (403, 404)
    assert cast.at(staff_door, cast.nasrin).get(f"/support-plan/{to_sign.id}").status_code == 404


def test_a_keyworker_of_before_reads_nothing_from_the_next_request_on(
    desk: FlaskClient, staff_door: Flask, cast: Cast, session: Session, to_sign: PlanReview
) -> None:
    at = f"/support-plan/{to_sign.id}"
    assert desk.get(at).status_code == 200
    session.execute(update(Tenant).where(Tenant.id == cast.amina.id).values(keyworker_id=cast.marek.id))
    session.commit()
    assert desk.get(at).status_code == 404
    assert TALKED in cast.at(staff_door, cast.marek).get(at).text


def test_a_goal_that_is_no_longer_shared_is_gone_with_the_next_request(
    desk: FlaskClient, phone: FlaskClient, session: Session, amina: Tenant, review: PlanReview
) -> None:
    goal = write_goal(session, amina, "Cook twice a week", shared=True)
    session.commit()
    assert "Cook twice a week" in desk.get(f"/support-plan/{review.id}").text
    phone.post(f"/goals/{goal.id}/sharing", data={"shared": "0"})
    assert "Cook twice a week" not in desk.get(f"/support-plan/{review.id}").text
    session.rollback()
    assert session.get_one(Goal, goal.id).tenant_id == amina.id


def test_each_reading_is_written_down_even_of_a_page_that_refuses(
    desk: FlaskClient, phone: FlaskClient, session: Session, review: PlanReview
) -> None:
    desk.get(f"/support-plan/{review.id}")
    desk.post(f"/support-plan/{review.id}", data={**RECORD, "met_on": "never"})
    session.rollback()
    assert session.scalars(select(Look.what)).all() == ["support-plan", "support-plan"]


def test_the_page_costs_the_same_however_much_was_written(
    desk: FlaskClient, staff_door: Flask, session: Session, amina: Tenant, grace: Worker, review: PlanReview
) -> None:
    at = f"/support-plan/{review.id}"
    write_goal(session, amina, "One", first_step="A", shared=True)
    write(session, grace, review, draft(), seen=0, language="en")
    sign(session, grace, review, seen=1)
    session.commit()
    desk.get(at)
    with counted(staff_door) as few:
        desk.get(at)
    for number in range(4):
        write_goal(session, amina, f"Goal {number}", first_step="A", shared=True)
        write(session, grace, review, draft(talked=f"Text {number}"), seen=number + 1, language="en")
        sign(session, grace, review, seen=number + 2)
    session.commit()
    with counted(staff_door) as many:
        desk.get(at)
    assert len(many) == len(few)


def test_lists_at_the_desk_cost_the_same_for_many_people(
    desk: FlaskClient, staff_door: Flask, session: Session, tomasz: Tenant, review: PlanReview
) -> None:
    desk.get("/support-plan")
    with counted(staff_door) as few:
        assert "Amina Warsame" in desk.get("/support-plan").text
    opened(session, tomasz)
    session.commit()
    with counted(staff_door) as many:
        assert "Tomasz Wójcik" in desk.get("/support-plan").text
    assert len(many) == len(few)
