"""Entries by hand: a payment that came, and a mistake set right by an entry of its own."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from staff_portal.rent_desk.account_pages import account_page, opened, today
from staff_portal.rent_desk.forms import CorrectionForm, PaymentForm
from staff_portal.rent_desk.room import room
from staff_portal.roles import RENT_KEEPERS
from tenant_app.accounts.gate import worker
from tenant_app.database import new_id
from tenant_app.rent.models import RentAccount, RentEntry
from tenant_app.rent.rules import correct, record_payment
from tenant_app.rent.words import entry_words
from tenant_app.web.audience import open_to
from tenant_app.web.house import find, keep_now, session

MOST_ROWS = 50


@room.post("/rent/<uuid:account_id>/payments")
@open_to(*RENT_KEEPERS)
def record(account_id: UUID) -> tuple[str, int] | Response:
    """Write a payment down. The same reference twice is one payment."""
    found, form = opened(account_id), PaymentForm.asked()
    if form.valid():
        try:
            new = record_payment(
                session(), found, form.sum.data, form.day.data, form.reference.data, note=form.note.data or "",
                by=worker(),
            )  # fmt: skip
        except ValueError:
            form.blame("reference", gettext("Another entry has this reference. Look at the statement"))
        else:
            flash(gettext("The payment is written down.") if new else gettext("This payment was written down already."))
            return _back(found)
    keep_now()
    return account_page(found, form), 422


@room.get("/rent/<uuid:account_id>/correct/which")
@open_to(*RENT_KEEPERS)
def which_entry(account_id: UUID) -> str:
    """The entries of late, to choose the one that is not right."""
    found = opened(account_id)
    entries = session().scalars(RentEntry.of(found).limit(MOST_ROWS)).all()
    return render_template(
        "rent_desk/which.html", account=found, entries=entries, most=MOST_ROWS, entry_words=entry_words
    )


@room.route("/rent/<uuid:account_id>/correct", methods=["GET", "POST"])
@open_to(*RENT_KEEPERS)
def correct_entry(account_id: UUID) -> str | tuple[str, int] | Response:
    """Set a mistake right. Nothing is ever deleted: both entries stay, and the tenant reads why."""
    found = opened(account_id)
    chosen = request.args.get("entry", type=UUID)
    entry = find(RentEntry.of(found), chosen) if chosen else None
    form = CorrectionForm.asked(
        key=new_id(), day=today(), way="off" if entry is None or entry.owed > 0 else "on",
        sum=entry.pence if entry else None,
    )  # fmt: skip
    page = {"account": found, "form": form, "entry": entry, "entry_words": entry_words}
    if request.method == "GET":
        return render_template("rent_desk/correct.html", **page)
    if form.valid():
        pence = form.sum.data if form.way.data == "on" else -form.sum.data
        try:
            correct(session(), found, worker(), pence, form.day.data, form.reason.data, f"correction:{form.key.data}")
        except ValueError:
            form.blame("sum", gettext("This was saved already, with another sum. Look at the statement"))
        else:
            flash(gettext("The correction is written down."))
            return _back(found)
    keep_now()
    return render_template("rent_desk/correct.html", **page), 422


def _back(account: RentAccount) -> Response:
    return redirect(url_for("rent_desk.account", account_id=account.id), 303)
