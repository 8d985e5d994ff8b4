"""Databases for single tests: made from a template in a moment, dropped whoever is still connected."""

from collections.abc import Callable

import psycopg
from psycopg import sql
from sqlalchemy import make_url

# Any number serves, as long as no other advisory lock in the server's `postgres` database uses it.
TEMPLATE_LOCK = 4_862_001
IS_TEMPLATE = "SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate"
MAKE_TEMPLATE = "ALTER DATABASE {} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false"
COPIES_FILES = 150000  # the server version, as libpq counts, that brought `STRATEGY`


def fresh_database(admin_url: str, name: str, template: str | None = None) -> str:
    """Create the database `name`, empty or a copy of `template`, replacing an older one. Returns its address.

    `admin_url` is the superuser's SQLAlchemy address of another database of the same server.
    Raises `psycopg.errors.ObjectInUse` while someone is connected to the template.
    """
    with psycopg.connect(libpq_address(admin_url), autocommit=True) as connection:
        _drop(connection, name)
        _create(connection, name, template)
    return _address(admin_url, name)


def drop_database(admin_url: str, name: str) -> None:
    """Drop the database `name`, closing its connections. Harmless when there is none."""
    with psycopg.connect(libpq_address(admin_url), autocommit=True) as connection:
        _drop(connection, name)


def template_database(admin_url: str, name: str, fill: Callable[[str], None]) -> str:
    """See that the template `name` exists, and return `name`.

    The first of several processes to ask makes it and calls `fill(address)`, which closes its connections;
    the others wait. One left half filled by a `fill` that failed is made again. On a server that outlives the
    session, put a fingerprint of the schema into the name, or yesterday's tables are taken for today's.
    """
    with psycopg.connect(libpq_address(admin_url), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])  # until this connection closes
        finished = connection.execute(IS_TEMPLATE, [name]).fetchone()
        if finished is None:
            _drop(connection, name)
            _create(connection, name, None)
            fill(_address(admin_url, name))
            # Copying fails while anyone is connected to the template, so from here on nobody may connect.
            connection.execute(sql.SQL(MAKE_TEMPLATE).format(sql.Identifier(name)))
    return name


def libpq_address(url: str) -> str:
    """A SQLAlchemy address as PostgreSQL's own tools read it, password included."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _create(connection: psycopg.Connection, name: str, template: str | None) -> None:
    # template0 holds nothing that someone could have put into template1.
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(template or "template0")
    )
    if template and connection.info.server_version >= COPIES_FILES:
        # The other strategy writes every page of the copy into the log; copying files is the cheaper one
        # on a server that does not wait for the disk.
        statement += sql.SQL(" STRATEGY file_copy")
    connection.execute(statement)


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _address(admin_url: str, name: str) -> str:
    return make_url(admin_url).set(database=name).render_as_string(hide_password=False)
