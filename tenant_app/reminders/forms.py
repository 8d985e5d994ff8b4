"""What the pages of reminder settings ask."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, Field, StringField, TimeField, validators

from tenant_app.reminders.addresses import BadAddress, Carrier, read_address
from tenant_app.web.forms import Form, tidy


class QuietForm(Form):
    """Between which wall times phones make no sound."""

    quiet_from = TimeField(_("From"), format=["%H:%M", "%H:%M:%S"])
    quiet_to = TimeField(_("To"), format=["%H:%M", "%H:%M:%S"])

    def validate_quiet_from(self, field: TimeField) -> None:
        """A time that can be read."""
        _check_time(field)

    def validate_quiet_to(self, field: TimeField) -> None:
        """Another time than the first, or the whole day would be quiet."""
        _check_time(field)
        if field.data == self.quiet_from.data:
            raise validators.StopValidation(str(_("Choose another time than the first")))


def _check_time(field: TimeField) -> None:
    if field.data is None:
        field.errors = []  # of the library's own words, which are not ours and in one language only
        raise validators.StopValidation(str(_("Write the time like 22:00")))


def _agreed() -> Any:
    return BooleanField(
        _("Write to me there"),
        [validators.InputRequired(_("Tick the box if you agree, or go back"))],
        description=_(
            "Only if no phone takes a reminder. It says only that there is something, unless you let a locked phone"
            " say what it is about."
        ),
    )


class AddressForm(Form):
    """Where to write when no phone takes a reminder, and that they agree to it."""

    def __init__(self, given: Any, carrier: Carrier, **values: Any) -> None:
        self.carrier = carrier
        super().__init__(given, **values)

    def validate_value(self, field: Field) -> None:
        """An address that something could be sent to; kept in `field.data` as it is to be written."""
        try:
            field.data = read_address(self.carrier, field.data or "")
        except BadAddress:
            raise validators.StopValidation(str(SLIPS[self.carrier])) from None


class EmailForm(AddressForm):
    """An e-mail address."""

    value = StringField(
        _("What is your email address?"), filters=[tidy], description=_("Like amina@example.org"),
        render_kw={"type": "email", "autocomplete": "email", "maxlength": 254, "dir": "ltr", "spellcheck": "false"},
    )  # fmt: skip
    agreed = _agreed()


class MobileForm(AddressForm):
    """A mobile number."""

    value = StringField(
        _("What is your mobile number?"), filters=[tidy],
        description=_("Like 07700 900123. From another country, begin with + and its number."),
        render_kw={"type": "tel", "autocomplete": "tel", "maxlength": 40, "dir": "ltr"},
    )  # fmt: skip
    agreed = _agreed()


SLIPS = {
    Carrier.EMAIL: _("Write the whole address, like amina@example.org"),
    Carrier.SMS: _("Write a mobile number, like 07700 900123"),
}


def address_form(carrier: Carrier, given: Any, **values: Any) -> AddressForm:
    """The form for this kind of address."""
    return (EmailForm if carrier is Carrier.EMAIL else MobileForm)(given, carrier, **values)


class NumbersForm(Form):
    """The six numbers that were sent to an address."""

    numbers = StringField(
        _("The 6 numbers we sent you"), [validators.InputRequired(_("Write the 6 numbers we sent you"))],
        filters=[tidy],
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 20, "dir": "ltr"},
    )  # fmt: skip
