"""The tenant's page about what they need to take part."""

from __future__ import annotations

from babel import Locale
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from tenant_app.accounts.gate import tenant
from tenant_app.groups.needs import LONGEST, GroupNeeds
from tenant_app.groups.needs_words import need_lines
from tenant_app.groups.titles import own_name
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import Form, SelectField, own_words
from tenant_app.web.house import session
from tenant_app.web.locale import language

room = Blueprint("group_needs", __name__, template_folder="templates")

INTERPRETED = (
    "am", "ar", "bn", "ckb", "es", "fa", "fr", "gu", "ku", "pl", "pt", "so", "ti", "tr", "ur", "vi", "yi", "zh",
)  # fmt: skip
"""Codes of languages that interpreters are asked for."""


class NeedsForm(Form):
    """Three things, each of which may be left out."""

    access = own_words(
        _("What helps you to get in and take part?"), _("For example: no stairs, a chair with arms, big letters."),
        longest=LONGEST, long=True, rows=2,
    )
    interpreter = SelectField(_("Would you like an interpreter?"), validate_choice=False, default="")
    food = own_words(
        _("What do you not eat?"), _("For example: no pork, no nuts, vegetarian."), longest=LONGEST, long=True, rows=2
    )

    def offer(self, kept: str) -> None:
        """Languages to choose from, each by the name its speakers give it and the reader's own."""
        codes = sorted({*INTERPRETED, *([kept] if kept else [])}, key=lambda code: own_name(code).casefold())
        self.interpreter.choices = [("", gettext("No")), *((code, _both_names(code)) for code in codes)]
        self.interpreter.render_kw = {"autocomplete": "off"}

    def valid(self) -> bool:
        """A language that is not on the list is nobody's: as if none had been chosen."""
        if self.interpreter.data not in dict(self.interpreter.choices):
            self.interpreter.data = ""
        return super().valid()


@room.route("/groups/needs", methods=["GET", "POST"])
@open_to(TENANT)
def keep() -> str | tuple[str, int] | Response:
    """Say once what one needs. On the same page stands what facilitators are shown, word for word."""
    kept = GroupNeeds.of(session(), tenant())
    form = NeedsForm.asked(access=kept.access, interpreter=kept.interpreter, food=kept.food)
    form.offer(kept.interpreter)
    if request.method == "GET":
        return render_template("groups/needs.html", form=form, lines=need_lines(kept))
    if not form.valid():
        return render_template("groups/needs.html", form=form, lines=need_lines(kept)), 422
    kept.say(
        session(), access=form.access.data or "", interpreter=form.interpreter.data or "", food=form.food.data or ""
    )
    flash(gettext("What you need is kept."))
    return redirect(url_for("group_needs.keep"), 303)


def _both_names(code: str) -> str:
    own, told = own_name(code), Locale.parse(code).get_display_name(language().locale) or code
    return own if own.casefold() == told.casefold() else f"{own} ({told})"
