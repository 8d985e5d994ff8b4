"""A tenant's statement: on the page, on paper, and as a table to keep."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request, url_for
from sqlalchemy import select

from tenant_app import clock
from tenant_app.accounts.gate import tenant
from tenant_app.rent.agreement_words import agreement_sentence
from tenant_app.rent.breathing_space import BreathingSpace
from tenant_app.rent.models import RentAccount
from tenant_app.rent.statement import Statement, statement_of
from tenant_app.rent.statement_words import as_table, asked_page, asked_period
from tenant_app.rent.words import entry_words, standing
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.house import find, house, session
from tenant_app.web.spreadsheets import csv_answer

room = Blueprint("rent_statement", __name__, template_folder="templates")


@room.get("/rent/statement")
@open_to(TENANT)
def show() -> str:
    """Everything charged and paid between two days, with what was owed after each."""
    account, found = _asked()
    chosen: dict[str, Any] = {"from": found.first.isoformat(), "to": found.last.isoformat()}
    named: dict[str, Any] = {"account": request.args["account"]} if "account" in request.args else {}
    everything = {"from": min(account.began_on, account.first_due_on).isoformat(), "to": _today().isoformat()}
    return render_template(
        "rent/statement.html", account=account, statement=found, page=asked_page(found), today=_today(),
        others=[one for one in session().scalars(RentAccount.all_of(tenant())) if one is not account],
        said=_said(account, found), chosen=chosen | named, everything=everything | named,
        to_page=lambda page: url_for("rent_statement.show", **chosen, **named, page=page), entry_words=entry_words,
    )  # fmt: skip


@room.get("/rent/statement.csv")
@open_to(TENANT)
def table() -> Response:
    """The same as a table for a spreadsheet."""
    _, found = _asked()
    return csv_answer(as_table(found), f"rent-{found.first.isoformat()}-{found.last.isoformat()}.csv")


def _said(account: RentAccount, statement: Statement) -> str:
    """Where that leaves them, if it is about today. Not in a Breathing Space, when nobody speaks of what is owed."""
    spaces = select(BreathingSpace.covering(account, _today()).exists())
    if statement.last != _today() or session().scalar(spaces):
        return ""
    return standing(statement.closing, agreement_sentence(session(), account, _today()))


def _asked() -> tuple[RentAccount, Statement]:
    """The tenant's current account, or the one of theirs that is named; 404 without one."""
    chosen = request.args.get("account", type=UUID)
    if chosen is not None:
        account = find(RentAccount.all_of(tenant()), chosen)
    else:
        account = session().scalar(RentAccount.of(tenant())) or abort(404)
    first, last = asked_period(_today())
    return account, statement_of(session(), account, first, last, _today())


def _today() -> date:
    return clock.today(house().settings.zone)
