"""The database comes to this release's tables by migrations, up and down, with people in it, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select, text

from tenant_app import tables
from tenant_app.accounts.models import Occupancy, Tenant, Worker
from tenant_app.database import Database
from tenant_app.medication.rules import slots_of_day
from tenant_app.migrations import downgrade, is_current, upgrade
from tenant_app.rent.importing.models import RentImport, RentRefusal
from tenant_app.rent.importing.problems import Why
from tenant_app.rent.models import RentAccount
from tenant_app.rent.rules import balance
from tenant_app.repairs.clocks.policy import Kind
from tenant_app.repairs.clocks.rules import fill_in
from tenant_app.repairs.models import Repair, State
from tests.cast import Cast
from tests.machine import postgres


@pytest.fixture
def bare(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database with nothing in it."""
    if backend == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'bare.sqlite'}")
        yield database
        database.close()
        return
    admin, name = request.getfixturevalue("postgres_address"), f"bare_{uuid4().hex}"
    database = Database(postgres.fresh_database(admin, name))
    yield database
    database.close()
    postgres.drop_database(admin, name)


def test_migrations_lead_to_exactly_the_tables_of_the_source(bare: Database) -> None:
    upgrade(bare.engine)

    with bare.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []
    assert is_current(bare.engine)


def test_a_bare_database_is_not_current(bare: Database) -> None:
    assert not is_current(bare.engine)


def test_upgrading_twice_changes_nothing(bare: Database) -> None:
    upgrade(bare.engine)
    cast = Cast.gather(bare)
    upgrade(bare.engine)

    with bare.session() as session:
        assert session.scalars(select(Tenant.name).order_by(Tenant.name)).all() == sorted(
            [cast.amina.name, cast.tomasz.name, cast.salma.name]
        )


def test_the_way_back_leaves_nothing_behind(bare: Database) -> None:
    upgrade(bare.engine)
    Cast.gather(bare)

    downgrade(bare.engine, "base")

    assert set(inspect(bare.engine).get_table_names()) <= {"alembic_version"}
    upgrade(bare.engine)
    assert is_current(bare.engine)


OLDER_HOUSE = """
    INSERT INTO property (id, name, address, borough) VALUES (:id, 'Alma Road', '', '');
    INSERT INTO person (id, kind, name, known_as, language, scheme, joined_at)
        VALUES (:id, 'tenant', 'Amina Warsame', 'Amina', 'en', '', :then);
    INSERT INTO tenant (id, sign_in_name, pin_hash, property_id, flat, occupancy, moved_in_on, named_on_lock_screen)
        VALUES (:id, 'amina4', '', :id, '4', 'tenancy', '2026-05-04', :no);
    INSERT INTO medicine (id, tenant_id, name, amount, purpose, starts_on, written_at)
        VALUES (:id, :id, 'Metformin 500 mg', '1 tablet', '', '2026-05-04', :then);
    INSERT INTO dose_time (id, medicine_id, wall_time, first_day) VALUES (:id, :id, '09:00:00.000000', '2026-05-04');
    INSERT INTO dose (id, medicine_id, tenant_id, day, wall_time, answer, taken_at, answered_at)
        VALUES (:id, :id, :id, '2026-11-26', '09:00:00.000000', 'taken', :then, :then);
    INSERT INTO rent_account (id, tenant_id, frequency, first_due_on, eligible_rent_pence, service_charge_pence,
        benefit_pays_rent, reference, zone)
        VALUES (:id, :id, 'weekly', '2026-11-20', 22150, 1850, :yes, 'W1', 'Europe/London');
    INSERT INTO rent_entry (id, account_id, day, kind, part, pence, note, reference)
        VALUES (:id, :id, '2026-11-20', 'payment', 'service', 1850, '', 'bank 1');
"""
"""People as the first release wrote them."""


def test_a_house_of_the_first_release_moves_with_its_people(bare: Database) -> None:
    upgrade(bare.engine, "0001")
    values = {"id": uuid4().hex, "then": "2026-11-25 09:00:00.000000", "yes": True, "no": False}
    if bare.engine.dialect.name == "postgresql":
        values["then"] += "+00:00"
    with bare.engine.begin() as connection:
        for statement in filter(str.strip, OLDER_HOUSE.split(";")):
            connection.execute(text(statement), values)
    upgrade(bare.engine)

    london = ZoneInfo("Europe/London")
    with bare.session() as session:
        amina = session.scalars(select(Tenant)).one()
        (slot,) = slots_of_day(session, amina, date(2026, 11, 27), london)
        account = session.scalars(RentAccount.of(amina)).one()
        assert ([medicine.name for medicine in slot.medicines], slot.taken) == (["Metformin 500 mg"], False)
        assert slots_of_day(session, amina, date(2026, 11, 26), london)[0].taken
        assert (account.began_on, account.occupancy) == (date(2026, 5, 4), Occupancy.TENANCY)
        assert balance(session, account, date(2026, 11, 20)) == 0

    downgrade(bare.engine, "0001")
    with bare.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM dose")) == 1


