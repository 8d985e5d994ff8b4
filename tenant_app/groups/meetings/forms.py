"""What is asked of a tenant who puts something on the agenda."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, validators

from tenant_app.groups.meetings.models import LONGEST_DETAIL, LONGEST_TITLE
from tenant_app.web.forms import Form, RadioField, own_words


class ItemForm(Form):
    """Something to talk about. Without a name, unless they say otherwise."""

    title = own_words(
        _("What would you like to talk about?"), _("A few words: the bins, a film evening, noise at night."),
        needed=_("Write what you would like to talk about"), longest=LONGEST_TITLE,
    )  # fmt: skip
    detail = own_words(
        _("What else should people know?"),
        _("You can leave this out. A worry about one neighbour is better told to one of us alone."),
        longest=LONGEST_DETAIL, long=True, rows=3,
    )  # fmt: skip
    named = RadioField(_("Whose words are they?"), [validators.InputRequired(_("Choose one"))], default="0")
    seen = HiddenField(validators=[validators.Optional()])
    """Version of the item that the page showed."""

    @property
    def version(self) -> int:
        """What their page showed; 0 for what is no number."""
        said = self.seen.data or ""
        return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0
