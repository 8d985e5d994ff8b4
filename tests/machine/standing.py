"""A database of PostgreSQL that goes from test to test and is emptied in between.

To copy and drop one for each test costs the server forty milliseconds; to empty one, two. Nothing can stay behind: rows
go from all tables, connections that a test forgot are closed, and whoever changed a table or a function leaves a
database that is not used again.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import psycopg
from psycopg import sql

from tests.machine.databases import drop_database, fresh_database, libpq_address

MOST_TESTS = 150
"""After so many a new database is made, before the dead rows of the earlier tests slow down or reorder anything."""
MOST_GROWTH = 16 * 1024**2
"""Bytes that tests may leave behind them, for the same reason."""

PREPARE = """
CREATE SCHEMA stage;
CREATE TABLE stage.changed (what text);
CREATE FUNCTION stage.note() RETURNS event_trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO stage.changed VALUES (tg_tag); END $$;
"""
WATCH = """
CREATE EVENT TRIGGER made ON ddl_command_end EXECUTE FUNCTION stage.note();
CREATE EVENT TRIGGER dropped ON sql_drop EXECUTE FUNCTION stage.note();
"""
ROUTINE = "CREATE FUNCTION stage.{}() RETURNS void LANGUAGE plpgsql AS $$ BEGIN {} END $$;"
CLOSE_OTHERS = """
SELECT pg_terminate_backend(pid, 15000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
CHANGED = "SELECT exists(SELECT FROM stage.changed), pg_database_size(current_database())"
# Keys between tables are not looked at, so that the order of the tables does not matter.
NO_KEYS = "SET session_replication_role = replica; SET lock_timeout = '15s'"
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname"


class StandingDatabase:
    """A copy of `template`, to be emptied before each use. `furnish(address)` once fills it with what some of its uses
    begin with; what that returns is in `furnished`."""

    def __init__(self, admin_url: str, template: str, furnish: Callable[[str], bytes]) -> None:
        self._admin_url, self._name = admin_url, f"test_{uuid4().hex}"
        self.url = fresh_database(admin_url, self._name, template=template)
        self.furnished = furnish(self.url)
        self._connection = psycopg.connect(libpq_address(self.url), autocommit=True)
        self._connection.execute(PREPARE + NO_KEYS)
        self._connection.execute(self._routines())
        self._connection.execute(WATCH)
        self._first_size = self._look()[1]
        self._uses = 0

    def empty(self, *, with_furniture: bool) -> bool:
        """Take everything out, and put the furniture in. Returns False where this database should not be used again."""
        self._uses += 1
        self._connection.execute(CLOSE_OTHERS)
        changed, size = self._look()
        if changed or size > self._first_size + MOST_GROWTH or self._uses > MOST_TESTS:
            return False
        self._connection.execute("SELECT stage.empty()" + (", stage.fill()" if with_furniture else ""))
        return True

    def close(self) -> None:
        """Drop it."""
        self._connection.close()
        drop_database(self._admin_url, self._name)

    def _look(self) -> tuple[bool, int]:
        row = self._connection.execute(CHANGED).fetchone()
        assert row is not None
        return row

    def _routines(self) -> str:
        """What empties all tables, and what fills those again that hold something now. The server keeps how it does
        this for as long as we are connected; to think it out anew for so many tables takes longer than to do it."""
        empty, fill = [], []
        for (table,) in self._connection.execute(TABLES).fetchall():
            name = sql.Identifier(table).as_string(self._connection)
            empty.append(f"DELETE FROM public.{name};")
            if self._connection.execute(f"SELECT FROM public.{name} LIMIT 1").fetchone() is not None:
                self._connection.execute(f"CREATE TABLE stage.{name} AS TABLE public.{name}")
                fill.append(f"INSERT INTO public.{name} SELECT * FROM stage.{name};")
        routines = {"empty": empty, "fill": fill}
        return "".join(ROUTINE.format(name, "".join(body)) for name, body in routines.items())
