"""The read log shows whatever was done to it, and cannot be done anything to by the house itself."""

from __future__ import annotations

from datetime import timedelta
from threading import Event, Thread
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete, event, func, insert, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tenant_app import clock, health
from tenant_app.accounts import models
from tenant_app.accounts.models import Look, Tenant, Worker
from tenant_app.accounts.read_log import AppendOnly, ReadLogHead
from tenant_app.accounts.read_log_check import BrokenLink, Damage, walk
from tenant_app.accounts.read_log_guard import begin_chains, is_guarded, lift_guard, set_guard
from tenant_app.accounts.rules import look_at
from tenant_app.database import Database, new_id
from tenant_app.settings import Settings
from tests.cast import Cast

AMINAS = 5


@pytest.fixture
def read(session: Session, amina: Tenant, salma: Tenant, grace: Worker) -> None:
    """Amina's record was read five times, and Salma's once."""
    for number in range(AMINAS):
        look_at(session, grace, amina, "goal", reason=f"for the {number}. time, “é”")
    look_at(session, grace, salma, "overview")
    session.commit()


def row(session: Session, amina: Tenant, number: int) -> str:
    """The id of Amina's look with this number, as raw SQL writes it."""
    look_id = session.scalar(select(Look.id).where(Look.tenant_id == amina.id, Look.number == number))
    assert look_id is not None
    return look_id.hex


def tamper(session: Session, *statements: str, **values: object) -> None:
    lift_guard(session.connection())
    for statement in statements:
        session.execute(text(statement), values)
    set_guard(session.connection())
    session.commit()


def test_an_untouched_log_is_whole(session: Session, read: None, amina: Tenant) -> None:
    found = walk(session)

    assert (found.rows, found.earlier, found.broken, found.first, found.guarded) == (AMINAS + 1, 0, 0, None, True)
    assert session.scalars(Look.at_record_of(amina).with_only_columns(Look.number)).all() != []


