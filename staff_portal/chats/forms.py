"""What a worker is asked about chats."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import validators

from staff_portal.programme.fields import ClockField
from tenant_app.chats.open_times import MOST_WEEKS
from tenant_app.web.forms import DayField, Form, SelectField, own_words

LENGTHS = (15, 20, 30, 45, 60, 90)
"""Minutes."""


class _AtForm(Form):
    day = DayField(_("Day"), [validators.InputRequired(_("Choose a day"))])
    begins = ClockField(_("From"), [validators.InputRequired(_("Enter a time, such as 11:00"))])
    minutes = SelectField(
        _("Minutes each"), coerce=int, choices=[(str(each), str(each)) for each in LENGTHS], default=30
    )


class OpenTimesForm(_AtForm):
    """Times that are kept open."""

    ends = ClockField(_("Until"), [validators.InputRequired(_("Enter a time, such as 11:00"))])
    weeks = SelectField(
        _("For how many weeks"), coerce=int, default=1,
        choices=[(str(each), str(each)) for each in range(1, MOST_WEEKS + 1)],
    )  # fmt: skip


class ProposeForm(_AtForm):
    """A time for one chat."""

    place = own_words(_("Where, or which number is called"), _("You can leave this out."), longest=120)


class OffForm(Form):
    """Why it is called off."""

    why = own_words(_("Why?"), _("The tenant reads this."), longest=200)
