"""What a worker is asked about a contact, and about what it named."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, validators

from staff_portal.programme.fields import CountField
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.key_work.models import How, KeyWorkNote
from tenant_app.key_work.rules import MOST_BACK, MOST_HELD, Contact, Hold
from tenant_app.key_work.tasks import LONGEST, MOST_AHEAD, who_may_do
from tenant_app.key_work.words import how_words
from tenant_app.repairs.visits.time_forms import HourField
from tenant_app.repairs.words import rooms
from tenant_app.web.forms import DayField, Form, RadioField, SelectMultipleField, own_words
from tenant_app.web.house import house

MOST_MINUTES = 720


class NoteForm(Form):
    """When, how, what happened, what one thinks of it, what was agreed."""

    seen = HiddenField()
    """The edition that the page showed."""
    met_on = DayField(_("Day"), [validators.InputRequired(_("Choose the day"))])
    met_at = HourField(_("Time"), [validators.InputRequired(_("Write a time, such as 13:00"))])
    how = RadioField(_("How were you in touch?"), [validators.InputRequired(_("Choose how you were in touch"))])
    happened = own_words(
        _("What happened"), _("Facts: what you saw, heard and did. Quote their words."),
        needed=_("Write what happened"), longest=4000, long=True, rows=6,
    )  # fmt: skip
    opinion = own_words(
        _("What I think"), _("Your opinion. It stands apart, and the tenant reads it as that."),
        longest=2000, long=True, rows=3,
    )  # fmt: skip
    agreed = own_words(_("What we agreed"), _("Who does what by when."), longest=1000, long=True, rows=2)
    minutes = CountField(
        _("Minutes"),
        [validators.Optional(), validators.NumberRange(1, MOST_MINUTES, _("Enter minutes from 1 to 720"))],
        description=_("You can leave this out."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.how.choices = [(how.value, how_words(how).words) for how in How]

    @classmethod
    def of(cls, note: KeyWorkNote) -> Any:
        """The form with a note as it stands, or with what was typed."""
        met = note.met_at.astimezone(house().settings.zone)
        return cls.asked(
            seen=str(note.edition), met_on=met.date(), met_at=met.time(), how=note.how.value, happened=note.happened,
            opinion=note.opinion, agreed=note.agreed, minutes=note.minutes,
        )  # fmt: skip

    @property
    def edition(self) -> int:
        return int(self.seen.data) if str(self.seen.data or "").isdecimal() and len(self.seen.data) < 9 else 0

    @property
    def contact(self) -> Contact:
        """What was written, once it is valid."""
        assert self.met_on.data is not None
        return Contact(
            clock.at(self.met_on.data, self.met_at.data, house().settings.zone), How(self.how.data),
            self.happened.data, self.opinion.data or "", self.agreed.data or "", self.minutes.data,
        )  # fmt: skip

    def valid(self) -> bool:
        """A contact has been, and within the last year."""
        if not super().valid():
            return False
        met_at = clock.at(self.met_on.data or date.max, self.met_at.data, house().settings.zone)
        if met_at > clock.now():
            here = "met_at" if self.met_on.data == clock.today(house().settings.zone) else "met_on"
            self.blame(here, str(_("This is still to come. Choose a moment that has been")))
        elif met_at < clock.now() - MOST_BACK:
            self.blame("met_on", str(_("Choose a day within the last year")))
        return not self.problems


class HoldForm(Form):
    """Why the tenant is not to read it yet, and until when."""

    reason = own_words(
        _("Why would it not be safe?"), _("A coordinator reads this. The tenant reads the note when the time is over."),
        longest=500, long=True, rows=2,
    )  # fmt: skip
    until = DayField(_("Held back until"), [validators.Optional()], description=_("At most 28 days from today."))

    @property
    def hold(self) -> Hold:
        assert self.until.data is not None
        return Hold(self.reason.data, self.until.data)

    def valid(self) -> bool:
        """A reason, and a day soon."""
        return super().valid() and self.makes_sense()

    def makes_sense(self) -> bool:
        """Whether what was filled in can be kept; says what is amiss otherwise."""
        today = clock.today(house().settings.zone)
        if not self.reason.data:
            self.blame("reason", str(_("Write why it would not be safe")))
        if self.until.data is None or not today <= self.until.data <= today + MOST_HELD:
            self.blame("until", str(_("Choose a day from today, within 28 days")))
        return not self.problems


class NewNoteForm(NoteForm, HoldForm):
    """The same, and whether the tenant is not to read it yet."""

    held = BooleanField(
        _("Hold this back from the tenant for now"),
        description=_("Only where reading it would put somebody in danger. A coordinator sees that you did."),
    )

    @classmethod
    def now(cls) -> Any:
        """An empty form, for a contact that has just been."""
        moment = clock.now().astimezone(house().settings.zone)
        return cls.asked(met_on=moment.date(), met_at=moment.time().replace(second=0, microsecond=0))

    @property
    def hold_asked(self) -> Hold | None:
        return self.hold if self.held.data else None

    def makes_sense(self) -> bool:
        """Only asked where it is held back."""
        return super().makes_sense() if self.held.data else True

    def valid(self) -> bool:
        """Everything that a note needs, and what a hold does."""
        fine = NoteForm.valid(self)
        return self.makes_sense() and fine and not self.problems


class RaiseForm(Form):
    """A repair raised for a tenant: where, and what the repairs desk is told."""

    rooms = SelectMultipleField(_("Where is it?"), [validators.InputRequired(_("Choose where it is"))])
    words = own_words(
        _("What the repairs desk reads"), _("What is wet, or where the mould is. Nothing else from the note."),
        longest=1000, long=True, rows=3,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rooms.choices = [(each.slug, each.name) for each in rooms()]


class NotHereForm(Form):
    """Why a note that names damp or mould is not about this home."""

    reason = own_words(
        _("Why is it not about this home?"), _("For example: they spoke of their sister’s flat."),
        needed=_("Write why it is not about this home"), longest=500, long=True, rows=2,
    )  # fmt: skip


def days_ahead(days: int) -> date:
    """A day from today, by the house's clock."""
    return clock.today(house().settings.zone) + timedelta(days=days)


