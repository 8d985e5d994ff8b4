"""What the tenant's pages about reviews ask."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, validators

from tenant_app.support_plan.kinds import Kind, Question, Stand
from tenant_app.support_plan.models import LONGEST
from tenant_app.support_plan.words import asked
from tenant_app.web.forms import Form, RadioField, own_words


class SeenForm(Form):
    """A form that knows which version of a thing its page showed."""

    seen = HiddenField(validators=[validators.Optional()])

    @property
    def version(self) -> int:
        """0 for what is no number."""
        said = self.seen.data or ""
        return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0


class PrepareForm(SeenForm):
    """One of the three questions. It may stay empty."""

    words = own_words("", longest=LONGEST, long=True, rows=7, dir="auto")

    def ask(self, question: Question) -> None:
        """Put this question."""
        self.words.label.text, self.words.description = asked(question).words, asked(question).hint


class AnswerForm(SeenForm):
    """What the tenant says of the text that they have read."""

    stand = RadioField(_("What do you say?"), validators=[validators.Optional()], default="")
    words = own_words(
        _("In your own words"), _("What you see differently. It stands beside the text, and nobody changes it."),
        longest=LONGEST, long=True, rows=4, dir="auto",
    )  # fmt: skip

    def offer(self) -> None:
        """Fill in what can be chosen."""
        self.stand.choices = [
            (Stand.AGREES.value, _("It is right. I sign it")),
            (Stand.DISAGREES.value, _("I sign it, and see something differently")),
            (Stand.DECLINES.value, _("I do not agree, and I do not sign")),
        ]

    def makes_sense(self) -> bool:
        """One is chosen, and who sees it otherwise says in what."""
        if not self.valid():
            return False
        if not self.stand.data:
            self.blame("stand", _("Choose one"))
        elif self.stand.data == Stand.DISAGREES and not self.words.data:
            self.blame("words", _("Write what you see differently"))
        return not self.problems


class ChangeForm(Form):
    """What changed."""

    kind = RadioField(_("What has changed?"), validators=[validators.Optional()], default="")
    words = own_words(
        _("What would you like us to know?"), _("You can leave this out."), longest=1000, long=True, rows=4,
        dir="auto",
    )

    def makes_sense(self) -> bool:
        """Valid, and one of the kinds."""
        self.kind.choices = [(kind.value, "") for kind in Kind]
        if not self.valid():
            return False
        if not self.kind.data:
            self.blame("kind", _("Choose what has changed"))
        return not self.problems
