"""The tenant's pages about addresses: add one and agree, prove it by six numbers, take it away."""

from __future__ import annotations

from collections.abc import Collection

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Select
from werkzeug.wrappers import Response

from tenant_app.accounts.gate import tenant
from tenant_app.accounts.rules import Expired, Locked, Wrong
from tenant_app.reminders.addresses import Address, Carrier, Spent, confirm, count_guess, new_code, put_address
from tenant_app.reminders.answers import Kind, Outcome
from tenant_app.reminders.carriers import deliver_now, offered
from tenant_app.reminders.forms import AddressForm, NumbersForm, address_form
from tenant_app.reminders.letters import code_letter
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.house import house, keep_now, session

room = Blueprint("addresses", __name__, url_prefix="/settings/reminders/<way>")

Answer = str | tuple[str, int] | Response


@room.route("", methods=["GET", "POST"])
@open_to(TENANT)
def put(way: str) -> Answer:
    """Ask for an address and whether we may write there, and send numbers to it."""
    carrier = _carrier(way)
    kept = session().scalar(_mine(carrier))
    before = (kept.value, kept.confirmed_at) if kept and kept.usable else None
    if request.method == "GET":
        return _ask(carrier, address_form(carrier, None, value=kept.value if kept else ""))
    form = address_form(carrier, request.form)
    if not form.valid():
        return _ask(carrier, form), 422
    value: str = form["value"].data
    address = put_address(session(), tenant(), carrier, value)
    if address.usable:
        return _back(gettext("Your choice is saved."))
    try:
        outcome = _send_numbers(address)
    except Locked as locked:
        return _ask(carrier, form, locked), 429
    if outcome.kind is Kind.REFUSED:
        if before is not None:
            address.value, address.confirmed_at = before
        else:
            session().delete(address)
        keep_now()  # a refusal is rolled back, and this undoes what was kept before the sending
        form.blame("value", gettext("Nothing can be sent there. Look for a slip of the finger."))
        return _ask(carrier, form), 422
    return redirect(url_for("addresses.prove", way=way), 303)


@room.route("/numbers", methods=["GET", "POST"])
@open_to(TENANT)
def prove(way: str) -> Answer:
    """Ask for the numbers that we sent, and use the address from then on."""
    address = _find(_carrier(way))
    form = NumbersForm.asked()
    if address.usable:
        return redirect(url_for("reminders.settings", _anchor="addresses"), 303)
    if request.method == "GET":
        return _ask_numbers(address, form)
    if not form.valid():
        return _ask_numbers(address, form), 422
    try:
        count_guess(session(), address)
        keep_now()
        confirm(address, form.numbers.data, house().keys.seal)
    except Expired:
        form.blame("numbers", gettext("Those numbers are too old. Ask for new ones below."))
    except Spent:
        form.blame("numbers", gettext("That was one try too many. Ask for new numbers below."))
    except Wrong:
        form.blame("numbers", gettext("Those are not the numbers we sent. Look once more."))
    else:
        return _back(gettext("It works. We write there if no phone takes a reminder."))
    return _ask_numbers(address, form), 422


@room.post("/again")
@open_to(TENANT)
def again(way: str) -> Answer:
    """Send new numbers; the older ones work no longer."""
    address = _find(_carrier(way))
    try:
        outcome = _send_numbers(address)
    except Locked as locked:
        return _ask_numbers(address, NumbersForm(None), locked), 429
    if outcome.kind is Kind.ACCEPTED:
        flash(gettext("New numbers are on their way."))
    return redirect(url_for("addresses.prove", way=way), 303)


@room.post("/remove")
@open_to(TENANT)
def remove(way: str) -> Response:
    """Write there no longer, and forget the address."""
    kept = session().scalar(_mine(_carrier(way, tuple(Carrier))))
    if kept is not None:
        session().delete(kept)
    return _back(gettext("We do not write there any more."))


def _send_numbers(address: Address) -> Outcome:
    """Send new numbers. What is kept is kept before, for nobody may wait in the database while a mail server thinks."""
    settings, keys = house().settings, house().keys
    letter = code_letter(settings, keys, address.carrier, address.value, new_code(session(), address, keys.seal))
    keep_now()
    outcome = deliver_now(settings, keys, address.carrier, address.value, letter)
    if outcome.kind not in (Kind.ACCEPTED, Kind.REFUSED):
        flash(gettext("We could not send the numbers just now. Your address is kept. Try again in a while."))
    return outcome


def _carrier(way: str, among: Collection[str] | None = None) -> Carrier:
    """The way out, if this association has set it up (or it is among those given); else 404."""
    if way not in (offered(house().settings) if among is None else among):
        abort(404)
    return Carrier(way)


def _mine(carrier: Carrier) -> Select[Address]:
    return Address.of(tenant()).where(Address.carrier == carrier)


def _find(carrier: Carrier) -> Address:
    address = session().scalar(_mine(carrier))
    if address is None:
        abort(404)
    return address


def _ask(carrier: Carrier, form: AddressForm, locked: Locked | None = None) -> str:
    return render_template("reminders/address.html", form=form, carrier=carrier, locked=locked)


def _ask_numbers(address: Address, form: NumbersForm, locked: Locked | None = None) -> str:
    return render_template("reminders/numbers.html", address=address, form=form, locked=locked)


def _back(said: str) -> Response:
    flash(said)
    return redirect(url_for("reminders.settings", _anchor="addresses"), 303)
