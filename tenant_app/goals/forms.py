"""What the pages about goals ask."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, validators

from tenant_app.web.forms import DayField, Form, own_words


class GoalForm(Form):
    """A goal in the tenant's own words. Everything but the words may be left out."""

    words = own_words(
        _("What would you like to be different?"),
        _("Say it your way. It can be small, like cooking once a week."),
        needed=_("Write what you would like to be different"),
        longest=160,
    )
    why = own_words(_("Why does it matter to you?"), _("You can leave this out."), longest=1000, long=True, rows=3)
    area = RadioField(_("What part of life is it about?"), validators=[validators.Optional()], default="")
    first_step = own_words(
        _("What could be a first step?"), _("Something you could do this week. You can leave this out."), longest=160
    )
    shared = BooleanField(
        _("My keyworker may see this goal"), description=_("You can change this at any time, with one tap.")
    )


class RewordForm(Form):
    """The same words, said better. Steps and sharing have their own buttons."""

    words = GoalForm.words
    why = GoalForm.why
    area = RadioField(_("What part of life is it about?"), validators=[validators.Optional()], default="")


class StepForm(Form):
    """One small thing on the way."""

    words = own_words(
        _("What is the step?"), _("Small enough to do in one go."), needed=_("Write what the step is"), longest=160
    )
    by = DayField(
        _("By when would you like to have done it?"),
        [validators.Optional()],
        description=_("You can leave this out."),
    )
