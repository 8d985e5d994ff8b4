"""What is asked when a series is planned, and when a session is changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, validators

from staff_portal.programme.fields import ClockField, CountField, LookedForm, link_field
from tenant_app.accounts.models import Property, Worker
from tenant_app.groups.programme.arranging import Arrangement
from tenant_app.groups.programme.foreseeing import Change, PlacesTaken
from tenant_app.groups.programme.planning import SeriesPlan
from tenant_app.groups.programme.series import EVERY, MOST_WEEKS, BankHolidays, NoSuchTime, Part
from tenant_app.groups.titles import own_name
from tenant_app.web import content
from tenant_app.web.forms import DayField, RadioField, SelectField, SelectMultipleField, own_words
from tenant_app.web.locale import LANGUAGES, tell_day

MOST_PLACES = 200
HELPERS = (1, 2, 3)
"""How many people can be named beside the lead."""
SPOKEN = tuple(sorted({*LANGUAGES, "bn", "pl", "so"} - {"en"}))
"""Languages that can be spoken at a group, beyond those that the app itself speaks."""


class ArrangedForm(LookedForm):
    """Where, with whom, and for how many."""

    starts = ClockField(_("Starts at"), [validators.InputRequired(_("Enter when it starts"))])
    ends = ClockField(_("Ends at"), [validators.InputRequired(_("Enter when it ends"))])
    place = own_words(_("Where?"), _("So that someone new finds it: Kitchen, ground floor"), longest=120)
    link = link_field(_("Link, if it is online"), _("Only people who have a place see it."))
    capacity = CountField(
        _("How many places?"),
        [
            validators.InputRequired(_("Enter how many places there are")),
            validators.NumberRange(1, MOST_PLACES, _("Enter a number from 1 to %(max)s")),
        ],
    )
    lead = SelectField(_("Who leads it?"), [validators.InputRequired(_("Choose who leads it"))])
    beside_1 = SelectField(_("With them"), [validators.Optional()])
    part_1 = SelectField(_("As"), [validators.Optional()])
    beside_2 = SelectField(_("And with them"), [validators.Optional()])
    part_2 = SelectField(_("As"), [validators.Optional()])
    beside_3 = SelectField(_("And also"), [validators.Optional()])
    part_3 = SelectField(_("As"), [validators.Optional()])
    step_free = BooleanField(_("Step-free, with a wheelchair too"))
    access_note = own_words(
        _("What else should people know about getting in?"),
        _("Such as: lift to the first floor, quiet corner. Everyone reads it."), longest=200,
    )  # fmt: skip
    languages = SelectMultipleField(_("Languages spoken there beside English"), [validators.Optional()])
    interpreter = SelectMultipleField(_("Languages with an interpreter"), [validators.Optional()])

    asked_in: tuple[str, ...] = ()
    """Fields in the order in which the page asks them."""

    def offer(
        self, leads: Mapping[str, Worker], helpers: Mapping[str, Worker], codes: Collection[str] = ()
    ) -> None:
        """Fill in what can be chosen: workers by id, and codes of languages beyond the usual ones."""
        nobody = ("", gettext("Nobody"))
        self.lead.choices = [(key, each.name) for key, each in leads.items()]
        for number in HELPERS:
            self[f"beside_{number}"].choices = [nobody, *((key, each.name) for key, each in helpers.items())]
            self[f"part_{number}"].choices = list(part_words().items())
        for field in (self.languages, self.interpreter):
            field.choices = [(code, own_name(code)) for code in sorted({*SPOKEN, *codes})]

    @property
    def problems(self) -> list[tuple[str, str]]:
        """As every form's, in the order in which the page asks."""
        order = {name: place for place, name in enumerate(self.asked_in)}
        return sorted(super().problems, key=lambda one: order.get(one[0], len(order)))

    def makes_sense(self) -> bool:
        """Whether the fields are right, and right together."""
        if not self.valid():
            return False
        if self.ends.data <= self.starts.data:
            self.blame("ends", gettext("Enter an end that is later than the start"))
        if not self.place.data and not self.link.data:
            self.blame("place", gettext("Write where it is, or give a link"))
        return not self.problems

    def arrangement(self, workers: Mapping[str, Worker]) -> Arrangement:
        """What a valid form says; `workers` by id."""
        beside = {}
        for number in HELPERS:
            key = self[f"beside_{number}"].data
            if key and key != self.lead.data and key not in beside:
                beside[key] = (workers[key], Part(self[f"part_{number}"].data or Part.CO))
        # Typed as a place, it would be one place that all online groups are taken to share.
        nowhere = self.link.data and (self.place.data or "").casefold() in ("online", gettext("Online").casefold())
        return Arrangement(
            place="" if nowhere else self.place.data or "", link=self.link.data or "",
            lead=workers[self.lead.data], capacity=self.capacity.data or 0,
            beside=tuple(sorted(beside.values(), key=lambda one: (one[0].name.casefold(), one[0].id))),
            step_free=self.step_free.data, access_note=self.access_note.data or "",
            languages=tuple(sorted(self.languages.data or ())), interpreter=tuple(sorted(self.interpreter.data or ())),
        )  # fmt: skip

    def blame_gaps(self, refused: NoSuchTime) -> None:
        """Say on which day which time does not exist, and why."""
        for name in ("starts", "ends"):
            for day, wall in refused.gaps:
                if wall == self[name].data and not self[name].errors:
                    self.blame(name, gettext(
                        "On %(day)s clocks go forward, and there is no %(time)s. Choose another time.",
                        day=tell_day(day, year=True), time=f"{wall:%H:%M}",
                    ))  # fmt: skip


