"""What the pages about goals ask."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FileField, HiddenField, validators

from tenant_app.goals.room import parts_of_life
from tenant_app.web.forms import DayField, Form, RadioField, own_words
from tenant_app.web.photos import ACCEPTED


class Seen(HiddenField):
    """The edition of the words that the page was made from. A page that brings none back has seen none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Never what stands now: a form without it would then replace words that nobody read."""
        self.data = valuelist[0] if valuelist else ""


def part_of_life() -> RadioField:
    """One of them, or none."""
    return RadioField(_("What part of life is it about?"), validators=[validators.Optional()], default="")


class GoalForm(Form):
    """A goal in the tenant's own words. Everything but the words may be left out."""

    words = own_words(
        _("What would you like to be different?"),
        _("Say it your way. It can be small, like cooking once a week."),
        needed=_("Write what you would like to be different"),
        longest=160,
    )
    why = own_words(_("Why does it matter to you?"), _("You can leave this out."), longest=1000, long=True, rows=3)
    area = part_of_life()
    first_step = own_words(
        _("What could be a first step?"), _("Something you could do this week. You can leave this out."), longest=160
    )
    shared = BooleanField(
        _("My keyworker may see this goal"), description=_("You can change this at any time, with one tap.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.area.choices = [(area["id"], area["name"]) for area in parts_of_life()]

    @property
    def says_more(self) -> bool:
        """Whether something stands in the part that is folded away at first."""
        return bool(self.why.data or self.area.data or self.why.errors or self.area.errors)


class RewordForm(Form):
    """The same words, said better. Steps and sharing have their own buttons."""

    seen = Seen()
    words = GoalForm.words
    why = GoalForm.why
    area = part_of_life()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.area.choices = [(area["id"], area["name"]) for area in parts_of_life()]


class StepForm(Form):
    """One small thing on the way."""

    seen = Seen()
    words = own_words(
        _("What is the step?"), _("Small enough to do in one go."), needed=_("Write what the step is"), longest=160
    )
    helper = own_words(
        _("Who could help with it?"), _("For example: my sister, or Grace. You can leave this out."), longest=80
    )
    by = DayField(
        _("By when would you like to have done it?"),
        [validators.Optional()],
        description=_("You can leave this out."),
    )


class ObstacleForm(Form):
    """If this gets in the way, then I will do that."""

    seen = Seen()
    hurdle = own_words(
        _("What might get in the way?"), _("For example: I am too tired in the evening."),
        needed=_("Write what might get in the way"), longest=200, long=True, rows=2,
    )  # fmt: skip
    then = own_words(
        _("What will you do then?"), _("For example: then I cook something quick and eat it sitting down."),
        needed=_("Write what you will do then"), longest=200, long=True, rows=2,
    )  # fmt: skip


class ConfidenceForm(Form):
    """1 to 10."""

    confidence = RadioField(
        _("How sure are you that you can do it?"), [validators.InputRequired(_("Choose a number from 1 to 10"))],
        validate_choice=False,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.confidence.choices = [(str(number), str(number)) for number in range(1, 11)]

    def validate_confidence(self, field: RadioField) -> None:
        """One of the ten."""
        if field.data not in dict(field.choices):
            raise validators.StopValidation(_("Choose a number from 1 to 10"))


class TookForm(Form):
    """What helped."""

    seen = Seen()
    took = own_words(
        _("What did it take?"),
        _("What you did, what helped, who was there. It may help you another time. You can leave this out."),
        longest=1000, long=True, rows=4,
    )  # fmt: skip


class EvidenceForm(Form):
    """A note, a photo, or both."""

    note = own_words(_("A note"), _("In your own words, in any language."), longest=1000, long=True, rows=3)
    photo = FileField(
        _("A photo"), description=_("You can leave this out. We take out where and when it was made."),
        render_kw={"accept": ACCEPTED, "data-shrink": True},
    )  # fmt: skip
