"""What the pages about medicines ask."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, Field, TimeField, validators

from tenant_app import clock
from tenant_app.medication.rules import FURTHEST, MOST_TIMES
from tenant_app.web.forms import Form, own_words

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::00)?")


class TimesField(Field):
    """Several times of day, each in an input of the same name. Empty inputs are left out; what was typed is kept."""

    data: list[time] | None
    unread: bool = False

    def process_data(self, value: Sequence[time] | None) -> None:
        """Times the form starts with."""
        self.data = list(value or [])
        self.typed = [f"{known:%H:%M}" for known in self.data]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was sent."""
        self.typed = [str(value).strip()[:20] for value in valuelist if str(value).strip()][: MOST_TIMES + 1]
        found = [_CLOCK.fullmatch(value) for value in self.typed]
        self.unread = None in found
        self.data = [time(int(match[1]), int(match[2])) for match in found if match]

    def pre_validate(self, form: Any) -> None:
        """Say what needs another look; the rules would refuse the same."""
        if self.unread:
            raise validators.StopValidation(str(_("Write each time like 09:00")))
        if not self.data:
            raise validators.StopValidation(str(_("Choose at least one time")))
        if len(set(self.data)) < len(self.data):
            raise validators.StopValidation(str(_("The same time is there twice")))
        if len(self.data) > MOST_TIMES:
            raise validators.StopValidation(str(_("Choose at most 8 times")))

    @property
    def inputs(self) -> list[str]:
        """What each input shows: what is known, then empty ones."""
        shown = self.typed[:MOST_TIMES]
        return [*shown, *[""] * (MOST_TIMES - len(shown))]


class ChangeForm(Form):
    """What is on the label, and when it is taken."""

    name = own_words(
        _("What is it called?"), _("As it stands on the label, with its strength."),
        needed=_("Write what it is called"), longest=120,
    )  # fmt: skip
    amount = own_words(
        _("How much at a time?"), _("As it stands on the label, like: 1 tablet, with food. You can leave this out."),
        longest=120,
    )  # fmt: skip
    times = TimesField(_("At what times of day?"), description=_("We will remind you at these times."))
    purpose = own_words(_("What is it for?"), _("In your own words. You can leave this out."), longest=200)


class MedicineForm(ChangeForm):
    """A medicine that is not in the record yet."""

    starts_on = DateField(_("From which day?"), [validators.Optional()])
    ends_on = DateField(
        _("Until which day?"), [validators.Optional()], description=_("Leave this out if it goes on.")
    )

    def validate_starts_on(self, field: DateField) -> None:
        """A day near enough to be meant."""
        _check_day(field)

    def validate_ends_on(self, field: DateField) -> None:
        """A course ends after it starts."""
        _check_day(field)
        starts_on: date | None = self.starts_on.data
        if field.data and starts_on and field.data < starts_on:
            raise validators.StopValidation(str(_("Choose a last day that is not before the first")))


class WhenForm(Form):
    """At what time it was taken."""

    at = TimeField(
        _("When did you take it?"), [validators.Optional()], format=["%H:%M", "%H:%M:%S"],
        description=_("If you do not know, leave it out."),
    )  # fmt: skip

    def validate_at(self, field: TimeField) -> None:
        """A time that cannot be read is said in plain words."""
        if _unreadable(field):
            _blame_alone(field, _("Write the time like 09:00"))


def _check_day(field: DateField) -> None:
    if _unreadable(field):
        _blame_alone(field, _("Choose a day from the calendar"))
    if field.data and abs(field.data - clock.now().date()) > FURTHEST:
        _blame_alone(field, _("Choose a day that is nearer"))


def _unreadable(field: Field) -> bool:
    return bool(field.raw_data and field.raw_data[0] and field.data is None)


def _blame_alone(field: Field, problem: Any) -> None:
    field.errors = []  # of the library's own words, which are not ours and in one language only
    raise validators.StopValidation(str(problem))
