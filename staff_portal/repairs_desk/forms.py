"""What a worker is asked about a repair."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, validators

from tenant_app import clock
from tenant_app.repairs.models import Repair, State
from tenant_app.repairs.rules import steps_of
from tenant_app.repairs.tree import are_shared
from tenant_app.repairs.visits.time_forms import HourField, to_the_house, to_the_tenant
from tenant_app.repairs.windows import write_window
from tenant_app.repairs.words import kinds, rooms
from tenant_app.web.forms import DayField, Form, RadioField, SelectField, SelectMultipleField, own_words
from tenant_app.web.house import house
from tenant_app.web.money import MoneyField

STEPS = {
    State.REPORTED: _("It is not mended: open it again"),
    State.SEEN: _("Seen, no visit booked"),
    State.BOOKED: _("Book a visit"),
    State.FIXED: _("It is fixed"),
    State.CLOSED: _("Close it"),
}


class ChangeForm(Form):
    """What became of a repair, and what the tenant is told."""

    version = HiddenField()
    state = RadioField(_("What happens next?"), [validators.InputRequired(_("Choose what happens next"))])
    visit_on = DayField(_("Day of the visit"), [validators.Optional()])
    visit_from = HourField(_("From"), [validators.Optional()])
    visit_to = HourField(_("Until"), [validators.Optional()])
    words = to_the_tenant()

    def offer(self, repair: Repair) -> ChangeForm:
        """The same form with the steps that this repair can take from where it is."""
        steps = steps_of(repair)
        if repair.tenant is None:
            self.words.label.text, self.words.description = to_the_house()
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
        """A visit has a day to come and hours."""
        if super().valid() and self.chosen is State.BOOKED:
            self._check_visit(clock.today(house().settings.zone))
        return not self.problems

    def says_nothing(self, repair: Repair) -> bool:
        """Whether it would leave everything as it is."""
        return self.chosen is repair.state is State.SEEN and not self.words.data

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

    def of_house(self) -> RaiseForm:
        """The same form for a house: only its shared parts."""
        self.rooms.choices = [(each.slug, each.name) for each in rooms() if are_shared([each.slug])]
        self.words.description = gettext(
            "For staff and whoever mends it. Those who live there read what it is, and how it stands."
        )
        return self

    @property
    def aware_at(self) -> datetime:
        """Since when we know, in UTC, once `valid()`."""
        known = self.aware_on.data
        return clock.at(known, time.min, house().settings.zone) if known else clock.now()

    def valid(self) -> bool:
        """We knew by today."""
        if super().valid() and self.aware_on.data and self.aware_on.data > clock.today(house().settings.zone):
            self.blame("aware_on", str(_("Choose today or an earlier day")))
        return not self.problems
