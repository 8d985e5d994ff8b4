"""The tenant's pages about rent: what is to pay, how, and what is paid for them."""

from __future__ import annotations

import re

from flask import Blueprint, render_template
from flask_babel import gettext
from markupsafe import Markup, escape

from tenant_app import clock
from tenant_app.accounts.gate import tenant
from tenant_app.rent import words
from tenant_app.rent.agreement_words import agreement_sentence
from tenant_app.rent.aside import set_aside
from tenant_app.rent.models import Frequency, RentAccount, RentEntry
from tenant_app.rent.overview import overview
from tenant_app.rent.owing import behind_on
from tenant_app.rent.rules import Made, next_payment_of
from tenant_app.web import content
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.house import house, session

room = Blueprint("rent", __name__, template_folder="templates")

LATELY = 8
"""Entries shown as what came and went lately."""

_TELEPHONE = re.compile(r"\b0\d(?:[ \u00a0]?\d){8,9}\b")


@room.get("/rent")
@open_to(TENANT)
def show() -> str:
    """The next payment first, then where things stand."""
    account = session().scalar(RentAccount.of(tenant()))
    if account is None:
        return render_template("rent/none.html")
    today = clock.today(house().settings.zone)
    entries = session().scalars(RentEntry.of(account)).all()
    aside = set_aside(session(), account, entries, today)
    payment = next_payment_of(account, entries, today, aside)
    return render_template(
        "rent/show.html", account=account, today=today, payment=payment, view=overview(session(), account, today),
        owed=behind_on(account, entries, today, aside.covered),
        agreement_words=agreement_sentence(session(), account, today),
        rates=account.rates_on(payment.day if payment else today), made_of=_made_of, each=words.each,
        lately=[entry for entry in entries if entry.day <= today][:LATELY], standing=words.standing,
        entry_words=words.entry_words,
    )  # fmt: skip


@room.get("/rent/ways-to-pay")
@open_to(TENANT)
def ways() -> str:
    """How to pay, as the association has it."""
    return render_template(
        "rent/ways.html", page=content.page("rent", "how-to-pay"), account=session().scalar(RentAccount.of(tenant())),
        with_numbers=_with_numbers,
    )  # fmt: skip


@room.get("/rent/who-pays")
@open_to(TENANT)
def who_pays() -> str:
    """Which part Housing Benefit pays, and which the tenant."""
    return render_template("rent/who_pays.html", page=content.page("rent", "housing-benefit"))


def _made_of(made: Made, frequency: Frequency) -> str:
    """What a part of a payment is for."""
    if made == "before":
        return gettext("Still to pay from before")
    if made == "plan":
        return gettext("Catching up")
    if made == "ahead":
        return gettext("You paid ahead")
    names = {
        ("service", Frequency.WEEKLY): gettext("Service charge, one week"),
        ("service", Frequency.FORTNIGHTLY): gettext("Service charge, two weeks"),
        ("service", Frequency.FOUR_WEEKLY): gettext("Service charge, four weeks"),
        ("service", Frequency.MONTHLY): gettext("Service charge, one month"),
        ("rent", Frequency.WEEKLY): gettext("Rent, one week"),
        ("rent", Frequency.FORTNIGHTLY): gettext("Rent, two weeks"),
        ("rent", Frequency.FOUR_WEEKLY): gettext("Rent, four weeks"),
        ("rent", Frequency.MONTHLY): gettext("Rent, one month"),
    }
    return names[made, frequency]


def _with_numbers(text: str) -> Markup:
    """A content sentence whose telephone numbers can be tapped, and are not scrambled by right-to-left neighbours."""
    pieces, last = [], 0
    for match in _TELEPHONE.finditer(text):
        number = match[0]
        pieces += [escape(text[last : match.start()]), Markup('<a href="tel:{}"><bdi dir="ltr">{}</bdi></a>').format(
            re.sub(r"\D", "", number), number)]  # fmt: skip
        last = match.end()
    return Markup("").join([*pieces, escape(text[last:])])
