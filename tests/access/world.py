"""The lived-in house of the access walks, and plain facts about who its records belong to, read past the app's rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock, tables
from tenant_app.accounts.consent import Category
from tenant_app.accounts.entry import Passkey
from tenant_app.accounts.models import Cover, Role, Tenant, Worker
from tenant_app.accounts.read_alerts import ReadAlert
from tenant_app.accounts.rules import welcome_tenant
from tenant_app.accounts.safeguarding import tenants_answered_for
from tenant_app.database import Database
from tenant_app.demo.history import settle_in
from tenant_app.goals.evidence import Evidence
from tenant_app.goals.models import Goal
from tenant_app.groups.models import Booking, GroupSession
from tenant_app.groups.programme.series import GroupSeries
from tenant_app.groups.register.records import Missed, NamedAtDoor
from tenant_app.inspections.models import Inspection, ItemPhoto
from tenant_app.keys import open_keys
from tenant_app.reminders.models import Subscription
from tenant_app.reminders.safety import open_for_safety
from tenant_app.repairs.models import Repair, RepairPhoto
from tenant_app.settings import Settings
from tests.conftest import THURSDAY

Row = dict[str, Any]

_NEVER_OWNERS = {"worker_id", "made_by_id", "by_id", "second_id", "keyworker_id", "property_id", "building_id"}


class Facts:
    """Every row of every table, and whose it is by its keys alone."""

    def __init__(self, database: Database) -> None:
        self.rows: dict[str, list[Row]] = {}
        with database.session(reads_only=True) as session:
            for table in tables.metadata.sorted_tables:
                columns = [column for column in table.c if column.type.python_type is not bytes]
                self.rows[table.name] = [dict(row._mapping) for row in session.connection().execute(select(*columns))]
        self._by_id = {
            table: {row["id"]: row for row in rows if "id" in row} for table, rows in self.rows.items()
        }
        self.people = {person["id"]: person for person in self.rows["person"]}
        for table in ("worker", "tenant"):
            for row in self.rows[table]:
                self._by_id[table][row["id"]] = row | self.people[row["id"]]
            self.rows[table] = list(self._by_id[table].values())
        for table, rows in self.rows.items():
            for row in rows:
                row["_tenant"] = self.owner(table, row)

    def one(self, table: str, row_id: UUID | None) -> Row:
        """The row with this id; empty if there is none."""
        return self._by_id[table].get(row_id, {}) if row_id else {}

    def where(self, table: str, **values: Any) -> list[Row]:
        return [row for row in self.rows[table] if all(row[name] == value for name, value in values.items())]

    def owner(self, table: str, row: Row) -> UUID | None:
        """The person a row hangs on: its own `tenant_id` or `person_id`, or that of the row it is a part of."""
        if table in ("tenant", "person"):
            found: UUID = row["id"]
            return found
        for name in ("tenant_id", "person_id"):
            if row.get(name):
                whose: UUID = row[name]
                return whose
        for column in tables.metadata.tables[table].c:
            for key in column.foreign_keys:
                parent = key.column.table.name
                if column.name not in _NEVER_OWNERS and parent not in ("worker", "property", "group_session"):
                    above = self.one(parent, row.get(column.name))
                    if above and (owner := self.owner(parent, above)):
                        return owner
        return None

    def tenant_of(self, table: str, row: Row) -> Row:
        return self.one("tenant", self.owner(table, row))


@contextmanager
def lived_in_house(settings: Settings) -> Iterator[Database]:
    """Six weeks of the demo in an empty house until `THURSDAY`, and what the demo has too little of.

    The clock goes on when it stands. Whoever keeps the house for a whole run would stop it for every test that follows.
    """
    database = Database(settings.database)
    with clock.stopped_at(THURSDAY):
        with database.step() as session:
            settle_in(session, settings, open_keys(settings.instance), THURSDAY)
        with database.step() as session:
            furnish(session)
    yield database
    database.close()


def furnish(session: Session) -> None:
    """Of what nobody in the demo has, one each for two people: phones, locks, photos, names at a door, a missed group;
    and a second coordinator, who supervises nobody by name."""
    tenants = session.scalars(select(Tenant).order_by(Tenant.id)).all()
    session.add(Worker(name="Hana Svoboda", known_as="Hana", email="hana@wrenfield.example", role=Role.COORDINATOR))
    session.flush()
    workers = session.scalars(select(Worker).order_by(Worker.id)).all()
    for number, person in enumerate((*tenants[:2], *workers)):
        session.add(Passkey(person_id=person.id, credential=b"%d" % number, public_key=b"key", device="A phone"))
    for number, person in enumerate(tenants[:2]):
        session.add(Subscription(
            person_id=person.id, endpoint=f"https://fcm.googleapis.com/{number}", service="fcm.googleapis.com",
            p256dh="BA", auth="BA", signed_with="x", device="A phone",
        ))  # fmt: skip
    seen: set[UUID] = set()
    for repair in session.scalars(select(Repair).order_by(Repair.id)):
        if repair.tenant_id not in seen:
            seen.add(repair.tenant_id)
            session.add(RepairPhoto(repair_id=repair.id, file=f"{repair.id}.jpg", width=1, height=1, bytes=1, digest="0" * 64))
    done, rooms = Inspection.done_on.is_not(None), Inspection.tenant_id.is_not(None)
    for inspection in (*session.scalars(select(Inspection).where(done, ~rooms).limit(4)),
                       *session.scalars(select(Inspection).where(rooms).order_by(Inspection.id).limit(4))):  # fmt: skip
        session.add(ItemPhoto(
            inspection_id=inspection.id, item="damp", file=f"{inspection.id}.jpg", width=1, height=1, bytes=1,
            digest="0" * 64, worker_id=workers[0].id,
        ))  # fmt: skip
    missed: set[UUID] = set()
    for booking in session.scalars(select(Booking).order_by(Booking.id)):
        if len(missed) < 4 and booking.tenant_id not in missed:
            missed.add(booking.tenant_id)
            session.add(Missed(
                booking_id=booking.id, tenant_id=booking.tenant_id, wants_call_at=clock.now(),
                asked_at=clock.now() - timedelta(hours=1),
            ))  # fmt: skip
    # Of what only one person in the demo has, another's beside it.
    for goal in session.scalars(select(Goal).where(Goal.shared_at.is_not(None)).order_by(Goal.id.desc()).limit(2)):
        session.add(Evidence(goal_id=goal.id, note="The letter came", file=f"{goal.id}.jpg", width=1, height=1, digest="0" * 64))
    by_role = {worker.role: worker for worker in reversed(workers)}
    for role, category in ((Role.KEYWORKER, Category.SAFETY_PLAN), (Role.COORDINATOR, Category.CHECK_INS),
                           (Role.ADMINISTRATOR, Category.MESSAGES), (Role.ADMINISTRATOR, Category.MEDICATION)):  # fmt: skip
        worker = by_role[role]
        [tenant, *_] = session.scalars(tenants_answered_for(worker).where(Tenant.name != "Amina Warsame")).all()
        open_for_safety(session, worker, tenant, category, "Nobody has seen them since Sunday morning", "en",
                        withhold_because="They are not alone at home these days" if role is Role.KEYWORKER else "")  # fmt: skip
        if category is not Category.MEDICATION:
            session.add(ReadAlert(worker_id=worker.id, raised_at=clock.now(), last_at=clock.now(), tenants=30))
    just_over = GroupSession.starts_at.between(clock.now() - timedelta(days=5), clock.now())
    for group_session in session.scalars(select(GroupSession).where(just_over)):
        session.add(NamedAtDoor(
            session_id=group_session.id, name="Somebody", came_at=group_session.starts_at,
            written_by_id=group_session.facilitator_id or workers[0].id,
        ))  # fmt: skip
    _beside_what_all_have(session, tenants, workers)


def _beside_what_all_have(session: Session, tenants: Sequence[Tenant], workers: Sequence[Worker]) -> None:
    """Somebody who has left and somebody new, one absence in each of two teams, and a series for one house alone: beside
    them what all others have is somebody's, and not everybody's."""
    admin = next(one for one in workers if one.role is Role.ADMINISTRATOR)
    session.add(Worker(
        name="Otto Lind", known_as="Otto", email="otto@wrenfield.example", role=Role.KEYWORKER, left_at=clock.now()
    ))  # fmt: skip
    nadia = welcome_tenant(
        session, "Nadia Aziz", building=tenants[0].building, flat="Flat 20", moved_in_on=clock.now().date()
    )
    nadia.pin_hash = tenants[0].pin_hash  # or she would still be settling in
    hana = next(one for one in workers if one.name == "Hana Svoboda")
    supported = [one for one in workers if one.role is Role.KEYWORKER and one.left_at is None]
    hers = Worker(name="Iris Bloom", known_as="Iris", email="iris@wrenfield.example", role=Role.KEYWORKER,
                  coordinator_id=hana.id)  # fmt: skip
    session.add(hers)
    session.flush()
    begins, ends = clock.now() + timedelta(days=60), clock.now() + timedelta(days=64)
    for away, stands_in in ((supported[0], supported[1]), (hers, supported[1])):
        session.add(Cover(
            worker_id=away.id, covered_by_id=stands_in.id, from_on=begins.date(), until_on=ends.date(),
            begins_at=begins, ends_at=ends, arranged_by_id=admin.id,
        ))  # fmt: skip
    regular = session.scalars(select(GroupSeries).order_by(GroupSeries.id)).first()
    assert regular is not None
    meeting = session.scalars(select(GroupSession).where(GroupSession.series_id == regular.id)).first()
    assert meeting is not None
    house = next(one.property_id for one in tenants if one.property_id != tenants[0].property_id)
    other = GroupSeries(
        kind=regular.kind, first_on=begins.date(), weeks=1, starts=regular.starts, ends=regular.ends, zone=regular.zone,
        bank_holidays=regular.bank_holidays, planned_by_id=regular.planned_by_id,
    )  # fmt: skip
    session.add(other)
    session.flush()
    session.add(GroupSession(
        kind=regular.kind, starts_at=begins, ends_at=begins + timedelta(hours=1), zone=regular.zone, place="Here",
        building_id=house, facilitator_id=meeting.facilitator_id, capacity=6, series_id=other.id,
        regular_on=begins.date(),
    ))  # fmt: skip
