"""I can't pay this week: what will happen first, then a few questions, none of which needs an answer."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response
from wtforms import BooleanField, validators

from tenant_app import clock
from tenant_app.accounts.gate import tenant
from tenant_app.rent import agreement_words as words
from tenant_app.rent.cannot_pay import payments_ahead, take_back, tell_us
from tenant_app.rent.hardship import SHOWN_FOR, About, Hardship
from tenant_app.rent.models import RentAccount
from tenant_app.web import content
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import DayField, Form, RadioField, SelectMultipleField, own_words
from tenant_app.web.house import find, house, session
from tenant_app.web.locale import language, say, tell_day
from tenant_app.web.money import MoneyField

room = Blueprint("hardship", __name__, template_folder="templates")

CRISIS = ("danger", "crisis", "listen", "listen-text")
"""Of the crisis contacts, those for a person rather than for a building."""


class HardshipForm(Form):
    """Which payment, what happened, what would work. All of it may be left out."""

    payment = RadioField(_("Which payment is it about?"), [validators.Optional()])
    happened = SelectMultipleField(_("What happened?"), [validators.Optional()])
    words = own_words(
        _("In your own words"), _("Only if you like."), longest=1000, long=True, rows=3
    )
    can_pay = MoneyField(
        _("What could you pay?"), [validators.Optional()], description=_("In pounds. You can leave this out."),
        render_kw={"inputmode": "decimal", "maxlength": 12},
    )  # fmt: skip
    can_pay_on = DayField(_("On which day?"), [validators.Optional()], description=_("You can leave this out."))
    tell_keyworker = BooleanField(_("My keyworker may see this too"))

    def offer(self, payments: list[tuple[About, date]]) -> HardshipForm:
        """The same form with the payments that there are, the next one chosen."""
        self.payment.choices = [(f"{about}:{day.isoformat()}", _payment(about, day)) for about, day in payments]
        self.happened.choices = list(words.happened_words().items())
        if request.method == "GET" and payments:
            self.payment.data = self.payment.choices[0][0]
        return self


@room.get("/rent/cannot-pay")
@open_to(TENANT)
def show() -> str:
    """What we have been told, or what we ask."""
    return _page()


@room.post("/rent/cannot-pay")
@open_to(TENANT)
def tell() -> tuple[str, int] | Response:
    """Tell us. Twice is once."""
    account, today = _account(), clock.today(house().settings.zone)
    payments = payments_ahead(session(), account, today)
    form = HardshipForm.asked().offer(payments)
    if form.valid() and form.can_pay_on.data and form.can_pay_on.data < today:
        form.blame("can_pay_on", str(_("Choose today or a later day")))
    if form.can_pay.data == 0:
        form.can_pay.data = None
    if form.problems:
        return _page(form), 422
    chosen = dict(zip((value for value, _words in form.payment.choices), payments, strict=True))
    about, day = chosen.get(form.payment.data or "", payments[0])
    tell_us(
        session(), account, about, day, happened=form.happened.data or (), words=form.words.data or "",
        language=language().code, can_pay_pence=form.can_pay.data, can_pay_on=form.can_pay_on.data,
        tell_keyworker=bool(form.tell_keyworker.data) and tenant().keyworker_id is not None,
    )  # fmt: skip
    return redirect(url_for("hardship.show"), 303)


@room.post("/rent/cannot-pay/<uuid:hardship_id>/take-back")
@open_to(TENANT)
def can_pay(hardship_id: UUID) -> Response:
    """They can pay after all."""
    take_back(session(), find(Hardship.of(tenant()), hardship_id))
    return redirect(url_for("rent.show"), 303)


def _page(form: HardshipForm | None = None) -> str:
    account, today = _account(), clock.today(house().settings.zone)
    latest = session().scalars(Hardship.of(tenant()).limit(1)).first()
    told = latest if latest is not None and latest.open else None
    answered = latest if told is None and latest is not None and _is_fresh(latest) else None
    if told is None and form is None:
        form = HardshipForm.asked().offer(payments_ahead(session(), account, today))
    return render_template(
        "rent/cannot_pay.html", form=form, told=told, answered=answered, payment=_payment,
        happened=words.happened_words(), advice=content.page("rent", "money-advice"),
        crisis=content.page("contacts", "crisis"), crisis_ids=CRISIS, keyworker=tenant().keyworker,
        hardship_tag=words.hardship_tag,
    )  # fmt: skip


def _is_fresh(latest: Hardship) -> bool:
    answered_at = latest.answered_at
    return bool(latest.reply) and answered_at is not None and answered_at > clock.now() - SHOWN_FOR


def _payment(about: About, day: date) -> Markup:
    """`Rent, due on Friday 27 November`."""
    if about == About.PLAN:
        return say("Your plan, %(day)s", day=tell_day(day))
    return say("Rent, %(day)s", day=tell_day(day))


def _account() -> RentAccount:
    account = session().scalar(RentAccount.of(tenant()))
    if account is None:
        abort(404)
    return account
