"""What is erased is gone, from every table and file, and stays gone when an older copy is restored (row 12)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import JSON, LargeBinary, String, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.database import Base, Database
from tenant_app.goals.models import Goal
from tenant_app.goals.rules import write_goal
from tenant_app.groups.models import GroupSession
from tenant_app.health import problems
from tenant_app.key_work.rules import NEWS_LASTS, WRITTEN
from tenant_app.reminders.models import Notice
from tenant_app.reminders.rules import announce
from tenant_app.settings import Settings
from tenant_app.support.record.again import finish, list_of, noted, settle_erasures
from tenant_app.support.record.declared import KEPT, UNLINKED
from tenant_app.support.record.erasing import erase, forget_kept
from tenant_app.support.record.models import Erasure, digest_of
from tenant_app.support.record.parts import EVERYTHING, erasable
from tenant_app.support.record.ways import folders_of, is_file, ways
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.houses import Houses, build
from tests.machine import postgres
from tests.rights.planting import Planted, plant


def live(session: Session) -> str:
    """Everything that stands anywhere in the database, as one text; but for the list of erasures, which keeps the names
    of pictures."""
    session.expire_all()
    found = []
    for table in Base.metadata.sorted_tables:
        if table.name == "erasure":
            continue
        columns = [column for column in table.columns if isinstance(column.type, (String, JSON, LargeBinary))]
        for row in session.execute(select(*columns)) if columns else ():
            found += [str(value) for value in row if value]
    return "\n".join(found)


def left_of(planted: Planted, whose: str, text: str) -> list[tuple[str, str]]:
    return [(table, column) for sign, table, column in planted.of(whose) if sign in text]


def kept_by_declaration(where: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(table, column) for table, column in where if column not in getattr(KEPT.get(table), "keeps", ())]


@pytest.fixture
def planted(session: Session, cast: Cast, settings: Settings) -> Planted:
    planted = plant(session, cast)
    for folder in folders_of(settings):
        folder.mkdir(parents=True, exist_ok=True)
    for sign, table, column in [*planted.of("amina"), *planted.of("tomasz")]:
        if is_file(ways()[table].table.c[column]):
            folder = settings.documents if table == "document" else settings.photos
            (folder / sign).write_bytes(b"a file " + sign.encode())
    session.commit()
    assert len(planted.refused) <= len(ways()) // 6, planted.refused
    return planted


FILES_OF = {"document", "goal_evidence", "inspection_photo", "repair_photo"}


def files_of(settings: Settings) -> dict[Path, bytes]:
    """Every file of tenants that lies anywhere, with what is in it."""
    return {path: path.read_bytes() for folder in folders_of(settings) for path in folder.iterdir()}


def everything(session: Session, cast: Cast, settings: Settings) -> Erasure:
    erasure = erase(
        session, session.get_one(Tenant, cast.amina.id), session.get_one(Worker, cast.nasrin.id), [EVERYTHING]
    )
    session.commit()
    finish(settings, erasure)
    return erasure


def test_nothing_of_theirs_is_left_in_any_table_or_file_and_nothing_of_others_is_gone(
    session: Session, cast: Cast, settings: Settings, planted: Planted
) -> None:
    before = {name: left_of(planted, name, live(session)) for name in ("amina", "tomasz", "salma")}
    assert len(before["amina"]) > 100

    erasure = everything(session, cast, settings)
    text = live(session)

    assert kept_by_declaration(left_of(planted, "amina", text)) == []
    assert "Amina" not in text
    assert cast.amina.id.hex not in text
    assert str(cast.amina.id) not in text
    for other in ("tomasz", "salma"):
        assert left_of(planted, other, text) == before[other]
    assert {table for _, table, column in planted.of("tomasz") if column == "file"} == FILES_OF
    assert [b"Bq" in content for content in files_of(settings).values()] == [True] * len(FILES_OF)
    assert session.get(Tenant, cast.amina.id) is None
    assert erasure.subject_digest == digest_of(cast.amina.id)
    assert erasure.rows > 40


def test_what_has_to_be_kept_stays_without_name_or_words_and_goes_when_its_time_is_over(
    session: Session, cast: Cast, settings: Settings, planted: Planted
) -> None:
    counts = {name: rows(session, name) for name in KEPT}
    erasure = everything(session, cast, settings)

    assert {name: rows(session, name) for name in KEPT} == counts
    nobody = session.get_one(Tenant, erasure.kept_as)
    assert (nobody.name, nobody.flat, nobody.pin_hash, nobody.left_at is not None) == ("–", "", "", True)
    assert erasure.kept_until is not None
    assert erasure.kept_until.year == 2032
    assert all(kept.reason for kept in KEPT.values())

    with clock.stopped_at(THURSDAY.replace(year=2032)):
        forget_kept(session)
        session.commit()
    assert {name: rows(session, name) for name in KEPT} == {name: max(count - 1, 0) for name, count in counts.items()}
    assert erasure.kept_as is None


def rows(session: Session, name: str) -> int:
    return len(session.execute(select(Base.metadata.tables[name])).all())


def test_what_a_house_decided_stays_and_is_nobodys(
    session: Session, cast: Cast, settings: Settings, planted: Planted
) -> None:
    counts = {name: rows(session, name) for name in UNLINKED if name not in planted.refused}
    everything(session, cast, settings)

    assert counts
    assert {name: rows(session, name) for name in counts} == counts


def test_a_restored_older_copy_is_erased_again(
    session: Session,
    cast: Cast,
    settings: Settings,
    planted: Planted,
    older_copy: Callable[[], AbstractContextManager[str]],
    tmp_path: Path,
) -> None:
    lying = files_of(settings)
    assert len(lying) == 2 * len(FILES_OF)
    with older_copy() as restored:
        everything(session, cast, settings)
        session.close()
        for path, content in lying.items():
            path.write_bytes(content)
        there = replace(settings, database_url=restored)
        database = Database(there.database)
        with database.session(reads_only=True) as looking:
            assert left_of(planted, "amina", live(looking))
        assert any("homeward erasures" in each for each in problems(there))

        with database.step() as again:
            assert settle_erasures(again, there) == 1
        with database.step() as again:
            assert settle_erasures(again, there) == 0
            text = live(again)

        assert kept_by_declaration(left_of(planted, "amina", text)) == []
        assert "Amina" not in text
        assert left_of(planted, "tomasz", text)
        assert left_of(planted, "salma", text)
        assert len(files_of(settings)) == len(FILES_OF)
        assert not any("homeward erasures" in each for each in problems(there))
        database.close()


@pytest.fixture
def older_copy(
    backend: str, settings: Settings, database: Database, houses: Houses, tmp_path: Path
) -> Callable[[], AbstractContextManager[str]]:
    """A backup of the house as it is now, to be restored later: its address."""

    @contextmanager
    def copied() -> Iterator[str]:
        url = settings.database
        if backend == "sqlite":
            import sqlite3

            target = tmp_path / "older.sqlite"
            source, copy = sqlite3.connect(url.removeprefix("sqlite:///")), sqlite3.connect(target)
            source.backup(copy)
            source.close()
            copy.close()
            yield f"sqlite:///{target}"
            return
        name = f"older_{uuid4().hex}"
        fresh = postgres.fresh_database(houses._admin, name)
        build(fresh)
        with (
            closing(Database(url)) as now, closing(Database(fresh)) as then,
            now.engine.connect() as old, then.engine.begin() as new,
        ):  # fmt: skip
            for table in Base.metadata.sorted_tables:
                for row in old.execute(select(table)).mappings().all():
                    new.execute(table.insert().values(dict(row)))
        yield fresh
        postgres.drop_database(houses._admin, name)

    return copied


def test_a_line_that_broke_off_hides_no_other(settings: Settings, cast: Cast, session: Session) -> None:
    path = list_of(settings.instance)
    path.write_text('{"id": "0199')
    erasure = everything(session, cast, settings)

    assert set(noted(path)) == {erasure.id}


def test_an_erasure_that_the_machine_stopped_after_is_finished_by_the_worker(
    session: Session, cast: Cast, settings: Settings, planted: Planted
) -> None:
    erasure = erase(session, session.get_one(Tenant, cast.amina.id), None, [EVERYTHING])
    session.commit()
    assert noted(list_of(settings.instance)) == {}

    assert settle_erasures(session, settings) == 0
    assert set(noted(list_of(settings.instance))) == {erasure.id}
    assert len(files_of(settings)) == len(FILES_OF)


def test_one_part_goes_and_the_rest_stays(session: Session, cast: Cast, settings: Settings, planted: Planted) -> None:
    amina = session.get_one(Tenant, cast.amina.id)
    write_goal(session, amina, "Cook on Sundays")
    erase(session, amina, session.get_one(Worker, cast.nasrin.id), ["goals"])
    session.commit()
    text = live(session)

    assert session.scalars(Goal.of(amina)).all() == []
    assert {table for table, _ in left_of(planted, "amina", text)} & {"goal", "step", "review"} == set()
    assert {table for table, _ in left_of(planted, "amina", text)} >= {"check_in", "message", "repair"}
    assert left_of(planted, "tomasz", text)
    assert (
        session.scalars(select(Notice).where(Notice.kind.startswith("goals."), Notice.tenant_id == amina.id)).all()
        == []
    )

    for part in ("accounts", "rent", "nothing", ""):
        with pytest.raises(ValueError, match="by itself"):
            erase(session, amina, None, [part])
    assert "goals" in erasable()
    assert "rent" not in erasable()


def test_with_key_work_go_its_notices_and_its_papers(
    session: Session, cast: Cast, settings: Settings, planted: Planted
) -> None:
    amina = session.get_one(Tenant, cast.amina.id)
    announce(session, amina, WRITTEN, source="key-work-note:1", occurrence="open", lasts=NEWS_LASTS, facts={"from": "G"})
    erasure = erase(session, amina, session.get_one(Worker, cast.nasrin.id), ["key_work"])
    session.commit()
    finish(settings, erasure)

    assert session.scalars(select(Notice).where(Notice.kind == WRITTEN, Notice.tenant_id == amina.id)).all() == []
    assert [path.read_bytes()[-2:] for path in settings.documents.iterdir()] == [b"Bq"]
    assert len(list(settings.photos.iterdir())) == 2 * (len(FILES_OF) - 1)


def test_places_in_groups_to_come_are_given_back(session: Session, cast: Cast, settings: Settings) -> None:
    from datetime import timedelta

    from tenant_app.groups.booking import book_place
    from tenant_app.groups.rules import plan_session

    amina = session.get_one(Tenant, cast.amina.id)
    planned = plan_session(
        session, "cooking", starts_at=THURSDAY + timedelta(days=2), ends_at=THURSDAY + timedelta(days=2, hours=1),
        zone=settings.zone, place="Kitchen", facilitator=session.get_one(Worker, cast.joana.id), capacity=1,
    )  # fmt: skip
    session.flush()
    book_place(session, amina, planned)
    session.commit()

    everything(session, cast, settings)

    assert session.get_one(GroupSession, planned.id).places_taken == 0