CHANGES: dict[str, tuple[list[str], int, Damage]] = {
    "changed": (["UPDATE look SET what = 'rent' WHERE id = :third"], 3, Damage.CHANGED),
    "given to another worker": (["UPDATE look SET worker_id = :marek WHERE id = :third"], 3, Damage.CHANGED),
    "deleted": (["DELETE FROM look WHERE id = :third"], 3, Damage.MISSING),
    "swapped": (
        ["UPDATE look SET number = 99 WHERE id = :third", "UPDATE look SET number = 3 WHERE id = :fourth",
         "UPDATE look SET number = 4 WHERE id = :third"], 3, Damage.CHANGED,
    ),
    "inserted at the end": (
        ["INSERT INTO look (id, tenant_id, worker_id, what, reason, looked_at, number, digest) SELECT :new, tenant_id,"
         " worker_id, what, reason, looked_at, 6, digest FROM look WHERE id = :third"], 6, Damage.ADDED,
    ),
    "inserted without a number": (
        ["INSERT INTO look (id, tenant_id, worker_id, what, reason, looked_at) SELECT :new, tenant_id,"
         " worker_id, what, reason, looked_at FROM look WHERE id = :third"], 0, Damage.ADDED,
    ),
    "cut off": (["DELETE FROM look WHERE id IN (:fourth, :fifth)"], 4, Damage.CUT),
    "cut off with its head": (
        ["DELETE FROM look WHERE id IN (:fourth, :fifth)", "UPDATE read_log_head SET number = 3 WHERE number = 5"],
        3, Damage.CHANGED,
    ),
    "gone altogether": (
        ["DELETE FROM look WHERE tenant_id = :amina", "DELETE FROM read_log_head WHERE tenant_id = :amina"],
        0, Damage.NO_HEAD,
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_done_to_it_behind_the_houses_back_is_named(
    session: Session, cast: Cast, read: None, amina: Tenant, change: str
) -> None:
    statements, number, damage = CHANGES[change]
    values = {"third": row(session, amina, 3), "fourth": row(session, amina, 4), "fifth": row(session, amina, 5),
              "new": new_id().hex, "marek": cast.marek.id.hex, "amina": amina.id.hex}  # fmt: skip
    asked = {name: value for name, value in values.items() if any(f":{name}" in one for one in statements)}

    tamper(session, *statements, **asked)

    found = walk(session)
    assert (found.broken, found.first) == (1, BrokenLink(amina.id, number, damage))


def test_the_check_says_where_it_is_broken(
    session: Session, read: None, amina: Tenant, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "is_current", lambda _: True)
    assert health._read_log(settings) == []

    tamper(session, "UPDATE look SET reason = '' WHERE id = :third", third=row(session, amina, 3))
    [problem] = health._read_log(settings)
    assert f"of tenant {amina.id}, at row 3" in problem

    lift_guard(session.connection())
    session.commit()
    assert "its triggers are gone" in health._read_log(settings)[0]


def test_rows_of_before_are_counted_and_not_vouched_for(
    session: Session, amina: Tenant, grace: Worker, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = session.connection()
    lift_guard(connection)
    connection.execute(delete(ReadLogHead))
    connection.execute(
        insert(models.Look.__table__),  # type: ignore[arg-type]
        [{"id": new_id(), "tenant_id": amina.id, "worker_id": grace.id, "what": "goal", "reason": "",
          "looked_at": clock.now(), "number": None}],
    )  # fmt: skip
    begin_chains(connection)
    set_guard(connection)
    session.commit()
    look_at(session, grace, amina, "goal")
    session.commit()

    found = walk(session)

    assert (found.rows, found.earlier, found.first) == (2, 1, None)
    session.rollback()
    monkeypatch.setattr(health, "is_current", lambda _: True)
    assert any("1 rows of before" in remark for remark in health.remarks(settings))


@pytest.mark.parametrize(
    "statement",
    ["UPDATE look SET what = 'rent'", "DELETE FROM look", "UPDATE read_log_head SET number = 0, digest = ''",
     "DELETE FROM read_log_head"],
)  # fmt: skip
def test_the_database_itself_refuses(session: Session, read: None, statement: str) -> None:
    with pytest.raises(SQLAlchemyError, match="append-only"):
        session.execute(text(statement))


def test_the_house_refuses_before_that(session: Session, read: None, amina: Tenant) -> None:
    look = session.scalars(select(Look).where(Look.number == 3)).one()
    for change in (update(Look).values(what="rent"), delete(Look), insert(Look).values(what="goal")):
        with pytest.raises(AppendOnly):
            session.execute(change)
    look.what = "rent"
    with pytest.raises(AppendOnly):
        session.flush()
    session.rollback()
    session.delete(look)
    with pytest.raises(AppendOnly):
        session.flush()


def test_who_is_erased_takes_their_readings_along_and_nobody_elses(
    session: Session, read: None, amina: Tenant
) -> None:
    session.execute(text("DELETE FROM tenant WHERE id = :id"), {"id": amina.id.hex})
    session.execute(text("DELETE FROM person WHERE id = :id"), {"id": amina.id.hex})
    session.commit()

    assert session.scalar(select(func.count()).select_from(Look)) == 1
    assert walk(session).first is None


def test_the_guard_can_be_lifted_and_set_again(session: Session, read: None) -> None:
    assert lift_guard(session.connection())
    assert not is_guarded(session.connection())
    assert not lift_guard(session.connection())
    set_guard(session.connection())
    set_guard(session.connection())
    assert is_guarded(session.connection())


def test_a_reading_costs_three_statements_and_so_do_thirty(
    session: Session, cast: Cast, amina: Tenant, tomasz: Tenant, grace: Worker
) -> None:
    session.scalar(select(Look.id))
    said: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *args: said.append(args[2]))

    look_at(session, grace, amina, "safety-plan")
    assert len(said) == 3, said

    said.clear()
    session.add_all(Look(worker_id=grace.id, tenant_id=each.id, what="register") for each in [amina, tomasz] * 15)
    session.flush()
    assert len(said) == 3, said
    session.commit()
    assert walk(session).first is None


def test_two_hundred_readings_leave_two_hundred_rows(staff_door: Flask, session: Session, cast: Cast) -> None:
    grace = cast.at(staff_door, cast.grace)
    for number in range(200):
        whose = cast.amina if number % 2 else cast.tomasz
        assert grace.get(f"/caseload/{whose.id}/placement").status_code == 200

    assert session.scalar(select(func.count()).select_from(Look).where(Look.what == "overview")) == 200
    found = walk(session)
    assert (found.rows, found.first) == (200, None)


def test_what_cannot_be_written_down_cannot_be_read(staff_door: Flask, session: Session, cast: Cast) -> None:
    with session.get_bind().begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(
                "CREATE TRIGGER full_disk BEFORE INSERT ON look BEGIN SELECT RAISE(ABORT, 'no room'); END"
            )
        else:
            connection.exec_driver_sql("ALTER TABLE look ADD CONSTRAINT full_disk CHECK (what = '') NOT VALID")

    answer = cast.at(staff_door, cast.grace).get(f"/caseload/{cast.amina.id}")

    assert answer.status_code in (409, 500, 503)
    assert "Amina" not in answer.text


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_two_keyworkers_at_different_records_do_not_wait_for_each_other(
    database: Database, cast: Cast
) -> None:
    def reads(tenant_id: UUID, done: Event) -> None:
        with database.step() as other:
            look_at(other, other.get_one(Worker, cast.marek.id), other.get_one(Tenant, tenant_id), "goal")
        done.set()

    salmas, aminas = Event(), Event()
    with database.step() as session:
        look_at(session, session.get_one(Worker, cast.grace.id), session.get_one(Tenant, cast.amina.id), "goal")
        threads = [Thread(target=reads, args=(tenant.id, done), daemon=True)
                   for tenant, done in ((cast.salma, salmas), (cast.amina, aminas))]  # fmt: skip
        for thread in threads:
            thread.start()
        assert salmas.wait(10)
        assert not aminas.is_set()
    for thread in threads:
        thread.join(10)
    assert aminas.is_set()
    with database.session() as session:
        assert walk(session).first is None


def test_the_log_is_told_each_row_once_it_is_kept(
    staff_door: Flask, session: Session, cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    session.rollback()
    cast.at(staff_door, cast.grace).get(f"/caseload/{cast.amina.id}")

    told = [line for line in capsys.readouterr().out.splitlines() if "read log" in line]
    look = session.scalars(select(Look)).one()
    assert len(told) == 1
    assert str(look.digest) in told[0]
    assert "Amina" not in told[0]
    assert clock.now() - look.looked_at < timedelta(minutes=1)


