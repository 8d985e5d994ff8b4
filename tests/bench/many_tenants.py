"""A house of any number of tenants with some months behind them, written straight into the database: a measurement's
own seed. Everybody has a keyworker of twelve, goals, messages, check-ins, a phone, groups that they came to or not."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Table,
    Uuid,
    cast,
    func,
    insert,
    literal,
    null,
    select,
    text,
    type_coerce,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import String

from tenant_app import clock, tables
from tenant_app.accounts.models import Property, Role, Worker
from tenant_app.database import Database

CASELOAD = 12
KINDS = {name: number for number, name in enumerate(
    ["worker", "tenant", "goal", "step", "message", "check_in", "push_subscription", "consent", "look", "group_session",
     "booking", "missed", "rent_account", "hardship", "training_record"], start=1,
)}  # fmt: skip
APART = 1 << 40
"""Room for the rows of one kind, and of one round of them."""


def the_id(kind: str, number: int, round_: int = 0) -> UUID:
    """The row with this number among those of its kind."""
    return UUID(int=(KINDS[kind] << 44) + round_ * APART // 64 + number)


def move_in(database: Database, many: int, *, coordinator_of: int = 0) -> None:
    """`many` tenants. The first twelve are the keyworker's whose number is 0; with `coordinator_of`, the first so many
    are the coordinator's, whose number is `many`. All keyworkers are in the team of another coordinator."""
    postgres = database.engine.dialect.name == "postgresql"
    with database.step() as session:
        if postgres:  # of what is known to fit together, not each row is looked up again
            session.execute(text("SET LOCAL session_replication_role = replica"))
        home = Property(name="The full house")
        session.add(home)
        session.flush()
        _people(session, many, home.id, coordinator_of)
        _months(session, many, home.id)
    if postgres:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    database.take_stock()


def worker_of(session: Session, number: int) -> Worker:
    """The worker with this number."""
    return session.get_one(Worker, the_id("worker", number))