def test_files_that_were_imported_before_refused_rows_were_kept_stay(bare: Database) -> None:
    upgrade(bare.engine, "0002")
    values = {"id": uuid4().hex, "then": "2026-11-25 09:00:00.000000"}
    if bare.engine.dialect.name == "postgresql":
        values["then"] += "+00:00"
    with bare.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO rent_import (id, file_name, sha256, sent_at, finished_at, new, known, refused)"
                 " VALUES (:id, 'bank.csv', '', :then, :then, 3, 0, 2)"), values,
        )  # fmt: skip
    upgrade(bare.engine)
    with bare.session() as session:
        kept = session.scalars(select(RentImport)).one()
        assert (kept.file_name, kept.refused, kept.kind) == ("bank.csv", 2, None)
        session.add(RentRefusal(import_id=kept.id, line=2, why=Why.SUM, identity="0" * 64))
        session.commit()

    downgrade(bare.engine, "0002")
    with bare.engine.connect() as connection:
        assert connection.scalar(text("SELECT refused FROM rent_import")) == 2


FOUND = """
    INSERT INTO property (id, name, address, borough) VALUES (:id, 'Alma Road', '', '');
    INSERT INTO person (id, kind, name, known_as, language, scheme, joined_at)
        VALUES (:id, 'worker', 'Devon Clarke', 'Devon', 'en', '', :then);
    INSERT INTO worker (id, email, password_hash, role, footing, footing_told, sealed_totp, totp_step)
        VALUES (:id, 'devon@example.org', '', 'housing_officer', 'employee', :no, '', 0);
    INSERT INTO inspection (id, kind, property_id, flat, items, due_on, planned_at, words, language, version)
        VALUES (:id, 'building-round', :id, '', '[]', '2026-11-20', :then, '', '', 1);
    INSERT INTO inspection_finding (id, inspection_id, item, kind, rooms, words, language, worker_id, aware_at,
        settled_at, settled_by_id, settled_words, settled_language)
        VALUES (:id, :id, 'fire-doors', 'lock', '["shared-stairs"]', 'Wedged open', 'en', :id, :then, NULL, NULL, '', '');
    INSERT INTO inspection_finding (id, inspection_id, item, kind, rooms, words, language, worker_id, aware_at,
        settled_at, settled_by_id, settled_words, settled_language)
        VALUES (:other, :id, 'damp', 'damp-mould', '["shared"]', 'Black spots', 'en', :id, :then, :then, :id,
        'Washed and painted', 'en');
"""
"""What a round found, before it was a repair: one thing to mend, and one that is mended."""


def test_what_inspections_of_houses_found_becomes_a_repair_and_again_a_note(bare: Database) -> None:
    upgrade(bare.engine, "0009")
    values = {"id": uuid4().hex, "other": uuid4().hex, "then": "2026-11-25 09:00:00.000000", "no": False}
    if bare.engine.dialect.name == "postgresql":
        values["then"] += "+00:00"
    with bare.engine.begin() as connection:
        for statement in filter(str.strip, FOUND.split(";")):
            connection.execute(text(statement), values)
    upgrade(bare.engine)

    with bare.session() as session:
        devon = session.scalars(select(Worker)).one()
        repairs = session.scalars(Repair.whole(Repair.desk_of(devon)).order_by(Repair.kind)).all()
        assert [(each.kind, each.state, each.hazard, each.shared, each.home) for each in repairs] == [
            ("damp-mould", State.FIXED, True, True, "Alma Road"), ("lock", State.REPORTED, False, True, "Alma Road")
        ]
        assert [[line.words for line in each.updates] for each in repairs] == [["Washed and painted", ""], [""]]
        fill_in(session)
        assert [each.kind for each in repairs[1].clocks] == [Kind.MEND]
        session.commit()

    downgrade(bare.engine, "0009")
    with bare.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM repair")) == 0
        said = text("SELECT item, settled_words FROM inspection_finding ORDER BY item")
        assert connection.execute(said).all() == [("damp", "Washed and painted"), ("fire-doors", "")]
