"""Tenants who told us that they cannot pay: a list to answer, and one of them."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response
from wtforms import validators

from staff_portal.rent_desk.room import room
from staff_portal.roles import RENT_KEEPERS
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.accounts.rules import look_at
from tenant_app.rent.agreement_words import happened_words, hardship_tag
from tenant_app.rent.cannot_pay import answer
from tenant_app.rent.hardship import Hardship, HardshipState
from tenant_app.rent.models import RentAccount
from tenant_app.web.audience import open_to
from tenant_app.web.forms import Form, RadioField, own_words
from tenant_app.web.house import find, house, keep_now, session
from tenant_app.web.locale import language

MOST_ROWS = 200

ANSWERS = {
    HardshipState.ANSWERED: _("Answered. We go on talking"),
    HardshipState.AGREED: _("Agreed on what happens next"),
    HardshipState.CLOSED: _("Closed. Nothing more to do"),
}


class AnswerForm(Form):
    """What the tenant is told, and where that leaves it."""

    state = RadioField(_("Where does that leave it?"), [validators.InputRequired(_("Choose where that leaves it"))])
    reply = own_words(
        _("Your reply"), _("They read this in the app. If you called, write down what you agreed."),
        needed=_("Write a reply"), longest=2000, long=True, rows=5,
    )  # fmt: skip

    def offer(self) -> AnswerForm:
        """The same form with the answers that there are."""
        self.state.choices = [(str(state), str(words)) for state, words in ANSWERS.items()]
        return self


@room.app_context_processor
def hardship_sentences() -> dict[str, object]:
    """What tenants told us, in words."""
    return {"hardship_tag": hardship_tag, "happened_words": happened_words, "how_many_wait": _how_many_wait}


@room.get("/rent/cannot-pay")
@open_to(*RENT_KEEPERS)
def cannot_pay() -> str:
    """Who waits for an answer, the longest first; with `show=all`, everybody, the newest first."""
    everybody = request.args.get("show") == "all"
    told = Hardship.among(RentAccount.desk_of(worker())).options(
        selectinload(Hardship.account).selectinload(RentAccount.tenant)
    )
    if not everybody:
        told = told.where(Hardship.state == HardshipState.OPEN).order_by(None).order_by(Hardship.told_at, Hardship.id)
    found = session().scalars(told.limit(MOST_ROWS)).all()
    return render_template(
        "rent_desk/cannot_pay.html", found=found, everybody=everybody, today=clock.today(house().settings.zone)
    )


@room.route("/rent/cannot-pay/<uuid:hardship_id>", methods=["GET", "POST"])
@open_to(*RENT_KEEPERS)
def cannot_pay_one(hardship_id: UUID) -> str | tuple[str, int] | Response:
    """What one tenant told us, and our answer."""
    told = find(Hardship.among(RentAccount.desk_of(worker())), hardship_id)
    look_at(session(), worker(), told.account.tenant, "rent")
    form = AnswerForm.asked(state="" if told.open else str(told.state)).offer()
    page = {"told": told, "form": form, "today": clock.today(house().settings.zone)}
    if request.method == "GET":
        return render_template("rent_desk/cannot_pay_one.html", **page)
    if not form.valid():
        keep_now()
        return render_template("rent_desk/cannot_pay_one.html", **page), 422
    answer(session(), worker(), told, HardshipState(form.state.data), form.reply.data, language().code)
    flash(gettext("%(name)s is told.", name=told.account.tenant.known_as))
    return redirect(url_for("rent_desk.cannot_pay"), 303)


def _how_many_wait() -> int:
    waiting = Hardship.among(RentAccount.desk_of(worker())).where(Hardship.state == HardshipState.OPEN).order_by(None)
    return session().scalar(select(func.count()).select_from(waiting.subquery())) or 0
