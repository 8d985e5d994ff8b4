"""What a tenant is asked about a repair that was sent."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import IntegerField, validators

from tenant_app.repairs.visits.models import VisitSlot
from tenant_app.web.forms import Form, RadioField, own_words

NONE_FITS = "none"
"""Instead of one of the times."""


class ChooseForm(Form):
    """One of the times on offer, or none of them and when would suit."""

    slot = RadioField(
        _("When may we come?"), [validators.InputRequired(_("Choose a time"))], choices=[], validate_choice=False
    )
    suits = own_words(
        _("When would suit you?"), _("If none of these does. For example, mornings, or any day but Tuesday."),
        longest=200,
    )  # fmt: skip

    def offer(self, slots: Sequence[VisitSlot]) -> ChooseForm:
        """Which there are to choose from."""
        self.slot.choices = [(str(slot.id), "") for slot in slots] + [(NONE_FITS, "")]
        return self

    @property
    def chosen(self) -> UUID | None:
        """The time's id. One that is not on offer any more is still an id; the rule says what became of it."""
        try:
            return UUID(str(self.slot.data))
        except ValueError:
            return None

    @property
    def none_fits(self) -> bool:
        return bool(self.slot.data == NONE_FITS)

    def valid(self) -> bool:
        """Something is chosen that could be a time."""
        if super().valid() and self.chosen is None and not self.none_fits:
            self.blame("slot", gettext("Choose a time"))
        return not self.problems


class CancelForm(Form):
    """A few words with calling off."""

    why = own_words(_("Would you like to say why?"), _("You can leave this out."), longest=200)


class MessageForm(Form):
    """A line to the desk."""

    words = own_words(
        _("Write to us about this repair"), _("For example, that something has changed, or how to reach you."),
        needed=_("Write something first"), longest=1000, long=True, rows=3,
    )  # fmt: skip


class RatingForm(Form):
    """How it went."""

    stars = IntegerField(
        _("How did this repair go?"),
        [validators.InputRequired(_("Choose how it went")),
         validators.NumberRange(1, 5, message=_("Choose how it went"))],
    )  # fmt: skip
    words = own_words(
        _("Would you like to say more?"), _("What was good, or what we could do better. You can leave this out."),
        longest=1000, long=True, rows=3,
    )  # fmt: skip