class SeriesForm(ArrangedForm):
    """A series, or one session."""

    kind = RadioField(_("What is it?"), [validators.InputRequired(_("Choose what it is"))])
    day = DayField(
        _("First day"), [validators.InputRequired(_("Choose a day"))], description=_("A series keeps its weekday.")
    )
    weeks = CountField(
        _("How many weeks?"),
        [
            validators.InputRequired(_("Enter how many weeks it goes on")),
            validators.NumberRange(1, MOST_WEEKS, _("A series is 1 to %(max)s weeks long. Plan the next one later.")),
        ],
        description=_("1 for a single session, at most 53."),
    )
    every = SelectField(_("How often?"), [validators.Optional()], default="1")
    bank_holidays = RadioField(
        _("On a bank holiday"), [validators.InputRequired(_("Choose what happens on a bank holiday"))],
        default=BankHolidays.SKIP.value,
    )  # fmt: skip
    building = SelectField(
        _("Who is it for?"), [validators.Optional()], default="",
        description=_("A group for one home is seen by the people who live there."),
    )  # fmt: skip

    asked_in = ("kind", "every", "day", "weeks", "starts", "ends", "bank_holidays", "place", "link", "capacity", "lead")

    def offer_series(self, buildings: Mapping[str, Property]) -> None:
        """Fill in kinds, homes, and what can happen on a bank holiday."""
        self.kind.choices = [(page.slug, page["title"]) for page in content.pages("groups")]
        self.building.choices = [("", gettext("Everyone")), *((key, each.name) for key, each in buildings.items())]
        often = (gettext("Every week"), gettext("Every two weeks"), gettext("Every four weeks"))
        self.every.choices = list(zip(map(str, EVERY), often, strict=True))
        self.bank_holidays.choices = [
            (BankHolidays.SKIP.value, gettext("Skip that week")),
            (BankHolidays.MOVE.value, gettext("Move it to the next working day")),
        ]

    def kinds(self) -> list[tuple[str, str, str, bool]]:
        """Kinds of session as tiles: (value, icon, words, chosen)."""
        return [
            (page.slug, page.get("icon") or "people", page["title"], page.slug == self.kind.data)
            for page in content.pages("groups")
        ]

    def plan(self, workers: Mapping[str, Worker], buildings: Mapping[str, Property], zone: ZoneInfo) -> SeriesPlan:
        """What a valid form says."""
        assert self.day.data
        return SeriesPlan(
            self.kind.data, self.day.data, self.weeks.data or 1, self.starts.data, self.ends.data, zone,
            BankHolidays(self.bank_holidays.data), self.arrangement(workers), buildings.get(self.building.data),
            int(self.every.data or 1),
        )  # fmt: skip


class ChangeForm(ArrangedForm):
    """One session as it is to be, or it and the rest of its series."""

    day = DayField(_("Which day?"), [validators.InputRequired(_("Choose a day"))])
    rest = RadioField(_("What do you change?"), [validators.Optional()], default="0")
    seen = HiddenField()
    """The edition of the session when the page was made."""
    was = HiddenField()
    """How it stood then, so that a page that is not the newest can say what has changed meanwhile."""

    asked_in = ("rest", "day", "starts", "ends", "place", "link", "capacity", "lead")

    def change(self, workers: Mapping[str, Worker]) -> Change:
        """What a valid form says."""
        assert isinstance(self.day.data, date)
        return Change(self.day.data, self.starts.data, self.ends.data, self.arrangement(workers))

    def blame_capacity(self, refused: PlacesTaken) -> None:
        """Say how many hold a place, and when."""
        fullest = max(refused.sessions, key=lambda each: each.places_taken)
        days = ", ".join(tell_day(each.starts_at) for each in refused.sessions[:4])
        self.blame("capacity", gettext(
            "%(num)s places are taken already (%(days)s). Enter at least %(num)s.", num=fullest.places_taken, days=days
        ))  # fmt: skip


def part_words() -> dict[str, str]:
    """What somebody does beside the lead, in the reader's language."""
    return {
        Part.CO.value: gettext("Co-facilitator"),
        Part.PEER.value: gettext("Peer"),
        Part.VOLUNTEER.value: gettext("Volunteer"),
    }
