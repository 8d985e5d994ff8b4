"""What a keyworker is asked when reviewing a goal."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from tenant_app.web.forms import Form, own_words


class ReviewForm(Form):
    """A few words, or a step to consider, or both."""

    words = own_words(
        _("What would you like to say?"),
        _("The tenant reads this. Their own words stay as they are."),
        longest=1000, long=True, rows=4,
    )  # fmt: skip
    suggested_step = own_words(
        _("A step you suggest"), _("You can leave this out. They choose whether to add it."), longest=160
    )

    def valid(self) -> bool:
        """Something must be said or suggested."""
        if not super().valid():
            return False
        if not self.words.data and not self.suggested_step.data:
            self.blame("words", _("Write a few words, or suggest a step"))
            return False
        return True
