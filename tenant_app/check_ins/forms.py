"""What the pages of check-ins ask, beside the statements themselves."""

from __future__ import annotations

from datetime import date, timedelta

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import StringField, TimeField, validators

from tenant_app.web.forms import Form, own_words
from tenant_app.web.locale import tell_weekday

MONDAY = date(2026, 11, 23)
"""Any Monday, to call weekdays by their names."""


class WordsForm(Form):
    """The sentence at the end."""

    words = own_words(
        _("What would you like to remember of this week?"), _("One sentence, if you like."), longest=300, long=True,
        rows=3,
    )  # fmt: skip


class ReminderForm(Form):
    """On which weekday (0 is Monday), and at what time."""

    weekday = StringField(_("On which day?"))
    at = TimeField(_("At what time?"), format=["%H:%M", "%H:%M:%S"])

    @property
    def weekdays(self) -> list[tuple[str, str]]:
        """Value and name of each."""
        return [(str(number), tell_weekday(MONDAY + timedelta(days=number), "wide")) for number in range(7)]

    def validate_weekday(self, field: StringField) -> None:
        """One of the seven."""
        if field.data not in [value for value, _ in self.weekdays]:
            raise validators.StopValidation(gettext("Choose a day"))

    def validate_at(self, field: TimeField) -> None:
        """A time that can be read."""
        if field.data is None:
            field.errors = []  # of the library's own words, which are not ours and in one language only
            raise validators.StopValidation(gettext("Write the time like 18:00"))
