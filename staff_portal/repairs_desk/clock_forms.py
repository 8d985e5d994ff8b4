"""What a worker is asked about a repair's clocks."""

from __future__ import annotations

from datetime import date, datetime, time

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, validators

from tenant_app import clock
from tenant_app.repairs.clocks import words
from tenant_app.repairs.clocks.models import PauseReason, end_of
from tenant_app.repairs.clocks.policy import Priority
from tenant_app.repairs.clocks.rules import running
from tenant_app.repairs.clocks.stays import StayAnswer
from tenant_app.repairs.models import Repair
from tenant_app.repairs.visits.time_forms import HourField
from tenant_app.repairs.words import read_by_all
from tenant_app.web.forms import DayField, Form, RadioField, own_words
from tenant_app.web.house import house

MOMENTS = {
    "aware": _("We knew of it earlier"),
    "investigated": _("Looking into it has ended"),
    "safe": _("It was made safe"),
    "begun": _("Further work has begun"),
}
LEVELS = {
    "emergency-hazard": _("An emergency hazard: 24 hours by law"),
    "hazard": _("A hazard such as damp or mould: days by law"),
    Priority.EMERGENCY.value: _("No hazard, an emergency"),
    Priority.URGENT.value: _("No hazard, urgent"),
    Priority.ROUTINE.value: _("No hazard, routine"),
}


def last_moment(day: date) -> datetime:
    """The end of a local day, or now on this one (UTC): what has a day and no hour is taken at its latest."""
    zone = house().settings.zone
    return clock.now() if day == clock.today(zone) else end_of(clock.at(day, time(12), zone), zone)


class MomentForm(Form):
    """When something was known or done."""

    version = HiddenField()
    what = RadioField(
        _("What happened?"), [validators.InputRequired(_("Choose what happened"))],
        choices=list(MOMENTS.items()),
    )  # fmt: skip
    day = DayField(_("Day"), [validators.InputRequired(_("Choose the day"))])
    hour = HourField(
        _("Time"), [validators.Optional()],
        description=_("Where hours count. Left out, the strictest time of that day is taken."),
    )  # fmt: skip

    @property
    def moment(self) -> datetime:
        """The moment that was named (UTC)."""
        assert self.day.data is not None
        if self.hour.data is not None:
            return clock.at(self.day.data, self.hour.data, house().settings.zone)
        if self.what.data == "aware":
            return clock.at(self.day.data, time(), house().settings.zone)
        return last_moment(self.day.data)


OF_TENANTS = (PauseReason.TENANT_ASKED, PauseReason.TENANT_AWAY)
"""Why a clock of a tenant's own report may stand still, and none of a house."""


class PauseForm(Form):
    """Which clock stands still, and why."""

    version = HiddenField()
    kind = RadioField(_("Which clock?"), [validators.InputRequired(_("Choose a clock"))])
    reason = RadioField(_("Why?"), [validators.InputRequired(_("Choose a reason"))])
    because = own_words(
        _("What happened?"), _("The tenant reads this."), needed=_("Write what happened"), longest=1000, long=True,
        rows=3,
    )  # fmt: skip
    since = DayField(_("Paused since"), [validators.InputRequired(_("Choose the day"))])
    until = DayField(
        _("Last day of the pause"), [validators.Optional()], description=_("Left out, it lasts until you end it.")
    )

    def offer(self, repair: Repair) -> PauseForm:
        """The same form with the clocks that run."""
        self.kind.choices = [
            (row.kind.value, words.task(row.kind)) for row in running(repair) if row.paused_at is None
        ]
        reasons = [reason for reason in PauseReason if repair.tenant is not None or reason not in OF_TENANTS]
        self.reason.choices = [(reason.value, words.reason_words(reason)) for reason in reasons]
        if repair.tenant is None:
            self.because.description = read_by_all()
        return self


class LevelForm(Form):
    """How grave it is."""

    version = HiddenField()
    level = RadioField(
        _("How urgent is it?"), [validators.InputRequired(_("Choose how urgent it is"))], choices=list(LEVELS.items())
    )


class StayForm(Form):
    """Another place to stay, and what they said to it."""

    version = HiddenField()
    place = own_words(
        _("Where?"), _("Name and address. The tenant reads this."), needed=_("Write where it is"), longest=300,
        long=True, rows=2,
    )  # fmt: skip
    first_on = DayField(_("From"), [validators.InputRequired(_("Choose the day"))])
    last_on = DayField(_("Until"), [validators.Optional()], description=_("Left out: until it is safe at home."))
    answer = RadioField(_("What did they say?"), [validators.InputRequired(_("Choose an answer"))])

    def offer(self) -> StayForm:
        """The same form with the answers there are."""
        self.answer.choices = [(answer.value, words.answer_words(answer)) for answer in StayAnswer]
        return self

    def valid(self) -> bool:
        """It ends after it begins."""
        super().valid()
        if self.first_on.data and self.last_on.data and self.last_on.data < self.first_on.data:
            self.blame("last_on", str(_("Choose a day that is not before the first")))
        return not self.problems


class StayAnswerForm(Form):
    """What they said to an offer, and until when they stay."""

    version = HiddenField()
    answer = RadioField(_("What did they say?"), [validators.InputRequired(_("Choose an answer"))])
    last_on = DayField(_("Until"), [validators.Optional()], description=_("Left out: until it is safe at home."))

    def offer(self) -> StayAnswerForm:
        """The same form with the answers there are."""
        self.answer.choices = [(answer.value, words.answer_words(answer)) for answer in StayAnswer]
        return self


class SummaryForm(Form):
    """What was found, and what follows from it."""

    version = HiddenField()
    found = own_words(
        _("What did we find?"), _("In plain words. The tenant reads exactly this."), needed=_("Write what we found"),
        longest=4000, long=True, rows=6,
    )  # fmt: skip
    hazard = RadioField(
        _("Is it a danger to health or safety?"), [validators.InputRequired(_("Choose yes or no"))],
        choices=[("1", _("Yes")), ("0", _("No"))],
    )  # fmt: skip
    todo = own_words(
        _("What will we do?"), _("Needed where there is a danger."), longest=4000, long=True, rows=4,
    )  # fmt: skip
    done_by = DayField(_("By when?"), [validators.Optional()])
    works_needed = BooleanField(_("More work is needed once it is safe"))

    def offer(self, repair: Repair) -> SummaryForm:
        """The same form for one repair: of a house, more than one read it."""
        if repair.tenant is None:
            self.found.description = read_by_all()
        return self

    def valid(self) -> bool:
        """Where there is a danger, something is done about it by a day."""
        super().valid()
        if self.hazard.data == "1":
            if not self.todo.data and not self.todo.errors:
                self.blame("todo", str(_("Write what we will do")))
            if not self.done_by.data and not self.done_by.errors:
                self.blame("done_by", str(_("Choose the day by when")))
        return not self.problems
