"""What the pages about chats ask a tenant."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, validators

from tenant_app.chats.models import Way
from tenant_app.web.forms import Form, RadioField, own_words

NONE_SUITS = "other"
"""Instead of an open time."""


class TimeForm(Form):
    """One of the open times."""

    time = RadioField(
        _("When?"), [validators.InputRequired(_("Choose a time"))], choices=[], validate_choice=False
    )

    def offer(self, times: list[str], *, otherwise: bool) -> TimeForm:
        """Which there are to choose from; `otherwise`, also none of them."""
        self.time.choices = [(each, each) for each in [*times, *([NONE_SUITS] if otherwise else [])]]
        return self

    @property
    def chosen(self) -> UUID | None:
        """The id of the open time. One that was taken meanwhile is still an id; the rule says that it is taken."""
        try:
            return UUID(str(self.time.data))
        except ValueError:
            return None

    def valid(self) -> bool:
        """Something must be chosen that could be a time."""
        if not super().valid():
            return False
        if self.chosen is None and self.time.data != NONE_SUITS:
            self.blame("time", gettext("Choose a time"))
            return False
        return True


class AskForm(TimeForm):
    """A chat: when, how, and perhaps what about."""

    way = RadioField(_("How would you like to talk?"), choices=[(way.value, way.value) for way in Way],
                     default=Way.MEET.value)  # fmt: skip
    suits = own_words(
        _("When would suit you?"), _("For example, mornings, or any day but Tuesday."), longest=200
    )
    about = own_words(
        _("What would you like to talk about?"), _("You can leave this out. Only the person you ask reads it."),
        longest=1000, long=True, rows=3,
    )  # fmt: skip
    interpreter = BooleanField(_("I would like someone to interpret"))


class AnotherTimeForm(Form):
    """Why the suggested time does not suit."""

    suits = own_words(
        _("When would suit you?"), _("For example, mornings, or any day but Tuesday."), longest=200
    )


class OffForm(Form):
    """A few words with calling off."""

    why = own_words(_("Would you like to say why?"), _("You can leave this out."), longest=200)
