"""With whom, and until when."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import validators

from tenant_app.web.forms import DayField, Form, RadioField
from tenant_app.web.locale import tell_day


class ShareForm(Form):
    """One kind of record, to one person, until a day."""

    who = RadioField(_("Who may see it?"), validate_choice=False)
    until = DayField(
        _("Until when?"), [validators.InputRequired(_("Choose the last day on which they may see it"))],
        description=_("It ends by itself after that day. You can stop sooner, at any time."),
    )  # fmt: skip

    first: date
    last: date

    def within(self, first: date, last: date) -> ShareForm:
        """The same form with the days that may be chosen."""
        self.first, self.last = first, last
        self.until.render_kw = {"min": first.isoformat(), "max": last.isoformat()}
        return self

    def validate_who(self, field: RadioField) -> None:
        """One of those offered."""
        if field.data not in {value for value, _name in field.choices}:
            raise validators.StopValidation(gettext("Choose who may see it"))

    def validate_until(self, field: DayField) -> None:
        """Not before tomorrow, and within a year."""
        if field.data is not None and not self.first <= field.data <= self.last:
            raise validators.StopValidation(
                gettext("Choose a day from %(first)s to %(last)s",
                        first=tell_day(self.first, year=True), last=tell_day(self.last, year=True))
            )  # fmt: skip
