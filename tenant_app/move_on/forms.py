"""What the pages of a plan for moving on ask."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import validators

from tenant_app import clock
from tenant_app.move_on.models import Wishes
from tenant_app.move_on.rules import FURTHEST
from tenant_app.web.forms import DayField, Form, own_words
from tenant_app.web.house import house


class WishesForm(Form):
    """Where the tenant wants to live. All of it may be left out."""

    area = own_words(_("In which area?"), _("A part of town, near someone, near a park or a bus."), longest=300)
    kind = own_words(
        _("What kind of home?"), _("A flat of your own, a shared house, a place with support near by."), longest=300
    )
    company = own_words(_("With whom?"), _("Alone, with family, a friend, a pet."), longest=300)
    matters = own_words(
        _("What matters most to you?"), _("Quiet, a garden, no stairs, a lock that feels safe."), longest=1000,
        long=True, rows=3,
    )  # fmt: skip
    target_on = DayField(
        _("By when would you like to move?"), [validators.Optional()],
        description=_("Leave it out if you do not know yet. It can change at any time, and nobody holds you to it."),
    )  # fmt: skip

    stands: date | None = None
    """The day that the plan has now, which may stay, even where it has passed by."""

    def validate_target_on(self, field: DayField) -> None:
        """To come, and not further off than anyone plans."""
        today = clock.today(house().settings.zone)
        if field.data is None or field.data == self.stands:
            return
        if field.data < today:
            raise validators.StopValidation(gettext("Choose a day that is still to come, or leave it out"))
        if field.data > today + FURTHEST:
            raise validators.StopValidation(gettext("Choose a day in the next ten years, or leave it out"))

    @property
    def wishes(self) -> Wishes:
        """What was typed."""
        return Wishes(
            self.area.data or "", self.kind.data or "", self.company.data or "", self.matters.data or "",
            self.target_on.data,
        )  # fmt: skip


class ItemForm(Form):
    """A thing of one's own for the list."""

    words = own_words(_("Something else for this list"), needed=_("Write a few words"), longest=200)


class NoteForm(Form):
    """A note beside one thing on the list."""

    note = own_words(
        _("A note for yourself"), _("Such as: where the paper is, whom to ask. You can leave this out."), longest=500,
        long=True, rows=3,
    )  # fmt: skip


class ReviewForm(Form):
    """What has changed since the last time."""

    changed = own_words(
        _("What has changed?"), _("A few words, if you like. Nothing has? That is an answer too."), longest=1000,
        long=True, rows=4,
    )  # fmt: skip