class TaskForm(Form):
    """Something to do for a tenant: what, by when, by whom."""

    words = own_words(_("What is to be done?"), needed=_("Write what is to be done"), longest=LONGEST)
    due_on = DayField(_("By when?"), [validators.InputRequired(_("Choose a day from today on"))])
    who = RadioField(_("Who does it?"), [validators.Optional()])

    @classmethod
    def offered(cls, tenant: Tenant, **values: Any) -> Any:
        """The form as it was sent, with those who may do it."""
        return cls._with_people(tenant, cls.asked(**cls._usual() | values))

    @classmethod
    def of(cls, tenant: Tenant, **values: Any) -> Any:
        """The same with these values, whatever was sent: it stands on a page of something else."""
        return cls._with_people(tenant, cls(**cls._usual() | values))

    @staticmethod
    def _usual() -> dict[str, Any]:
        """Oneself, within a week."""
        return {"due_on": days_ahead(7), "who": str(worker().id)}

    @staticmethod
    def _with_people(tenant: Tenant, form: Any) -> Any:
        form.who.choices = [(str(one.id), one.name) for one in who_may_do(tenant, worker())]
        return form

    def chosen(self, tenant: Tenant) -> Worker:
        """Who was chosen."""
        return next((one for one in who_may_do(tenant, worker()) if str(one.id) == self.who.data), worker())

    def valid(self) -> bool:
        """A task is due on a day to come, within a year."""
        if not super().valid():
            return False
        if not days_ahead(0) <= (self.due_on.data or date.min) <= days_ahead(MOST_AHEAD.days):
            self.blame("due_on", str(_("Choose a day from today on, within a year")))
        return not self.problems
