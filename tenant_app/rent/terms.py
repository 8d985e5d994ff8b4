"""What either side is asked about the terms of an agreement; both doors show the plan before anything is agreed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import request
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from wtforms import HiddenField, validators

from tenant_app import clock
from tenant_app.database import Pence
from tenant_app.rent.agreement_words import rhythm_words, unfit_words
from tenant_app.rent.models import Frequency, RentAccount
from tenant_app.rent.paydays import Payday, paydays_between
from tenant_app.rent.plans import Instalment, Terms, Unfit, check, plan_of
from tenant_app.rent.recurring import DAYS
from tenant_app.web.forms import DayField, Form, RadioField
from tenant_app.web.money import MoneyField

FIELDS = {
    "instalment_pence": "instalment", "initial_pence": "initial", "initial_on": "initial_on", "first_on": "first_on",
}  # fmt: skip
"""By the name of a term, the field that asks for it."""


class TermsForm(Form):
    """How much, how often, from when; perhaps a larger payment first."""

    instalment = MoneyField(
        _("How much each time?"), [validators.InputRequired(_("Write how much each payment is"))],
        description=_("In pounds, such as 5 or 12.50. A small sum that works is better than a large one."),
        render_kw={"inputmode": "decimal", "maxlength": 12},
    )  # fmt: skip
    frequency = RadioField(_("How often?"), [validators.InputRequired(_("Choose how often"))])
    first_on = DayField(_("First payment on"), [validators.InputRequired(_("Choose the day of the first payment"))])
    initial = MoneyField(
        _("A larger payment first"), [validators.Optional()], description=_("You can leave this out."),
        render_kw={"inputmode": "decimal", "maxlength": 12},
    )  # fmt: skip
    initial_on = DayField(_("On which day?"), [validators.Optional()])
    arrears = HiddenField()
    """What was owed when the plan was shown, in pence: a plan that was seen is the plan that is agreed."""

    @classmethod
    def looked(cls, **values: Any) -> TermsForm:
        """From a POST, else from the address of a page that shows the plan, else with `values`."""
        given = request.form if request.method == "POST" else request.args
        form = cls(given or None, **values)
        form.frequency.choices = [(str(one), rhythm_words(one)) for one in Frequency]
        return form

    @property
    def shown(self) -> bool:
        """Whether there is a plan to show or to send, rather than questions to ask."""
        return request.method == "POST" or (bool(request.args) and "change" not in request.args)

    def terms(self, arrears: Pence) -> Terms:
        """What was typed, about arrears of so many pence; of a form that is valid."""
        assert self.first_on.data is not None
        return Terms(
            arrears, self.instalment.data or 0, Frequency(self.frequency.data), self.first_on.data,
            self.initial.data or 0, self.initial_on.data if self.initial.data else None,
        )  # fmt: skip

    def plan(self, arrears: Pence, today: date) -> list[Instalment]:
        """Every payment as it would be; nothing where something needs another look, and `problems` says what."""
        if not self.valid():
            return []
        try:
            check(self.terms(arrears), today)
        except Unfit as unfit:
            self.blame(FIELDS[unfit.field], unfit_words(unfit))
            return []
        return plan_of(self.terms(arrears))

    def to_change(self) -> str:
        """What was typed as the end of an address, so that a plan that was shown can be changed."""
        given = request.form if request.method == "POST" else request.args
        typed = [(name, given[name]) for name in self._fields if given.get(name) and name != "arrears"]
        return "?" + urlencode([*typed, ("change", "1")])


def likely_first_day(session: Session, account: RentAccount, today: date) -> date:
    """A first day to begin with: the next payday, else the next working day but one."""
    paydays: Sequence[Payday] = session.scalars(Payday.of(account.tenant)).all()
    comes = paydays_between(paydays, today, date.fromordinal(today.toordinal() + DAYS[Frequency.FOUR_WEEKLY] + 7))
    return comes[0] if comes else clock.add_working_days(today, 2)
