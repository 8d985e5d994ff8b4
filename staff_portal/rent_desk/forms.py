"""What the rent desk asks for."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FileField, HiddenField, validators

from tenant_app import clock
from tenant_app.accounts.models import Occupancy
from tenant_app.rent.importing.cells import EARLIEST, reference_of
from tenant_app.rent.importing.problems import BadCell, Why
from tenant_app.rent.models import Frequency
from tenant_app.web.forms import DayField, Form, RadioField, SelectField, own_words
from tenant_app.web.house import house
from tenant_app.web.money import MoneyField


def _some_money(form: Form, field: MoneyField) -> None:
    if not field.data:
        raise validators.StopValidation(gettext("Write a sum of money, such as 12.50"))


def _no_less_than_nothing(form: Form, field: MoneyField) -> None:
    if field.data is None:
        raise validators.StopValidation(gettext("Write a sum of money, or 0"))


def _been(form: Form, field: DayField) -> None:
    """A day that has come, and not one of another century."""
    today: date = clock.today(house().settings.zone)
    if field.data is not None and not EARLIEST <= field.data <= today:
        raise validators.StopValidation(gettext("Choose today or an earlier day"))


class PaymentForm(Form):
    """A payment that came."""

    sum = MoneyField(_("Sum"), [_some_money], render_kw={"inputmode": "decimal", "dir": "ltr"})
    day = DayField(_("Day it came"), [validators.InputRequired(_("Choose the day it came")), _been])
    reference = own_words(
        _("Reference"), _("From the bank or the receipt. The same one twice is one payment."),
        needed=_("Write the reference of the payment"), longest=80, dir="ltr", autocomplete="off",
    )  # fmt: skip
    note = own_words(_("Note"), _("The tenant reads it on the statement."), longest=120)

    def validate_reference(self, field: Any) -> None:
        """None that Homeward makes up itself, and no formula."""
        try:
            field.data = reference_of(field.data or "")
        except BadCell as bad:
            if bad.why is not Why.EMPTY:
                raise validators.StopValidation(
                    gettext("Write the reference as the bank has it, without a sign in front")
                ) from None


class CorrectionForm(Form):
    """A mistake set right."""

    key = HiddenField()
    way = RadioField(
        _("What does it do?"), [validators.InputRequired(_("Choose what it does"))],
        choices=[("off", _("It takes from what is owed")), ("on", _("It adds to what is owed"))],
    )  # fmt: skip
    sum = MoneyField(_("Sum"), [_some_money], render_kw={"inputmode": "decimal", "dir": "ltr"})
    day = DayField(_("Day it counts from"), [validators.InputRequired(_("Choose a day")), _been])
    reason = own_words(
        _("Reason"), _("The tenant reads it on the statement."), needed=_("Write the reason"), longest=120
    )

    def validate_key(self, field: Any) -> None:
        """What makes a double tap one entry. A made-up one is as good as any other, as long as it is one."""
        try:
            field.data = str(UUID(str(field.data)))
        except ValueError:
            raise validators.StopValidation(gettext("Open the page again, then send it")) from None


class ChargesForm(Form):
    """What an account charges from a day on."""

    begins_on = DayField(_("From which day?"), [validators.InputRequired(_("Choose the day"))])
    rent = MoneyField(
        _("Eligible rent"), [_no_less_than_nothing], render_kw={"inputmode": "decimal", "dir": "ltr"},
        description=_("Each time. What Housing Benefit may pay."),
    )  # fmt: skip
    service = MoneyField(
        _("Service charge"), [_no_less_than_nothing], render_kw={"inputmode": "decimal", "dir": "ltr"},
        description=_("Each time. What Housing Benefit does not pay."),
    )  # fmt: skip
    benefit = BooleanField(_("Housing Benefit pays the eligible rent to us"))


class OpenForm(ChargesForm):
    """A new account."""

    begins_on = DayField(_("Began on"), [validators.InputRequired(_("Choose the day on which it began"))])
    occupancy = SelectField(_("Agreement"))
    frequency = SelectField(_("How often"))
    first_due_on = DayField(
        _("First due day"), [validators.InputRequired(_("Choose the first due day"))],
        description=_("All others are counted from it. Nothing is charged before it."),
    )  # fmt: skip
    reference = own_words(
        _("Reference"), _("What a payment quotes."), needed=_("Write the account’s reference"), longest=40, dir="ltr",
        autocomplete="off",
    )  # fmt: skip

    def offer(self) -> OpenForm:
        """Fill the lists to choose from."""
        self.occupancy.choices = [
            (Occupancy.LICENCE.value, gettext("Licence")), (Occupancy.TENANCY.value, gettext("Tenancy"))
        ]  # fmt: skip
        self.frequency.choices = [
            (Frequency.WEEKLY.value, gettext("Every week")), (Frequency.FORTNIGHTLY.value, gettext("Every two weeks")),
            (Frequency.FOUR_WEEKLY.value, gettext("Every four weeks")),
            (Frequency.MONTHLY.value, gettext("Every month")),
        ]  # fmt: skip
        return self


class EndForm(Form):
    """The end of an account."""

    ended_on = DayField(
        _("Last day"), [validators.InputRequired(_("Choose the last day"))],
        description=_("What falls due after it is not charged, or is taken back."),
    )  # fmt: skip


class FileForm(Form):
    """A file to import."""

    file = FileField(_("File"), description=_("CSV, up to 1 MB. A longer one goes in by the command."))