def _people(session: Session, many: int, home: UUID, coordinator_of: int) -> None:
    workers = -(-many // CASELOAD)
    began = datetime.combine(date(2026, 1, 5), time(9), UTC)
    # Keyworkers whom nobody supervises would be in every coordinator's team, and with them all who live here.
    teams = literal(the_id("worker", many + 1), Uuid())
    for numbers, role, supervised_by in (
        (range(many, many + 2), Role.COORDINATOR, null()), (range(workers), Role.KEYWORKER, teams)
    ):  # fmt: skip
        n = _numbers(len(numbers), numbers.start)
        _fill(session, "person", n, id=_id(session, "worker", n), kind="worker", name="Worker " + _said(n),
              known_as="Worker", joined_at=began)  # fmt: skip
        n = _numbers(len(numbers), numbers.start)
        _fill(session, "worker", n, id=_id(session, "worker", n), email="w" + _said(n) + "@example.org", role=role,
              coordinator_id=supervised_by)  # fmt: skip
    n = _numbers(workers)
    _fill(session, "training_record", n, id=_id(session, "training_record", n), worker_id=_id(session, "worker", n),
          course="fire-safety", done_on=began.date(), valid_until=clock.now().date() + timedelta(days=200),
          checked_by_id=the_id("worker", many))  # fmt: skip
    n = _numbers(many)
    _fill(session, "person", n, id=_id(session, "tenant", n), kind="tenant", name="Tenant " + _said(n),
          known_as="Tenant", joined_at=began)  # fmt: skip
    for numbers, kept in ((range(coordinator_of), many), (range(coordinator_of, many), None)):
        if not numbers:
            continue
        n = _numbers(len(numbers), numbers.start)
        keyworker = _keyworker(session, n) if kept is None else literal(the_id("worker", kept), Uuid())
        _fill(session, "tenant", n, id=_id(session, "tenant", n), sign_in_name="t" + _said(n), property_id=home,
              flat=_said(n), moved_in_on=date(2026, 1, 5), keyworker_id=keyworker,
              sought="tenant " + _said(n) + " tenant " + _said(n))  # fmt: skip


def _months(session: Session, many: int, home: UUID) -> None:
    now = clock.now()
    today = now.date()
    for round_ in range(2):
        n = _numbers(many)
        mine = _tenant(session, n)
        _fill(session, "goal", n, id=_id(session, "goal", n, round_), tenant_id=mine, words="Cook for myself twice a week",
              shared_at=now if round_ else None, written_at=now - timedelta(days=90), version=1)  # fmt: skip
        for step in range(3):
            n = _numbers(many)
            _fill(session, "step", n, id=_id(session, "step", n, round_ * 3 + step), words="Go to the market",
                  goal_id=_id(session, "goal", n, round_), position=step + 1,
                  done_at=now - timedelta(days=30 - step) if step < 2 else None)  # fmt: skip
    for round_ in range(4):
        _each_third(session, "message", many, round_, lambda n, part, round_=round_: {
            "tenant_id": _tenant(session, n), "worker_id": _theirs(session, n), "by_tenant": bool(round_ % 2),
            "words": "Hello", "written_at": now - timedelta(days=9 * round_ + part),
            "waits_since": now - timedelta(days=part) if round_ == 1 else None,
        })  # fmt: skip
        _each_third(session, "check_in", many, round_, lambda n, part, round_=round_: {
            "tenant_id": _tenant(session, n), "day": today - timedelta(days=7 * round_ + 6 * part), "words": "A good week",
            "said_at": now,
        })  # fmt: skip
        n = _numbers(many)
        _fill(session, "look", n, id=_id(session, "look", n, round_), tenant_id=_tenant(session, n),
              worker_id=_theirs(session, n), what="overview", looked_at=now - timedelta(days=round_))  # fmt: skip
    _each_third(session, "push_subscription", many, 0, lambda n, part: {
        "person_id": _tenant(session, n), "endpoint": "https://push.example.org/" + _said(n), "p256dh": "p", "auth": "a",
        "made_at": now, "failing_since": now - timedelta(days=3) if part == 2 else None,
    })  # fmt: skip
    for round_, category in enumerate(("check-ins", "groups")):
        n = _numbers(many)
        _fill(session, "consent", n, id=_id(session, "consent", n, round_), tenant_id=_tenant(session, n),
              worker_id=_theirs(session, n), category=category, given_as="keyworker", given_at=now,
              expires_on=today + timedelta(days=90), expires_at=now + timedelta(days=90))  # fmt: skip
    _groups(session, many, now)
    _rent(session, many, now)


def _groups(session: Session, many: int, now: datetime) -> None:
    """A session for every fifty, in each of the last three weeks; a third of those who booked did not come."""
    sessions = max(many // 50, 1)
    for round_ in range(3):
        n = _numbers(sessions)
        starts_at = now - timedelta(days=7 * round_ + 2)
        _fill(session, "group_session", n, id=_id(session, "group_session", n, round_), kind="cooking-together",
              starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), zone="UTC", place="The kitchen", capacity=60,
              places_taken=50, facilitator_id=_id(session, "worker", n % max(many // CASELOAD, 1)))  # fmt: skip
        _each_third(session, "booking", many, round_, lambda n, part, round_=round_: {
            "session_id": _id(session, "group_session", n % sessions, round_), "tenant_id": _tenant(session, n),
            "standing": "place", "booked_at": now, "attendance": "not_here" if part == 1 else "here" if part else None,
        })  # fmt: skip
    n = _numbers(many // 3)
    _fill(session, "missed", n, id=_id(session, "missed", n), booking_id=_id(session, "booking", n * 3 + 1),
          tenant_id=_tenant(session, n * 3 + 1), asked_at=now - timedelta(days=1))  # fmt: skip


def _rent(session: Session, many: int, now: datetime) -> None:
    today = now.date()
    n = _numbers(many)
    _fill(session, "rent_account", n, id=_id(session, "rent_account", n), tenant_id=_tenant(session, n), zone="UTC",
          began_on=date(2026, 1, 5), frequency="weekly", first_due_on=date(2026, 1, 5), eligible_rent_pence=18_000,
          service_charge_pence=2_500)  # fmt: skip
    n = _numbers(many // 4)
    _fill(session, "hardship", n, id=_id(session, "hardship", n), account_id=_id(session, "rent_account", n * 4),
          about="rent", about_day=today, happened=["late"], tell_keyworker=True,
          told_at=now - timedelta(days=2))  # fmt: skip


def _each_third(session: Session, kind: str, many: int, round_: int, row: Any) -> None:
    """A row for each tenant; `row(n, part)` is told which third they are in, so that not all are alike."""
    for part in range(3):
        n = _numbers(-(-(many - part) // 3)) * 3 + part
        _fill(session, kind, n, id=_id(session, kind, n, round_), **row(n, part))


def _numbers(many: int, first: int = 0) -> ColumnElement[int]:
    """The column of a question that has a row for each number."""
    rows = select(literal(first, BigInteger()).label("n")).cte("numbers", recursive=True)
    rows = rows.union_all(select(rows.c.n + 1).where(rows.c.n < first + many - 1))
    return rows.c.n


def _said(n: ColumnElement[int]) -> ColumnElement[str]:
    return cast(n + 10_000_000, String())


def _id(session: Session, kind: str, n: ColumnElement[int], round_: int = 0) -> ColumnElement[UUID]:
    number = cast(n, BigInteger()) + literal(int(the_id(kind, 0, round_)), BigInteger())
    if session.get_bind().dialect.name == "postgresql":
        return cast(func.lpad(func.to_hex(number), 32, "0"), Uuid())
    return type_coerce(func.printf("%032x", number), Uuid())


def _tenant(session: Session, n: ColumnElement[int]) -> ColumnElement[UUID]:
    return _id(session, "tenant", n)


def _keyworker(session: Session, n: ColumnElement[int]) -> ColumnElement[UUID]:
    return _id(session, "worker", n // CASELOAD)


def _theirs(session: Session, n: ColumnElement[int]) -> ColumnElement[UUID]:
    """Whoever supports this tenant, as the tenants' own rows say."""
    people = tables.metadata.tables["tenant"]
    return select(people.c.keyworker_id).where(people.c.id == _tenant(session, n)).scalar_subquery()


def _fill(session: Session, kind: str, n: ColumnElement[int], /, **row: Any) -> None:
    """Write a row of this table for each number."""
    table: Table = tables.metadata.tables[kind]
    said = [
        value if isinstance(value, ColumnElement) else literal(value, table.c[key].type) for key, value in row.items()
    ]
    chosen = select(*(one.label(key) for key, one in zip(row, said, strict=True)))
    session.execute(insert(table).from_select(list(row), chosen.where(n >= 0)))
