"""One account: its statement, what it costs, and what can be done with it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from staff_portal.rent_desk.forms import ChargesForm, EndForm, PaymentForm
from staff_portal.rent_desk.room import room
from staff_portal.roles import RENT_KEEPERS
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Occupancy
from tenant_app.accounts.rules import look_at
from tenant_app.rent import words
from tenant_app.rent.charging import AlreadyCharged, change_charges, end_account
from tenant_app.rent.models import Rates, RentAccount
from tenant_app.rent.rules import balance, keep_reminding
from tenant_app.rent.statement import statement_of
from tenant_app.rent.statement_words import as_table, asked_page, asked_period
from tenant_app.web.audience import open_to
from tenant_app.web.house import find, house, keep_now, session
from tenant_app.web.spreadsheets import csv_answer


def today() -> date:
    """This day, on the association's clock."""
    return clock.today(house().settings.zone)


def opened(account_id: UUID) -> RentAccount:
    """The account, if this worker may see it; that they did is written down."""
    account = find(RentAccount.desk_of(worker()), account_id)
    look_at(session(), worker(), account.tenant, "rent")
    return account


def occupancy_words(account: RentAccount) -> str:
    """`Licence`."""
    return gettext("Tenancy") if account.occupancy is Occupancy.TENANCY else gettext("Licence")


@room.get("/rent/<uuid:account_id>")
@open_to(*RENT_KEEPERS)
def account(account_id: UUID) -> str:
    """Where it stands, its statement, and a payment to write down."""
    return account_page(opened(account_id), PaymentForm.asked(day=today()))


@room.get("/rent/<uuid:account_id>/statement.csv")
@open_to(*RENT_KEEPERS)
def statement_table(account_id: UUID) -> Response:
    """The statement as a table for a spreadsheet."""
    found = opened(account_id)
    first, last = asked_period(today())
    name = f"rent-{first.isoformat()}-{last.isoformat()}.csv"
    return csv_answer(as_table(statement_of(session(), found, first, last, today())), name)


@room.route("/rent/<uuid:account_id>/charges", methods=["GET", "POST"])
@open_to(*RENT_KEEPERS)
def charges(account_id: UUID) -> str | tuple[str, int] | AnyResponse:
    """Other charges from a day on."""
    found, now = opened(account_id), today()
    rates = found.rates_on(now)
    form = ChargesForm.asked(
        rent=rates.eligible_rent_pence, service=rates.service_charge_pence, benefit=rates.benefit_pays_rent
    )
    page: dict[str, Any] = {"account": found, "form": form, "rates": rates, "each": words.each, "today": now}
    if request.method == "GET":
        return render_template("rent_desk/charges.html", **page)
    if form.valid():
        try:
            change_charges(
                session(), found, form.begins_on.data,
                Rates(form.rent.data, form.service.data, bool(form.benefit.data)), now,
            )  # fmt: skip
        except AlreadyCharged:
            form.blame("begins_on", gettext("Charges of that day or later are written already. Choose a later day"))
        except ValueError:
            form.blame("begins_on", gettext("Choose a day on which the account has begun"))
    if form.problems:
        keep_now()
        return render_template("rent_desk/charges.html", **page), 422
    keep_reminding(session(), found)
    flash(gettext("The new charges are written down."))
    return _back(found)


@room.route("/rent/<uuid:account_id>/end", methods=["GET", "POST"])
@open_to(*RENT_KEEPERS)
def end(account_id: UUID) -> str | tuple[str, int] | AnyResponse:
    """The last day of a tenancy or licence. What was charged after it is taken back."""
    found = opened(account_id)
    form = EndForm.asked(ended_on=found.ended_on)
    if request.method == "GET":
        return render_template("rent_desk/end.html", account=found, form=form)
    if form.valid():
        try:
            end_account(session(), found, form.ended_on.data)
        except ValueError:
            form.blame("ended_on", _why_not(found))
    if form.problems:
        keep_now()
        return render_template("rent_desk/end.html", account=found, form=form), 422
    keep_reminding(session(), found)
    flash(gettext("The end is written down."))
    return _back(found)


def account_page(found: RentAccount, form: PaymentForm) -> str:
    """The account's page, with a payment half written."""
    now = today()
    owed = balance(session(), found, now)
    first, last = asked_period(now)
    statement = statement_of(session(), found, first, last, now)
    chosen: dict[str, Any] = {"account_id": found.id, "from": first.isoformat(), "to": last.isoformat()}
    begins = min(found.began_on, found.first_due_on)
    return render_template(
        "rent_desk/account.html", account=found, form=form, owed=owed, today=now, statement=statement,
        page=asked_page(statement), chosen=chosen, entry_words=words.entry_words, each=words.each,
        standing=words.standing_of_somebody, rates=found.rates_on(now), occupancy=occupancy_words(found),
        to_come=[change for change in found.changes if change.begins_on > now],
        weeks=words.weeks_behind(owed, found.parts_on(now), found.frequency_on(now)),
        everything={**chosen, "from": begins.isoformat(), "to": now.isoformat()},
        others=[one for one in session().scalars(RentAccount.all_of(found.tenant)) if one is not found],
        to_page=lambda page: url_for("rent_desk.account", **chosen, page=page),
    )  # fmt: skip


def _why_not(account: RentAccount) -> str:
    if account.ended_on is not None:
        return gettext("Its end is written down already")
    return gettext("Choose the day on which it began, or a later one")


def _back(account: RentAccount) -> AnyResponse:
    return redirect(url_for("rent_desk.account", account_id=account.id), 303)
