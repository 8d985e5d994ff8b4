"""What a worker is asked about a repair."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, TimeField, validators

from tenant_app import clock
from tenant_app.repairs.models import Repair, State
from tenant_app.repairs.rules import MOVES
from tenant_app.repairs.visits.desk import FURTHEST, METHODS
from tenant_app.repairs.visits.words import method_words
from tenant_app.repairs.windows import write_window
from tenant_app.repairs.words import kinds, rooms
from tenant_app.web.forms import DayField, Form, RadioField, SelectField, SelectMultipleField, own_words
from tenant_app.web.house import house
from tenant_app.web.money import MoneyField

STEPS = {
    State.SEEN: _("Seen, no visit booked"),
    State.BOOKED: _("Book a visit"),
    State.FIXED: _("It is fixed"),
    State.CLOSED: _("Close it"),
}


class HourField(TimeField):
    """A wall time. What is not one is asked for again, in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(_("Write a time, such as 13:00"))) from None


class ChangeForm(Form):
    """What became of a repair, and what the tenant is told."""

    version = HiddenField()
    state = RadioField(_("What happens next?"), [validators.InputRequired(_("Choose what happens next"))])
    visit_on = DayField(_("Day of the visit"), [validators.Optional()])
    visit_from = HourField(_("From"), [validators.Optional()])
    visit_to = HourField(_("Until"), [validators.Optional()])
    words = own_words(
        _("Words to the tenant"), _("They read this in the app. You can leave this out."),
        longest=1000, long=True, rows=4,
    )  # fmt: skip
    investigated_on = DayField(_("We looked into it on"), [validators.Optional()])
    aware_on = DayField(
        _("We have known since"), [validators.Optional()],
        description=_("If a note or a call named damp or mould earlier. The clock starts with that day."),
    )  # fmt: skip

    def offer(self, repair: Repair) -> ChangeForm:
        """The same form with the steps that this repair can take from where it is."""
        steps = MOVES[repair.state]
        self.state.choices = [(state.value, str(words)) for state, words in STEPS.items() if state in steps]
        return self

    @property
    def chosen(self) -> State:
        return State(self.state.data)

    @property
    def visit(self) -> tuple[date | None, str]:
        """Day and hours of the visit, as the rule takes them; nothing where no visit is booked."""
        if self.chosen is not State.BOOKED or self.visit_from.data is None or self.visit_to.data is None:
            return None, ""
        return self.visit_on.data, write_window(self.visit_from.data, self.visit_to.data)

    def valid(self) -> bool:
        """A visit has a day to come and hours; what was done was done by today."""
        if not super().valid():
            return False
        today = clock.today(house().settings.zone)
        if self.chosen is State.BOOKED:
            self._check_visit(today)
        for name in ("investigated_on", "aware_on"):
            if self[name].data and self[name].data > today:
                self.blame(name, str(_("Choose today or an earlier day")))
        return not self.problems

    def says_nothing(self, repair: Repair) -> bool:
        """Whether it would leave everything as it is."""
        same = self.chosen is repair.state is State.SEEN
        return same and not (self.words.data or self.investigated_on.data or self.aware_on.data)

    def _check_visit(self, today: date) -> None:
        if self.visit_on.data is None or self.visit_on.data < today:
            self.blame("visit_on", str(_("Choose the day of the visit, today or later")))
        if self.visit_from.data is None:
            self.blame("visit_from", str(_("Write from when somebody comes")))
        if self.visit_to.data is None or self.visit_to.data <= (self.visit_from.data or time.min):
            self.blame("visit_to", str(_("Write until when, later than from when")))


class ReplyForm(Form):
    """A line to the tenant."""

    words = own_words(
        _("Write to the tenant about this repair"), _("They read this in the app."), needed=_("Write something first"),
        longest=1000, long=True, rows=3,
    )  # fmt: skip


OFFERS = 4
"""Times that one page offers. More are offered with another."""


class OfferForm(Form):
    """Times from which the tenant chooses. Rows that are left empty are none."""

    version = HiddenField()
    day1 = DayField(_("Day"), [validators.Optional()])
    from1 = HourField(_("From"), [validators.Optional()])
    to1 = HourField(_("Until"), [validators.Optional()])
    day2 = DayField(_("Day"), [validators.Optional()])
    from2 = HourField(_("From"), [validators.Optional()])
    to2 = HourField(_("Until"), [validators.Optional()])
    day3 = DayField(_("Day"), [validators.Optional()])
    from3 = HourField(_("From"), [validators.Optional()])
    to3 = HourField(_("Until"), [validators.Optional()])
    day4 = DayField(_("Day"), [validators.Optional()])
    from4 = HourField(_("From"), [validators.Optional()])
    to4 = HourField(_("Until"), [validators.Optional()])
    words = own_words(
        _("Words to the tenant"), _("They read this in the app. You can leave this out."),
        longest=1000, long=True, rows=3,
    )  # fmt: skip

    @property
    def rows(self) -> list[tuple[DayField, HourField, HourField]]:
        """Day, from and until of each row."""
        return [(self[f"day{n}"], self[f"from{n}"], self[f"to{n}"]) for n in range(1, OFFERS + 1)]

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


class NoAccessForm(Form):
    """Somebody came and could not get in."""

    day = DayField(_("Day"), [validators.InputRequired(_("Choose the day"))])
    hour = HourField(_("Time"), [validators.InputRequired(_("Write a time, such as 13:00"))])
    methods = SelectMultipleField(_("What was tried?"), [validators.InputRequired(_("Choose what was tried"))])
    words = own_words(
        _("Words to the tenant"), _("What you saw, and how to reach you. No blame. You can leave this out."),
        longest=1000, long=True, rows=3,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.methods.choices = [(each, method_words(each)) for each in METHODS]

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


class CostForm(Form):
    """What it is thought to cost, and what it did."""

    version = HiddenField()
    estimate = MoneyField(
        _("Estimate, in pounds"), description=_("You can leave this out."),
        render_kw={"inputmode": "decimal", "dir": "ltr"},
    )  # fmt: skip
    actual = MoneyField(
        _("What it cost, in pounds"), description=_("You can leave this out."),
        render_kw={"inputmode": "decimal", "dir": "ltr"},
    )  # fmt: skip


class RaiseForm(Form):
    """A repair reported for a tenant."""

    kind = SelectField(_("What needs mending?"), [validators.InputRequired(_("Choose what needs mending"))])
    rooms = SelectMultipleField(_("Where is it?"), [validators.InputRequired(_("Choose where it is"))])
    words = own_words(
        _("What is wrong?"), _("The tenant reads this too."), needed=_("Write what is wrong"), longest=2000, long=True,
        rows=4,
    )  # fmt: skip
    aware_on = DayField(
        _("We have known since"), [validators.Optional()],
        description=_("If it was said or written down earlier. You can leave this out."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [("", _("Choose"))] + [(each.slug, each.name) for each in kinds()]
        self.rooms.choices = [(each.slug, each.name) for each in rooms()]

    def valid(self) -> bool:
        """We knew by today."""
        if super().valid() and self.aware_on.data and self.aware_on.data > clock.today(house().settings.zone):
            self.blame("aware_on", str(_("Choose today or an earlier day")))
        return not self.problems
