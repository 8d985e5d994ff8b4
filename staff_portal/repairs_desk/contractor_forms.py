"""What a worker is asked about contractors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, StringField, validators

from tenant_app.reminders.addresses import BadAddress, read_email
from tenant_app.repairs.contractors.models import Contractor, Trade
from tenant_app.repairs.contractors.words import trade_words
from tenant_app.web.forms import Form, SelectField, own_words, tidy

_PHONE = re.compile(r"\+?[0-9][0-9 ()/-]{4,28}")


def _phone(label: object, hint: object) -> StringField:
    """A number to ring, as somebody writes it."""
    return StringField(
        label, [validators.Optional()], filters=[tidy], description=hint,
        render_kw={"type": "tel", "dir": "ltr", "maxlength": 30, "autocomplete": "off"},
    )  # fmt: skip


def _check_phone(form: Form) -> None:
    if form["phone"].data and not _PHONE.fullmatch(form["phone"].data):
        form.blame("phone", str(_("Write a phone number, such as 020 7946 0123")))


class ContractorForm(Form):
    """Who mends things for us."""

    version = HiddenField()
    name = own_words(
        _("Name of the firm or person"), _("Tenants read it."), needed=_("Write a name"), longest=80, autocomplete="off"
    )
    trade = SelectField(_("Trade"), [validators.InputRequired(_("Choose a trade"))])
    email = own_words(
        _("E-mail"), _("Links to jobs are sent there."), needed=_("Write an e-mail address"), longest=254,
        type="email", dir="ltr", autocomplete="off",
    )  # fmt: skip
    phone = _phone(_("Phone"), _("For staff alone. You can leave this out."))

    def offer(self) -> ContractorForm:
        """The same form with the trades there are."""
        self.trade.choices = [("", _("Choose"))] + [(each.value, trade_words(each)) for each in Trade]
        return self

    def valid(self) -> bool:
        """The address is one to which something can be sent."""
        super().valid()
        if self.email.data and not self.email.errors:
            try:
                self.email.data = read_email(self.email.data)
            except BadAddress:
                self.blame("email", str(_("Write an e-mail address, such as office@example.org")))
        _check_phone(self)
        return not self.problems


class GiveForm(Form):
    """To whom a repair goes, and whether the tenant's number goes along."""

    version = HiddenField()
    contractor = SelectField(_("Contractor"), [validators.InputRequired(_("Choose a contractor"))])
    phone = _phone(
        _("Phone number of the tenant"), _("Only if they agreed that the contractor may ring. You can leave this out.")
    )
    agreed = BooleanField(_("The tenant agreed that we pass on this number for this repair"))

    def offer(self, contractors: Sequence[Contractor]) -> GiveForm:
        """The same form with those who take work."""
        self.contractor.choices = [("", _("Choose"))] + [
            (str(each.id), f"{each.name} ({trade_words(each.trade)})") for each in contractors
        ]
        return self

    @property
    def chosen(self) -> UUID:
        return UUID(self.contractor.data)

    def valid(self) -> bool:
        """A number goes along only where the tenant agreed."""
        super().valid()
        _check_phone(self)
        if self.phone.data and not self.phone.errors and not self.agreed.data:
            self.blame("phone", str(_("Ask the tenant first and tick that they agreed, or leave the number out")))
        return not self.problems
