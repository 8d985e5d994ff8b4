"""What a tenant is asked when something needs mending: one question a page."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import MultipleFileField, RadioField, SelectMultipleField, validators

from tenant_app.repairs.words import kinds, rooms
from tenant_app.web.forms import Form, own_words
from tenant_app.web.photos import ACCEPTED


class WhereForm(Form):
    """In which rooms."""

    rooms = SelectMultipleField(_("Where is it?"), [validators.InputRequired(_("Choose where it is"))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rooms.choices = [(each.slug, each.name) for each in rooms()]


class WhatForm(Form):
    """What it is. Words may be left out, except where no kind says it."""

    kind = RadioField(_("What needs mending?"), [validators.InputRequired(_("Choose what needs mending"))])
    words = own_words(
        _("What is wrong?"), _("In your own words, in any language. You can leave this out."),
        longest=2000, long=True, rows=4,
    )  # fmt: skip
    since = own_words(_("Since when?"), _("For example: since Tuesday. You can leave this out."), longest=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(each.slug, each.name) for each in kinds()]

    def valid(self) -> bool:
        """Something else is something that only words can say."""
        if super().valid() and self.kind.data == "other" and not self.words.data:
            self.blame("words", str(_("Write what is wrong")))
        return not self.problems


class PhotosForm(Form):
    """Pictures, as many as fit."""

    photos = MultipleFileField(
        _("Add photos"), description=_("From a little away and from close by helps most."),
        render_kw={"accept": ACCEPTED},
    )  # fmt: skip


class SendForm(Form):
    """How to get in."""

    access = own_words(
        _("How do we get in?"),
        _("When you are in, or a dog, or a bell that does not ring. You can leave this out."),
        longest=1000, long=True, rows=3,
    )  # fmt: skip


class NotFixedForm(Form):
    """What is still wrong."""

    words = own_words(_("What is still wrong?"), _("You can leave this out."), longest=1000, long=True, rows=3)
