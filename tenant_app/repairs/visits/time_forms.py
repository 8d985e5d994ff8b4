"""What whoever comes is asked about visits, at the desk or behind a contractor's link."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, TimeField, validators

from tenant_app import clock
from tenant_app.repairs.models import Repair
from tenant_app.repairs.visits.desk import FURTHEST, METHODS
from tenant_app.repairs.visits.words import method_words
from tenant_app.repairs.windows import write_window
from tenant_app.web.forms import DayField, Form, SelectMultipleField, own_words
from tenant_app.web.house import house


class HourField(TimeField):
    """A wall time. What is not one is asked for again, in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(_("Write a time, such as 13:00"))) from None


def to_the_tenant(hint: Any = "") -> Any:
    """Words that go along with a piece of news."""
    hint = hint or _("They read this in the app. You can leave this out.")
    return own_words(_("Words to the tenant"), hint, longest=1000, long=True, rows=3)


EVERYONE = _("Everyone who lives there can read this. Name nobody. You can leave this out.")


def to_the_house() -> tuple[str, str]:
    """The same of a repair of a house: the label of the words, and the hint."""
    return str(_("Words to those who live there")), str(EVERYONE)


class TimesForm(Form):
    """Days and hours, a row each. Rows that are left empty are none."""

    ROWS = 1

    version = HiddenField()
    day1 = DayField(_("Day"), [validators.Optional()])
    from1 = HourField(_("From"), [validators.Optional()])
    to1 = HourField(_("Until"), [validators.Optional()])

    @property
    def rows(self) -> list[tuple[DayField, HourField, HourField]]:
        """Day, from and until of each row."""
        return [(self[f"day{n}"], self[f"from{n}"], self[f"to{n}"]) for n in range(1, self.ROWS + 1)]

    @property
    def times(self) -> list[tuple[date, str]]:
        """Days and hours, once `valid()`."""
        return [
            (day.data, write_window(start.data, end.data))
            for day, start, end in self.rows if day.data and start.data and end.data
        ]  # fmt: skip

    def valid(self) -> bool:
        """At least one row, each with a day to come and hours."""
        if not super().valid():
            return False
        zone = house().settings.zone
        for day, start, end in self.rows:
            if not (day.data or start.data or end.data):
                continue
            last = clock.now() + FURTHEST
            if day.data is None or not clock.today(zone) <= day.data <= last.astimezone(zone).date():
                self.blame(day.name, str(_("Choose a day from today to half a year from now")))
            if start.data is None or (day.data and not clock.now() < clock.at(day.data, start.data, zone) <= last):
                self.blame(start.name, str(_("Write from when somebody comes, a time to come")))
            if end.data is None or end.data <= (start.data or time.min):
                self.blame(end.name, str(_("Write until when, later than from when")))
        if not self.problems and not self.times:
            self.blame("day1", str(_("Choose at least one day")))
        return not self.problems


class OfferForm(TimesForm):
    """Times from which the tenant chooses. More are offered with another page."""

    ROWS = 4

    day2 = DayField(_("Day"), [validators.Optional()])
    from2 = HourField(_("From"), [validators.Optional()])
    to2 = HourField(_("Until"), [validators.Optional()])
    day3 = DayField(_("Day"), [validators.Optional()])
    from3 = HourField(_("From"), [validators.Optional()])
    to3 = HourField(_("Until"), [validators.Optional()])
    day4 = DayField(_("Day"), [validators.Optional()])
    from4 = HourField(_("From"), [validators.Optional()])
    to4 = HourField(_("Until"), [validators.Optional()])
    words = to_the_tenant()


class BookForm(TimesForm):
    """The one time at which somebody comes, where nobody has to choose: of a house."""

    words = own_words(_("Words to those who live there"), EVERYONE, longest=1000, long=True, rows=3)


class NoAccessForm(Form):
    """Somebody came and could not get in."""

    day = DayField(_("Day"), [validators.InputRequired(_("Choose the day"))])
    hour = HourField(_("Time"), [validators.InputRequired(_("Write a time, such as 13:00"))])
    methods = SelectMultipleField(_("What was tried?"), [validators.InputRequired(_("Choose what was tried"))])
    words = to_the_tenant(_("What you saw, and how to reach you. No blame. You can leave this out."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.methods.choices = [(each, method_words(each)) for each in METHODS]

    def offer(self, repair: Repair) -> NoAccessForm:
        """The same form for one repair: of a house, more than one read the words."""
        if repair.tenant is None:
            self.words.label.text, self.words.description = to_the_house()
        return self

    def happened_at(self) -> datetime:
        """Day and time, in UTC, once `valid()`."""
        assert self.day.data is not None
        assert self.hour.data is not None
        return clock.at(self.day.data, self.hour.data, house().settings.zone)

    def valid(self) -> bool:
        """What was tried has been tried."""
        if super().valid() and self.happened_at() > clock.now():
            self.blame("day", str(_("Choose a day and time that have been")))
        return not self.problems
