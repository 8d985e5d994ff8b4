"""What a worker does about once an hour: throw away what has served, and let SQLite count what it holds."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import event, text

from tenant_app import clock
from tenant_app.accounts.entry import Throttle
from tests.reminders.conftest import Office


def test_the_worker_throws_away_what_no_way_in_needs_any_more(office: Office) -> None:
    with office.database.step() as session:
        session.add(Throttle(key="pin:old", failures=3, since=clock.now() - timedelta(days=2)))

    assert office.worker.sweep() is False

    with office.database.session() as session:
        assert session.get(Throttle, "pin:old") is None


def test_sqlite_knows_by_the_worker_how_much_its_tables_hold_and_postgresql_is_not_asked(office: Office) -> None:
    engine, asked = office.database.engine, list[str]()
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    office.database.take_stock()
    if engine.dialect.name != "sqlite":
        assert asked == []
        return
    assert asked[-1] == "ANALYZE"

    with engine.begin() as connection:
        connection.execute(text("DELETE FROM sqlite_stat1"))
    assert office.worker.sweep() is False
    with engine.connect() as connection:
        counted = dict(connection.execute(text("SELECT tbl, max(stat) FROM sqlite_stat1 GROUP BY tbl")).all())
    assert int(counted["person"].split()[0]) >= 2
