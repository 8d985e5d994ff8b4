"""What the pages about stock ask."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, StringField, validators

from tenant_app.database import new_id
from tenant_app.medication.stock.models import MOST_LEAD_DAYS, StockKind
from tenant_app.medication.stock.rules import MOST_UNITS
from tenant_app.web.forms import Form, SelectMultipleField

_NUMBER = re.compile(r"(\d{1,9})(?:[.,\N{ARABIC DECIMAL SEPARATOR}](\d{1,2}))?")


class UnitsField(StringField):
    """How many: `28`, `10.5` or `10,5`, in whatever digits the keyboard has. What was typed is kept."""

    units: Decimal | None = None

    def pre_validate(self, form: Any) -> None:
        """Read it, or say in plain words what to write."""
        found = _NUMBER.fullmatch((self.data or "").strip())
        if found is None:
            raise validators.StopValidation(gettext("Write a number, like 28 or 10.5"))
        units = Decimal(f"{found[1]}.{found[2] or 0}")
        if units > MOST_UNITS:
            raise validators.StopValidation(gettext("That is a very large number. Check it once more."))
        self.units = units


class StockForm(Form):
    """How many there are, came, or went back."""

    quantity = UnitsField(render_kw={"inputmode": "decimal", "autocomplete": "off", "maxlength": 12})
    key = HiddenField()

    def ask(self, kind: StockKind) -> None:
        """Put the question of this kind of entry."""
        self.quantity.label.text, self.quantity.description = {
            StockKind.COUNTED: (
                gettext("How many do you have now?"),
                gettext("Count tablets or capsules. Of a liquid, write the millilitres that are left."),
            ),
            StockKind.COLLECTED: (gettext("How many did you collect?"), gettext("It stands on the box or the bottle.")),
            StockKind.RETURNED: (
                gettext("How many went back?"), gettext("To the pharmacy, or that you no longer have.")
            ),
        }[kind]  # fmt: skip

    @property
    def form_key(self) -> UUID:
        """The key that was made with this form; a fresh one if none came along."""
        try:
            return UUID(self.key.data or "")
        except ValueError:
            return new_id()


def _weekday(sent: str | int) -> int:
    """Monday is 0. Anything that is no day of the week stands for none."""
    return int(sent) if str(sent) in tuple("0123456") else -1


class PharmacyForm(Form):
    """When the pharmacy is open, and how long an order takes."""

    closed = SelectMultipleField(
        _("On which days is it closed?"), coerce=_weekday, validate_choice=False
    )
    lead_days = StringField(
        _("How many working days does an order take?"),
        description=_("From asking for more to collecting it. Ask your pharmacy if you are not sure."),
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 3},
    )
    open_on_bank_holidays = BooleanField(_("It is open on bank holidays"))
    days: int = 0

    def validate_closed(self, field: SelectMultipleField) -> None:
        """It opens some day."""
        if set(range(7)) <= set(field.data or ()):
            raise validators.StopValidation(gettext("Leave at least one day on which it is open"))

    def validate_lead_days(self, field: StringField) -> None:
        """A whole number of days, near enough to be meant."""
        typed = (field.data or "").strip()
        if not re.fullmatch(r"\d{1,3}", typed) or int(typed) > MOST_LEAD_DAYS:
            raise validators.StopValidation(gettext("Write a number of days, from 0 to 20"))
        self.days = int(typed)
