"""What a tenant is asked when something needs mending: one question a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, MultipleFileField, StringField, validators

from tenant_app.repairs.answers import Began, Severity
from tenant_app.repairs.told import SPOKEN, AtHome, Times
from tenant_app.repairs.tree import parts
from tenant_app.repairs.words import Named, kinds, spoken_name
from tenant_app.web.forms import Form, RadioField, SelectField, SelectMultipleField, own_words
from tenant_app.web.photos import ACCEPTED


class OneOf(RadioField):
    """One tile of several. What is none of them is asked for again, in our words."""

    def __init__(
        self, label: Any, problem: Any, choices: Iterable[str] = (), *, needed: bool = True, **kwargs: Any
    ) -> None:
        checks = [validators.InputRequired(problem) if needed else validators.Optional()]
        super().__init__(label, checks, **kwargs)
        self.choices = [(str(each), str(each)) for each in choices]
        self.problem = problem

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not offered."""
        if self.data and self.data not in dict(self.choices):
            raise validators.ValidationError(str(self.problem))


class PlaceForm(Form):
    """Whose part of the building."""

    place = OneOf(_("Where is the problem?"), _("Choose where it is"), ("home", "shared"))


class RoomsForm(Form):
    """In which rooms."""

    rooms = SelectMultipleField(
        _("Which room is it in?"), [validators.InputRequired(_("Choose where it is"))], validate_choice=False
    )

    @classmethod
    def of(cls, places: Sequence[Named], chosen: list[str]) -> RoomsForm:
        """The form with these rooms to choose from."""
        form: RoomsForm = cls.asked(rooms=chosen)
        form.rooms.choices = [(each.slug, each.name) for each in places]
        return form

    def valid(self) -> bool:
        """Each once, and none that is not offered."""
        if super().valid() and not set(self.rooms.data).issubset(dict(self.rooms.choices)):
            self.blame("rooms", gettext("Choose where it is"))
        self.rooms.data = list(dict.fromkeys(self.rooms.data or ()))
        return not self.problems


class WhatForm(Form):
    """What it is; and at once what of that kind, if a search found it."""

    kind = OneOf(_("What needs mending?"), _("Choose what needs mending"))
    part = StringField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(each.slug, each.name) for each in kinds()]

    def valid(self) -> bool:
        """A part belongs to its kind."""
        if super().valid() and self.part.data and self.part.data not in {each.slug for each in parts(self.kind.data)}:
            self.blame("kind", gettext("Choose what needs mending"))
        return not self.problems


class PartForm(Form):
    """What of that kind; empty for whoever is not sure."""

    part = OneOf(_("What is it about?"), _("Choose the one that is closest."), needed=False)

    @classmethod
    def of(cls, known: Sequence[Named]) -> PartForm:
        """The form with these parts to choose from."""
        form: PartForm = cls.asked()
        form.part.choices = [(each.slug, each.name) for each in known]
        return form


class WordsForm(Form):
    """What is wrong, where only words can say it."""

    words = own_words(
        _("What is wrong?"), _("In your own words, in any language."), needed=_("Write what is wrong"),
        longest=2000, long=True, rows=4,
    )  # fmt: skip


class HowBadForm(Form):
    """How bad it is."""

    severity = OneOf(_("How bad is it?"), _("Choose how bad it is"), tuple(Severity))


class SinceForm(Form):
    """Since when, by a tile or in words."""

    began = OneOf(_("Since when?"), _("Choose since when, or write it"), tuple(Began), needed=False)
    since = own_words(
        _("Or in your own words"), _("For example: since Tuesday. You can leave this out."), longest=120
    )


class AtHomeForm(Form):
    """Who at home is harmed sooner than others."""

    at_home = SelectMultipleField(_("Does any of this hold for your home?"), validate_choice=False)

    def valid(self) -> bool:
        """Each once, and none that is not offered."""
        if super().valid() and not set(self.at_home.data or ()).issubset(set(AtHome)):
            self.blame("at_home", gettext("Choose from the list, or leave it out"))
        self.at_home.data = [each for each in AtHome if each in (self.at_home.data or ())]
        return not self.problems


class AccessForm(Form):
    """How to get in. All of it may be left out."""

    times = SelectMultipleField(_("When may we come?"), validate_choice=False)
    key = OneOf(_("May we use our key if you are out?"), _("Choose yes or no"), ("1", "0"), needed=False)
    someone_with_me = BooleanField(_("I would like somebody with me when they come"))
    spoken = SelectField(_("Which language is easiest to speak?"), validate_choice=False)
    interpreter = BooleanField(_("An interpreter would help"))
    access = own_words(
        _("Anything else about getting in?"), _("A dog, or a bell that does not ring. You can leave this out."),
        longest=1000, long=True, rows=2,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = sorted(SPOKEN, key=lambda code: spoken_name(code).casefold())
        self.spoken.choices = [("", gettext("Choose a language")), *((code, spoken_name(code)) for code in named)]
        self.spoken.render_kw = {"autocomplete": "off"}

    def valid(self) -> bool:
        """Times and languages are those that are offered."""
        if super().valid():
            if not set(self.times.data or ()).issubset(set(Times)):
                self.blame("times", gettext("Choose from the list, or leave it out"))
            if self.spoken.data not in dict(self.spoken.choices):
                self.blame("spoken", gettext("Choose from the list, or leave it out"))
        self.times.data = [each for each in Times if each in (self.times.data or ())]
        return not self.problems

    @property
    def may_use_key(self) -> bool | None:
        """None where it was not said."""
        return {"1": True, "0": False}.get(self.key.data or "")


class PhotosForm(Form):
    """Pictures, as many as fit."""

    photos = MultipleFileField(
        _("Add photos"), description=_("From a little away and from close by helps most."),
        render_kw={"accept": ACCEPTED},
    )  # fmt: skip


class SendForm(Form):
    """Words of one's own, which may be added to the very last."""

    words = own_words(
        _("What else should we know?"), _("In your own words, in any language. You can leave this out."),
        longest=2000, long=True, rows=3,
    )  # fmt: skip


class NotFixedForm(Form):
    """What is still wrong."""

    words = own_words(_("What is still wrong?"), _("You can leave this out."), longest=1000, long=True, rows=3)
