"""A statement as it is asked for and told, at either door."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from flask import request
from flask_babel import gettext

from tenant_app.database import Pence
from tenant_app.rent.statement import Statement, usual_period
from tenant_app.rent.words import entry_words
from tenant_app.web.forms import EARLIEST, LATEST


def asked_period(today: date) -> tuple[date, date]:
    """The days that `from` and `to` name, in order; where one is missing or no day, the usual one."""
    usual = usual_period(today)
    first, last = (_day(request.args.get(name)) or given for name, given in zip(("from", "to"), usual, strict=True))
    return min(first, last), max(first, last)


def asked_page(statement: Statement) -> int:
    """The page that `page` names, or the nearest there is."""
    return min(max(request.args.get("page", 1, type=int), 1), statement.pages)


def as_table(statement: Statement) -> Iterator[list[object]]:
    """Rows of a statement for a spreadsheet, its head first. No sum is below nothing: each way has its column."""
    yield [
        gettext("Day"), gettext("What"), gettext("Note"), gettext("Charged"), gettext("Paid"),
        gettext("Behind"), gettext("Ahead"),
    ]  # fmt: skip
    yield [statement.first.isoformat(), gettext("Owed before"), "", "", "", *_balance(statement.opening)]
    for line in statement.lines:
        sums = [_plain(line.pence), ""] if line.adds else ["", _plain(line.pence)]
        what = entry_words(line.kind, line.part, line.reference)
        yield [line.day.isoformat(), what, line.note, *sums, *_balance(line.balance)]
    yield [statement.last.isoformat(), gettext("At the end"), "", "", "", *_balance(statement.closing)]


def _balance(pence: Pence) -> list[str]:
    return [_plain(max(pence, 0)), _plain(max(-pence, 0))]


def _plain(pence: Pence) -> str:
    return f"{pence // 100}.{pence % 100:02d}"


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None
