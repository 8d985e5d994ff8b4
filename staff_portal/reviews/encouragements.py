"""Kind sentences that are ready to be sent with one tap, in the language of whoever reads them."""

from __future__ import annotations

from flask_babel import gettext

from tenant_app.web.locale import speaking


def sentences() -> dict[str, str]:
    """What is said, by what a button sends; in the language in force."""
    return {
        "going": gettext("I can see how much you have put into this."),
        "small": gettext("A small step is a step. Good to see it."),
        "pace": gettext("Take the time it takes. I am glad you are at it."),
        "back": gettext("Good that you came back to this."),
        "proud": gettext("You can be proud of this."),
    }


def said_in(code: str, chosen: str) -> str | None:
    """The chosen sentence as a reader of this language reads it; None if there is no such sentence."""
    with speaking(code):
        return sentences().get(chosen)
