"""What is asked of whoever answers."""

from __future__ import annotations

import unicodedata

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import validators

from tenant_app.support.record.models import RequestState
from tenant_app.web.forms import Form, RadioField, own_words

ANSWERS = {
    RequestState.DONE: _("It is done"),
    RequestState.PARTLY: _("It is done in part"),
    RequestState.NOT_DONE: _("It is not done"),
}


class AnswerForm(Form):
    """What became of it, and what the tenant reads."""

    state = RadioField(_("What became of it?"), validate_choice=False)
    reply = own_words(
        _("Your answer"), _("They read this in the app. If it is not done, or not all of it, say why."),
        longest=2000, long=True, rows=5,
    )  # fmt: skip

    def offer(self, *states: RequestState) -> AnswerForm:
        """The same form with the answers that there are."""
        self.state.choices = [(state.value, str(ANSWERS[state])) for state in states]
        return self

    def validate_state(self, field: RadioField) -> None:
        """One of those offered."""
        if field.data not in {value for value, _words in field.choices}:
            raise validators.StopValidation(gettext("Choose what became of it"))

    def valid(self) -> bool:
        """Beside each field: a refusal says why."""
        fine = super().valid()
        if fine and not self.reply.data and self.state.data != RequestState.DONE.value:
            self.blame("reply", gettext("Say why, in words they can understand"))
            return False
        return fine


class EraseForm(Form):
    """The name of whose record goes, typed: nobody does this by a slip of the hand."""

    name = own_words(_("Type the name of the person"), needed=_("Type the name"), longest=80, autocomplete="off")

    def is_of(self, name: str) -> bool:
        """Whether what was typed is this name; capitals, accents' spelling and spaces apart."""
        return _bare(self.name.data or "") == _bare(name)


def _bare(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
