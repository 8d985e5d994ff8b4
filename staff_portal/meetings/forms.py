"""What is asked of whoever runs a house meeting."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, validators

from tenant_app.accounts.models import Worker
from tenant_app.groups.meetings.minutes import LONGEST_ACTION, LONGEST_MINUTES, LONGEST_REASON, Outcome
from tenant_app.groups.meetings.models import LONGEST_DETAIL, LONGEST_TITLE
from tenant_app.web.forms import DayField, Form, RadioField, SelectField, own_words


class SeenForm(Form):
    """A form that knows which version of a thing its page showed."""

    seen = HiddenField(validators=[validators.Optional()])

    @property
    def version(self) -> int:
        """0 for what is no number."""
        said = self.seen.data or ""
        return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0


class StaffItemForm(Form):
    """An item of staff's own."""

    title = own_words(
        _("What is to be talked about?"), needed=_("Write what is to be talked about"), longest=LONGEST_TITLE
    )
    detail = own_words(
        _("What else should people know?"), _("You can leave this out."), longest=LONGEST_DETAIL, long=True, rows=3
    )


class MinutesForm(SeenForm):
    """What a meeting said about one item, and what it did with it."""

    words = own_words(
        _("What was said and decided?"),
        _("Write no tenant’s name, unless they agreed. Everyone in the house reads this once it is published."),
        longest=LONGEST_MINUTES, long=True, rows=6,
    )  # fmt: skip
    outcome = RadioField(_("What happened to it?"), validators=[validators.Optional()], default="")

    def offer(self) -> None:
        """Fill in what can be chosen."""
        self.outcome.choices = [
            ("", gettext("Not talked about yet")),
            (Outcome.DEALT.value, gettext("Dealt with")),
            (Outcome.CARRIED.value, gettext("Goes on to the next meeting")),
        ]

    @property
    def chosen(self) -> Outcome | None:
        """What was chosen; None for not yet."""
        return Outcome(self.outcome.data) if self.outcome.data else None

    def makes_sense(self) -> bool:
        """Valid, and what was dealt with says what was decided."""
        if not self.valid():
            return False
        if self.chosen is Outcome.DEALT and not self.words.data:
            self.blame("words", gettext("Write what was decided"))
            return False
        return True


class CorrectionForm(Form):
    """What was wrong in published minutes."""

    words = own_words(
        _("What is right?"),
        _("It stands below the minutes, with the date. What was written before can still be read."),
        needed=_("Write what is right"), longest=LONGEST_MINUTES, long=True, rows=4,
    )  # fmt: skip


class ActionForm(SeenForm):
    """Something to be done: what, by whom and by when."""

    what = own_words(
        _("What is to be done?"), _("Write no tenant’s name, unless they agreed."),
        needed=_("Write what is to be done"), longest=LONGEST_ACTION,
    )  # fmt: skip
    due_on = DayField(_("By when?"), [validators.InputRequired(_("Choose by when"))])
    owner = SelectField(
        _("Who does it?"), [validators.Optional()], default="",
        description=_("What is left to the house, a tenant can offer to do, by a tap of their own."),
    )  # fmt: skip

    def offer(self, workers: Mapping[str, Worker]) -> None:
        """Fill in who can be chosen."""
        house = ("", gettext("The house: whoever offers"))
        self.owner.choices = [house, *((key, each.name) for key, each in workers.items())]


class DropForm(Form):
    """Why something will not be done."""

    reason = own_words(
        _("Why will it not be done?"), _("Everyone in the house reads this. Say plainly what stood in the way."),
        needed=_("Write why it will not be done"), longest=LONGEST_REASON, long=True, rows=3,
    )  # fmt: skip
