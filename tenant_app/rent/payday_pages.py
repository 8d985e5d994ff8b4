"""When money comes, and how long before a payment its reminder does."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import IntegerField, validators

from tenant_app.accounts.gate import tenant
from tenant_app.rent import agreement_words as words
from tenant_app.rent.models import Frequency, RentAccount
from tenant_app.rent.paydays import DAYS_BEFORE, FEWEST, MOST, Payday, RentWishes, Source
from tenant_app.rent.reminding import MORNING
from tenant_app.rent.replanning import TooMany, add_payday, remind_days_before, remove_payday
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import DayField, Form, SelectField
from tenant_app.web.house import find, session
from tenant_app.web.locale import say_number

room = Blueprint("paydays", __name__, template_folder="templates")

KINDS = {
    "uc": (Source.UNIVERSAL_CREDIT, Frequency.MONTHLY),
    "wages-weekly": (Source.WAGES, Frequency.WEEKLY),
    "wages-fortnightly": (Source.WAGES, Frequency.FORTNIGHTLY),
    "wages-four-weekly": (Source.WAGES, Frequency.FOUR_WEEKLY),
    "wages-monthly": (Source.WAGES, Frequency.MONTHLY),
    "benefit-weekly": (Source.BENEFIT, Frequency.WEEKLY),
    "benefit-fortnightly": (Source.BENEFIT, Frequency.FORTNIGHTLY),
    "benefit-four-weekly": (Source.BENEFIT, Frequency.FOUR_WEEKLY),
}
"""What one may choose: where money comes from, and how often."""

A_LONG_MONTH = date(2024, 1, 1)
"""Monthly paydays are counted from a day of it: it has all 31."""


class MonthDayForm(Form):
    """The day of the month on which it comes."""

    day = IntegerField(
        _("On which day of the month does it come?"),
        [validators.InputRequired(_("Write a number from 1 to 31")),
         validators.NumberRange(1, 31, _("Write a number from 1 to 31"))],
        description=_("A number from 1 to 31. We know that it comes earlier before a weekend or a bank holiday."),
        render_kw={"maxlength": 2},
    )  # fmt: skip

    def validate_day(self, field: IntegerField) -> None:
        """What is no number is told in our words, not in the library's."""
        if field.process_errors:
            field.errors = []
            raise validators.StopValidation(gettext("Write a number from 1 to 31"))

    @property
    def counted_from(self) -> date:
        return A_LONG_MONTH.replace(day=self.day.data)


class NextDayForm(Form):
    """The day on which it comes next."""

    day = DayField(
        _("When does it come next?"), [validators.InputRequired(_("Choose the day on which it comes next"))],
        description=_("We count from there. We know that it comes earlier before a weekend or a bank holiday."),
    )  # fmt: skip

    @property
    def counted_from(self) -> date | None:
        return self.day.data


class DaysBeforeForm(Form):
    """How long before."""

    days = SelectField(_("How long before a payment?"), coerce=int, validate_choice=False)

    def offer(self) -> DaysBeforeForm:
        """The same form with the days that there are."""
        offered = range(FEWEST, MOST + 1)
        self.days.choices = [(days, str(say_number("%(num)s day", "%(num)s days", days))) for days in offered]
        return self

    def valid(self) -> bool:
        """Only what was offered may be chosen; anything else is asked for again in our words."""
        if super().valid() and not FEWEST <= (self.days.data or 0) <= MOST:
            self.blame("days", gettext("Choose from 1 to 7 days"))
        return not self.problems


@room.app_context_processor
def sentences() -> dict[str, object]:
    """What paydays are called."""
    return {"payday_words": words.payday_words, "source_words": words.source_words}


@room.get("/rent/reminders")
@open_to(TENANT)
def show() -> str:
    """Paydays, and the days before."""
    return _page(None)


@room.post("/rent/reminders")
@open_to(TENANT)
def choose() -> tuple[str, int] | Response:
    """Remind me so many days before."""
    account, form = _account(), DaysBeforeForm.asked().offer()
    if account is None:
        abort(404)
    if not form.valid():
        return _page(form), 422
    remind_days_before(session(), account, form.days.data)
    flash(say_number("We remind you %(num)s day before.", "We remind you %(num)s days before.", form.days.data))
    return redirect(url_for("paydays.show"), 303)


@room.route("/rent/reminders/payday", methods=["GET", "POST"])
@open_to(TENANT)
def add() -> str | tuple[str, int] | Response:
    """Where money comes from, and then on which day."""
    kind = request.values.get("kind", "")
    if kind not in KINDS:
        return render_template("rent/payday_kind.html", kinds=_kinds())
    source, frequency = KINDS[kind]
    form = (MonthDayForm if frequency is Frequency.MONTHLY else NextDayForm).asked()
    if request.method == "GET":
        return render_template("rent/payday.html", form=form, kind=kind)
    if not form.valid():
        return render_template("rent/payday.html", form=form, kind=kind), 422
    try:
        add_payday(session(), tenant(), source, frequency, form.counted_from)
    except TooMany:
        form.blame("day", gettext("You have ten of them. Remove one first"))
        return render_template("rent/payday.html", form=form, kind=kind), 422
    return redirect(url_for("paydays.show"), 303)


@room.post("/rent/reminders/payday/<uuid:payday_id>/remove")
@open_to(TENANT)
def remove(payday_id: UUID) -> Response:
    """Money comes on it no longer."""
    remove_payday(session(), tenant(), find(Payday.of(tenant()), payday_id))
    return redirect(url_for("paydays.show"), 303)


def _page(form: DaysBeforeForm | None) -> str:
    account = _account()
    wishes = session().get(RentWishes, account.id) if account else None
    chosen = wishes.days_before if wishes else DAYS_BEFORE
    return render_template(
        "rent/reminders.html", form=form or DaysBeforeForm.asked(days=chosen).offer(), account=account, nine=MORNING,

        paydays=session().scalars(Payday.of(tenant())).all(),
    )  # fmt: skip


def _kinds() -> list[tuple[str, str, str]]:
    """(kind, where from, how often)"""
    return [
        (kind, words.source_words(source), words.rhythm_words(frequency)) for kind, (source, frequency) in KINDS.items()
    ]


def _account() -> RentAccount | None:
    return session().scalar(RentAccount.of(tenant()))
