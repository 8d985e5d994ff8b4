"""The read log is append-only in the database itself, whoever speaks to it: triggers on SQLite and PostgreSQL.

Made with the tables, and around every migration lifted and set anew (`migrations/env.py`): SQLite drops the triggers of
a table that Alembic rebuilds, and refuses to rename one that a trigger names. Only the erasure of a tenant takes rows
away, by ON DELETE CASCADE: their own row is gone by then.
"""

from __future__ import annotations

from sqlalchemy import Connection, event, inspect, text

from tenant_app.accounts.models import Look
from tenant_app.accounts.read_log import ReadLogHead

_TABLES = ("look", "read_log_head")
_STILL_HERE = "EXISTS (SELECT 1 FROM tenant WHERE tenant.id = OLD.tenant_id)"
_BACKWARDS = "NEW.tenant_id <> OLD.tenant_id OR NEW.number <= OLD.number OR NEW.earlier <> OLD.earlier"
_REFUSAL = "the read log is append-only"

# (table, trigger, what it stands before, when it refuses)
_SQLITE = (
    ("look", "look_never_changes", "UPDATE", "1"),
    ("look", "look_never_goes", "DELETE", _STILL_HERE),
    ("read_log_head", "read_log_head_only_rises", "UPDATE", _BACKWARDS),
    ("read_log_head", "read_log_head_never_goes", "DELETE", _STILL_HERE),
)

_POSTGRES = f"""
CREATE OR REPLACE FUNCTION read_log_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF NOT {_STILL_HERE} THEN RETURN OLD; END IF;
    ELSIF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'read_log_head' THEN
        IF NOT ({_BACKWARDS}) THEN RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


def set_guard(connection: Connection, *tables: str) -> bool:
    """Make the triggers of these tables, or of both. Returns False, and does nothing, in a database of before."""
    if not tables and not inspect(connection).has_table("read_log_head"):
        return False
    chosen = tables or _TABLES
    lift_guard(connection, *chosen)
    if connection.dialect.name == "sqlite":
        for table, trigger, before, refused in _SQLITE:
            if table in chosen:
                connection.exec_driver_sql(
                    f"CREATE TRIGGER {trigger} BEFORE {before} ON {table} WHEN {refused}"
                    f" BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
                )
        return True
    connection.exec_driver_sql(_POSTGRES)
    for table in chosen:
        connection.exec_driver_sql(
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION read_log_stays()"
        )
        connection.exec_driver_sql(
            f"CREATE TRIGGER {table}_stays_whole BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION read_log_stays()"
        )
    return True


def lift_guard(connection: Connection, *tables: str) -> bool:
    """Take the triggers of these tables away, or of both. Returns whether any of them was there."""
    there = triggers(connection)
    for table, trigger in there:
        if table in (tables or _TABLES):
            on = "" if connection.dialect.name == "sqlite" else f" ON {table}"
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}{on}")
    if not tables and connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS read_log_stays()")
    return bool(there)


def triggers(connection: Connection) -> set[tuple[str, str]]:
    """The triggers that are there: (table, trigger). One that was switched off counts as gone."""
    if connection.dialect.name == "sqlite":
        asked = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
    else:
        asked = (
            "SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE NOT tgisinternal AND tgenabled <> 'D' AND relnamespace = current_schema()::regnamespace"
        )
    ours = {trigger for _, trigger in _ours(connection)}
    return {(table, trigger) for table, trigger in connection.execute(text(asked)) if trigger in ours}


def is_guarded(connection: Connection) -> bool:
    """Whether every trigger is there."""
    return triggers(connection) == _ours(connection)


def _ours(connection: Connection) -> set[tuple[str, str]]:
    if connection.dialect.name == "sqlite":
        return {(table, trigger) for table, trigger, _, _ in _SQLITE}
    return {(table, f"{table}_stays{whole}") for table in _TABLES for whole in ("", "_whole")}


def begin_chains(connection: Connection) -> None:
    """A head for every tenant of a house that read before readings were chained, counting those rows. Once, in the
    migration that brings the chains: later, it would make a head that somebody took away."""
    connection.exec_driver_sql(
        "INSERT INTO read_log_head (tenant_id, number, digest, earlier)"
        " SELECT tenant.id, 0, '', (SELECT count(*) FROM look WHERE look.tenant_id = tenant.id) FROM tenant"
        " WHERE NOT EXISTS (SELECT 1 FROM read_log_head WHERE read_log_head.tenant_id = tenant.id)"
    )


@event.listens_for(Look.__table__, "after_create")
def _guard_rows(_table: object, connection: Connection, **_: object) -> None:
    set_guard(connection, "look")


@event.listens_for(ReadLogHead.__table__, "after_create")
def _guard_heads(_table: object, connection: Connection, **_: object) -> None:
    set_guard(connection, "read_log_head")
