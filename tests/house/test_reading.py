"""Reading changes nothing: the database holds a tenant's GET to it, and a crawl leaves every row as it was."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import tables
from tenant_app.accounts.gate import gate_of, tenant, visitor
from tenant_app.accounts.models import Tenant
from tenant_app.database import Database
from tenant_app.goals.models import Goal
from tenant_app.goals.rules import write_goal
from tenant_app.settings import Settings
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.face import open_face
from tenant_app.web.house import session as page_session
from tests.cast import Cast
from tests.house.test_audiences import addresses


def everything(database: Database, *without: str) -> dict[str, list[Any]]:
    """Every row of every table, but for those named."""
    with database.session() as session:
        return {
            table.name: sorted(map(repr, session.execute(select(table))))
            for table in tables.metadata.sorted_tables
            if table.name not in without
        }


def test_a_page_that_writes_while_reading_is_refused_by_the_database(settings: Settings, cast: Cast) -> None:
    from tenant_app.door import ROOMS

    room = Blueprint("careless", __name__)

    @room.get("/careless")
    @open_to(TENANT)
    def careless() -> str:
        write_goal(page_session(), tenant(), "Written by a GET")
        return "done"

    app = open_face("tenant_app", [*ROOMS, room], settings=settings, gate=gate_of("tenant"))
    app.jinja_env.globals.update(visitor=visitor)

    answer = cast.at(app, cast.amina).get("/careless")

    assert answer.status_code >= 500
    assert "<html" in answer.text
    with cast.database.session() as session:
        assert session.scalars(select(Goal)).all() == []
    app.extensions["homeward"].database.close()


def test_crawling_every_page_of_a_tenant_changes_nothing(
    tenant_door: Flask, database: Database, session: Session, cast: Cast
) -> None:
    goal = write_goal(session, session.get_one(Tenant, cast.amina.id), "Cook", first_step="Soup")
    session.commit()
    amina = cast.at(tenant_door, cast.amina)
    before = everything(database)

    for rule, address in addresses(tenant_door):
        if "GET" in rule.methods:
            assert amina.get(address).status_code < 500
    amina.get(f"/goals/{goal.id}")

    after = everything(database)
    # Of whoever tries links that lead nowhere it is counted how often.
    assert [row for row in after.pop("throttle") if "job-wrong" not in row] == before.pop("throttle") == []
    assert after == before


def test_crawling_every_page_of_the_staff_leaves_only_the_note_that_they_read(
    staff_door: Flask, database: Database, cast: Cast
) -> None:
    for worker in (cast.grace, cast.nasrin, cast.joana, cast.devon, cast.priya):
        client = cast.at(staff_door, worker)
        before = everything(database, "look")
        for rule, address in addresses(staff_door):
            if "GET" in rule.methods:
                assert client.get(address).status_code < 500
        assert everything(database, "look") == before
