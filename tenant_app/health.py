"""What is wrong with a configuration, in words that say what to do."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tenant_app import tables
from tenant_app.accounts.read_log_check import Standing, rows_of_before, walk
from tenant_app.database import Database, open_engine, wal_is_safe
from tenant_app.keys import missing_keys
from tenant_app.migrations import is_current
from tenant_app.reminders.mail import Call, read_server
from tenant_app.reminders.push import vapid_problem
from tenant_app.reminders.texting import provider_problems, webhook_problem
from tenant_app.settings import Settings
from tenant_app.support.record.again import list_of, to_do_again
from tenant_app.web.locale import LANGUAGES

Found = TypeVar("Found")

assert tables.metadata.tables, "a column that leads to a table has its type only once that table is known"


def problems(settings: Settings) -> list[str]:
    """One sentence for each thing that will not work. Empty: ready to open."""
    return [
        *_database(settings), *_keys(settings), *_push(settings), *_mail(settings), *_sms(settings),
        *_addresses(settings), *_languages(settings), *_erasures(settings), *_read_log(settings),
    ]  # fmt: skip


def remarks(settings: Settings) -> list[str]:
    """What works, but is good to know."""
    found = []
    if settings.database.startswith("sqlite") and not wal_is_safe():
        found.append("This machine's SQLite has the WAL-reset bug, so the slower rollback journal is used.")
    if earlier := _asked_of_read_log(settings, rows_of_before, 0):
        found.append(f"The read log has {earlier} rows of before it was chained. Nothing vouches for those.")
    if not settings.secure:
        found.append("The tenants' address is not https. Phones then offer neither push nor installation, except here.")
    return found


def _database(settings: Settings) -> list[str]:
    settings.instance.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        if not is_current(engine):
            return ["The database does not have this release's tables. Run: homeward setup"]
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        return [f"The database cannot be reached: {reason}. Check DATABASE_URL, and that the server runs."]
    finally:
        engine.dispose()
    return []


def _erasures(settings: Settings) -> list[str]:
    database = Database(settings.database)
    try:
        with database.session(reads_only=True) as session:
            waiting = len(to_do_again(session, list_of(settings.instance)))
    except SQLAlchemyError:
        return []  # said above already
    finally:
        database.close()
    if not waiting:
        return []
    return [f"{waiting} erasures were done after this database was saved, and have to be done again. "
            "Run: homeward erasures"]  # fmt: skip


def _keys(settings: Settings) -> list[str]:
    return [
        f"The key “{name}” is missing, or others on this machine may read it. "
        f"Run: homeward setup, then: chmod 600 {settings.instance / 'keys' / name}"
        for name in missing_keys(settings.instance)
    ]


def _push(settings: Settings) -> list[str]:
    problem = vapid_problem(settings.vapid_contact)
    return [problem] if problem else []


def _mail(settings: Settings) -> list[str]:
    try:
        server = read_server(settings)
        if server is not None:
            Call().probe(server)
    except ValueError as error:
        return [str(error)]
    except smtplib.SMTPAuthenticationError as error:
        return [f"The mail server refuses the name and password in HOMEWARD_SMTP: {error.smtp_code}"]
    except ssl.SSLCertVerificationError as error:
        return [f"Nobody vouches for the mail server: {error.verify_message}. Check HOMEWARD_SMTP and HOMEWARD_SMTP_CA"]
    except FileNotFoundError:
        return ["HOMEWARD_SMTP_CA is a file that is not there"]
    except (OSError, smtplib.SMTPException) as error:
        return [f"The mail server does not answer as it should: {type(error).__name__}. Check HOMEWARD_SMTP"]
    return []


def _sms(settings: Settings) -> list[str]:
    problem = webhook_problem(settings)
    return [*([problem] if problem else []), *provider_problems(settings)]


def _addresses(settings: Settings) -> list[str]:
    found = []
    for name in ("tenant_url", "staff_url"):
        address = urlsplit(getattr(settings, name))
        if address.scheme not in ("http", "https") or not address.hostname:
            found.append(f"HOMEWARD_{name.upper()} is not an address: {getattr(settings, name)!r}")
    return found


def _languages(settings: Settings) -> list[str]:
    return [
        f"HOMEWARD_LANGUAGES names {code!r}, which has no catalogue. Known: {', '.join(LANGUAGES)}"
        for code in settings.languages
        if code not in LANGUAGES
    ]


def _read_log(settings: Settings) -> list[str]:
    found = []
    chains = _asked_of_read_log(settings, walk, Standing())
    if not chains.guarded:
        found.append("The read log could be changed: its triggers are gone from the database. Run: homeward setup")
    if chains.first is not None:
        found.append(
            f"The read log is broken: of tenant {chains.first.tenant_id}, at row {chains.first.number},"
            f" {chains.first.damage}. Chains that do not hold: {chains.broken}. Somebody wrote to the database itself:"
            " keep a copy, and compare it with a backup and with the lines “read log” of the logs"
        )
    return found


def _asked_of_read_log(settings: Settings, ask: Callable[[Session], Found], otherwise: Found) -> Found:
    """What `ask` finds; `otherwise` where the database is not ready to be asked, which `_database` says."""
    database = Database(settings.database)
    try:
        if not is_current(database.engine):
            return otherwise
        # To read is enough: on SQLite, whoever could write keeps everybody else from writing for as long as it takes.
        with database.session(reads_only=True) as session:
            return ask(session)
    except SQLAlchemyError:
        return otherwise
    finally:
        database.close()
