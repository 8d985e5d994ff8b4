"""How often rent falls due, changed from a day on: asked for, shown with the charges it leads to, then written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import validators

from staff_portal.rent_desk.account_pages import opened, today
from staff_portal.rent_desk.room import room
from staff_portal.roles import RENT_KEEPERS
from tenant_app.database import Pence
from tenant_app.rent import words
from tenant_app.rent.agreement_words import rhythm_words
from tenant_app.rent.calendar import due_before, due_days, due_from
from tenant_app.rent.charging import AlreadyCharged
from tenant_app.rent.models import Frequency, Rates, RentAccount
from tenant_app.rent.rhythm import (
    A_YEAR,
    NotDue,
    PlannedLater,
    SameRhythm,
    change_frequency,
    due_to_come,
    same_rates,
    tell_of_rhythm,
)
from tenant_app.rent.rules import keep_reminding
from tenant_app.web.audience import open_to
from tenant_app.web.forms import DayField, Form, RadioField
from tenant_app.web.house import keep_now, session
from tenant_app.web.locale import tell_date
from tenant_app.web.money import MoneyField

SHOWN = 5
"""Charges of the new rhythm that are shown before anything is written down."""
MONEY = {"inputmode": "decimal", "dir": "ltr", "maxlength": 12}


class RhythmForm(Form):
    """How often, from which day, and what it then costs each time."""

    frequency = RadioField(_("How often?"), [validators.InputRequired(_("Choose how often"))])
    begins_on = DayField(
        _("From which day?"), [validators.InputRequired(_("Choose the day"))],
        description=_("A day on which rent falls due now. What is charged before it stays as it is."),
    )  # fmt: skip
    rent = MoneyField(
        _("Eligible rent"), [validators.Optional()], render_kw=MONEY,
        description=_("Each time. Left empty, it is worked out to come to the same a year."),
    )  # fmt: skip
    service = MoneyField(
        _("Service charge"), [validators.Optional()], render_kw=MONEY,
        description=_("Each time. Left empty, it is worked out to come to the same a year."),
    )  # fmt: skip

    @classmethod
    def looked(cls, **values: Any) -> RhythmForm:
        """From a POST, else from the address of a page that shows the charges, else with `values`."""
        form = cls((request.form if request.method == "POST" else request.args) or None, **values)
        form.frequency.choices = [(str(one), rhythm_words(one)) for one in Frequency]
        return form

    def to_change(self) -> str:
        """What was typed as the end of an address, so that what was shown can be changed."""
        given = request.form if request.method == "POST" else request.args
        return "?" + urlencode([*((name, given[name]) for name in self._fields if given.get(name)), ("change", "1")])


@dataclass(frozen=True)
class Shown:
    """What would be charged: sums in pence, of which the tenant pays `own`."""

    begins_on: date
    frequency: Frequency
    rates: Rates
    stays: list[tuple[date, Pence]]
    """The last charge of the rhythm before."""
    new: list[tuple[date, Pence]]
    later: list[tuple[date, Rates]]
    """Charges written down from a later day on, as they will be."""
    year_was: Pence
    year_will: Pence


@room.route("/rent/<uuid:account_id>/rhythm", methods=["GET", "POST"])
@open_to(*RENT_KEEPERS)
def change_rhythm(account_id: UUID) -> str | tuple[str, int] | Response:
    """Ask how often and from when, show the charges, and only then write it down and tell the tenant."""
    account, now = opened(account_id), today()
    form = RhythmForm.looked(begins_on=due_to_come(account, now), frequency=str(account.frequency_on(now)))
    looked = request.method == "POST" or (bool(request.args) and "change" not in request.args)
    shown = _shown(account, form, now) if looked else None
    if request.method == "GET" or shown is None:
        keep_now()
        page = render_template(
            "rent_desk/rhythm.html", account=account, form=form, shown=shown, each=words.each, today=now,
            rates=account.rates_on(now),
        )  # fmt: skip
        return page, 422 if form.problems else 200
    if change_frequency(session(), account, shown.begins_on, shown.frequency, shown.rates, now):
        keep_reminding(session(), account)
        tell_of_rhythm(session(), account, shown.begins_on)
    flash(gettext("It is written down. %(name)s is told.", name=account.tenant.known_as))
    return redirect(url_for("rent_desk.account", account_id=account.id), 303)


def _shown(account: RentAccount, form: RhythmForm, now: date) -> Shown | None:
    """What would come of it, tried and undone; None where something needs another look, and the form says what."""
    if not form.valid():
        return None
    assert form.begins_on.data is not None
    begins_on, frequency = form.begins_on.data, Frequency(form.frequency.data)
    usual, year_was = same_rates(account, begins_on, frequency), _a_year(account, begins_on - timedelta(days=1))
    rates = Rates(
        usual.eligible_rent_pence if form.rent.data is None else form.rent.data,
        usual.service_charge_pence if form.service.data is None else form.service.data, usual.benefit_pays_rent,
    )  # fmt: skip
    tried = session().begin_nested()
    try:
        change_frequency(session(), account, begins_on, frequency, rates, now)
        before = due_before(account, begins_on)
        return Shown(
            begins_on, frequency, rates,
            [(day, account.pence_on(day)) for day in due_days(account, before, before)],
            [(day, account.pence_on(day)) for day in islice(due_from(account, begins_on), SHOWN)],
            [(one.begins_on, account.rates_on(one.begins_on)) for one in account.changes if one.begins_on > begins_on],
            year_was, _a_year(account, begins_on),
        )  # fmt: skip
    except AlreadyCharged:
        form.blame("begins_on", gettext("Choose a day after today"))
    except NotDue as wrong:
        near = [tell_date(day) for day in (wrong.before, wrong.after) if day is not None]
        form.blame("begins_on", gettext("No rent falls due on this day. The nearest: %(days)s", days=", ".join(near)))
    except PlannedLater as later:
        form.blame("begins_on", gettext("It changes on %(day)s already. Choose that day or a later one",
                                        day=tell_date(later.day)))  # fmt: skip
    except SameRhythm:
        form.blame("frequency", gettext("It is due so already. To change the sums, change the charges"))
    finally:
        tried.rollback()
        session().expire(account)
    return None


def _a_year(account: RentAccount, day: date) -> Pence:
    return account.pence_on(day) * A_YEAR[account.frequency_on(day)]
