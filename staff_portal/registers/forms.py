"""What a worker is asked when planning a session."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, RadioField, SelectField, SelectMultipleField, TimeField, validators

from tenant_app import clock
from tenant_app.groups.titles import own_name
from tenant_app.web import content
from tenant_app.web.forms import DayField, Form, own_words
from tenant_app.web.locale import LANGUAGES

MOST_PLACES = 200


class ClockField(TimeField):
    """A time of day. What is not one is asked for again, in the reader's language."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("Enter a time, such as 11:00")) from None


class CountField(IntegerField):
    """A whole number of people."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("Enter a number, such as 8")) from None


class SessionForm(Form):
    """One session: what, when, where, and for how many."""

    kind = RadioField(_("What is it?"), [validators.InputRequired(_("Choose what it is"))])
    day = DayField(_("Which day?"), [validators.InputRequired(_("Choose a day"))])
    starts = ClockField(_("Starts at"), [validators.InputRequired(_("Enter when it starts"))])
    ends = ClockField(_("Ends at"), [validators.InputRequired(_("Enter when it ends"))])
    place = own_words(
        _("Where?"), _("So that someone new finds it: Kitchen, ground floor"), needed=_("Write where it is"),
        longest=120,
    )  # fmt: skip
    capacity = CountField(
        _("How many places?"),
        [
            validators.InputRequired(_("Enter how many places there are")),
            validators.NumberRange(1, MOST_PLACES, _("Enter a number from 1 to %(max)s")),
        ],
    )
    facilitator = SelectField(_("Who runs it?"), [validators.InputRequired(_("Choose who runs it"))])
    building = SelectField(
        _("Who is it for?"), [validators.Optional()], default="",
        description=_("A group for one home is seen by the people who live there."),
    )  # fmt: skip
    step_free = BooleanField(_("Step-free, with a wheelchair too"))
    languages = SelectMultipleField(_("Languages spoken there beside English"), [validators.Optional()])

    def offer(self, facilitators: list[tuple[str, str]], buildings: list[tuple[str, str]]) -> None:
        """Fill in what can be chosen: (id, name) of each."""
        self.kind.choices = [(page.slug, page["title"]) for page in content.pages("groups")]
        self.facilitator.choices = facilitators
        self.building.choices = [("", gettext("Everyone")), *buildings]
        self.languages.choices = [(code, own_name(code)) for code in LANGUAGES if code != "en"]

    def kinds(self) -> list[tuple[str, str, str, bool]]:
        """Kinds of session as tiles: (value, icon, words, chosen)."""
        return [
            (page.slug, page.get("icon") or "people", page["title"], page.slug == self.kind.data)
            for page in content.pages("groups")
        ]

    def in_time(self, zone: ZoneInfo) -> bool:
        """Whether it ends after it starts, and starts in time to be booked. Blames the field that says otherwise."""
        starts_at, ends_at = self.moments(zone)
        if ends_at <= starts_at:
            self.blame("ends", gettext("Enter an end that is later than the start"))
        elif starts_at <= clock.now():
            earlier_today = starts_at.astimezone(zone).date() == clock.today(zone)
            self.blame("starts" if earlier_today else "day", gettext("Choose a time that is still to come"))
        return not self.problems

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Start and end of a valid form, in UTC."""
        assert self.day.data
        assert self.starts.data is not None
        assert self.ends.data is not None
        return clock.at(self.day.data, self.starts.data, zone), clock.at(self.day.data, self.ends.data, zone)
