"""A copy of a record: every row of its tenant's, none of anyone else's, and nothing that opens a door (row 11)."""

from __future__ import annotations

import json
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant, Worker
from tenant_app.accounts.rules import look_at
from tenant_app.goals.rules import review_goal, write_goal
from tenant_app.reminders.models import Notice
from tenant_app.support.record.rules import COPIED
from tenant_app.support.record.ways import is_withheld, undeclared, ways
from tests.cast import PIN, Cast
from tests.rights.planting import plant


def test_of_every_table_somebody_said_whose_it_is() -> None:
    missing = undeclared()
    assert missing == [], (
        f"Nobody said whose these tables are: {missing}. A table with a column to tenant.id is found by itself. One that "
        "hangs on such a table needs ondelete=CASCADE to it. One that holds nothing of a tenant's goes into NOT_THEIRS "
        "in tenant_app/support/record/declared.py, with the reason."
    )


def unpacked(door: Flask, cast: Cast, name: str) -> dict[str, str]:
    answer = cast.at(door, getattr(cast, name)).post("/my-record/copy", data={"pin": PIN})
    assert answer.status_code == 200, answer.text[:2000]
    assert answer.headers["Content-Disposition"] == "attachment; filename=copy.zip"
    with ZipFile(BytesIO(answer.data)) as archive:
        return {each: archive.read(each).decode("utf-8", "replace") for each in archive.namelist()}


def test_a_copy_holds_every_row_of_its_tenant_and_none_of_anyone_elses(
    tenant_door: Flask, cast: Cast, session: Session
) -> None:
    planted = plant(session, cast)
    session.commit()
    assert len(planted.refused) <= len(ways()) // 6, planted.refused

    for name in ("amina", "salma"):
        files = unpacked(tenant_door, cast, name)
        whole = "".join(files.values())
        told = json.loads(files["record.json"])
        withheld = {f"{table}.{column}" for table, each in told["tables"].items() for column in each["withheld"]}

        missing = [(table, column) for sign, table, column in planted.of(name)
                   if sign not in files["record.json"] and f"{table}.{column}" not in withheld]  # fmt: skip
        strangers = [where for other in ("amina", "tomasz", "salma") if other != name
                     for sign, *where in planted.of(other) if sign in whole]  # fmt: skip
        secrets = [(table, column) for sign, table, column in planted.of(name)
                   if is_withheld(ways()[table].table.c[column]) and sign in whole]  # fmt: skip
        assert missing == []
        assert strangers == []
        assert secrets == []
        assert set(told["tables"]) == set(ways())


def test_a_copy_names_who_wrote_and_is_read_in_its_tenants_own_language(
    tenant_door: Flask, cast: Cast, session: Session
) -> None:
    salma, marek = session.get_one(Tenant, cast.salma.id), session.get_one(Worker, cast.marek.id)
    goal = write_goal(session, salma, "أريد أن أطبخ <script>alert(1)</script>", shared=True)
    review_goal(session, marek, goal, "Good to hear")
    look_at(session, marek, salma, "goal")
    session.commit()

    files = unpacked(tenant_door, cast, "salma")
    page, told = files["record.html"], json.loads(files["record.json"])

    assert '<html lang="ar" dir="rtl">' in page
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "Marek Nowak" in page
    assert "Good to hear" in page
    [review] = told["tables"]["review"]["rows"]
    assert review["worker"] == {"name": "Marek Nowak", "role": "keyworker"}
    assert "tenant" in told["tables"]["goal"]["means"]["row"]
    assert told["tables"]["goal"]["means"]["keys"]["why"] == "Why it matters to them."
    assert "pin_hash" in told["tables"]["tenant"]["withheld"]
    assert "argon2" not in files["record.json"]


def test_a_copy_is_asked_for_with_the_pin_and_told_of(tenant_door: Flask, cast: Cast, session: Session) -> None:
    phone = cast.at(tenant_door, cast.amina)
    shown = phone.get("/my-record/copy")

    assert shown.status_code == 200
    assert 'name="pin"' in shown.text
    assert [phone.post("/my-record/copy", data={"pin": typed}).status_code for typed in ("111111", "", "x" * 5000)] == [
        422
    ] * 3
    assert cast.at(tenant_door, None).post("/my-record/copy", data={"pin": PIN}).status_code in (303, 401)
    assert session.scalars(select(Notice).where(Notice.kind == COPIED)).all() == []
    session.close()

    unpacked(tenant_door, cast, "amina")
    assert "A copy of your record was made" in phone.get("/reminders").text


def test_copies_are_made_a_few_times_a_day(tenant_door: Flask, cast: Cast) -> None:
    phone = cast.at(tenant_door, cast.amina)

    answers = [phone.post("/my-record/copy", data={"pin": PIN}).status_code for _ in range(6)]

    assert answers == [200] * 5 + [429]
    assert cast.at(tenant_door, cast.tomasz).post("/my-record/copy", data={"pin": PIN}).status_code == 200


@pytest.mark.parametrize("shared", [True])
def test_a_phone_of_several_people_is_warned(tenant_door: Flask, cast: Cast, shared: bool) -> None:
    assert "The file would stay on it" in cast.at(tenant_door, cast.amina, shared=shared).get("/my-record/copy").text
    assert "The file would stay on it" not in cast.at(tenant_door, cast.amina).get("/my-record/copy").text
