"""Breathing Space at the rent desk: note it, and from that moment nothing more is said about what was owed before."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import validators

from staff_portal.rent_desk.account_pages import opened, today
from staff_portal.rent_desk.room import room
from staff_portal.roles import RENT_KEEPERS
from tenant_app.accounts.gate import worker
from tenant_app.rent.breathing_space import BreathingSpace, RespiteKind
from tenant_app.rent.models import RentAccount
from tenant_app.rent.respite import Overlaps, change_end, note_breathing_space, treatment_ended
from tenant_app.web.audience import open_to
from tenant_app.web.forms import DayField, Form, RadioField, own_words
from tenant_app.web.house import find, keep_now, session

KINDS = {
    RespiteKind.STANDARD: _("Standard: 60 days"),
    RespiteKind.CRISIS: _("Crisis: while treatment lasts, and 30 days"),
}


class RespiteForm(Form):
    """What the scheme told us."""

    kind = RadioField(_("Which kind?"), [validators.InputRequired(_("Choose which kind"))])
    starts_on = DayField(_("Its first day"), [validators.InputRequired(_("Choose its first day"))])
    ends_on = DayField(
        _("Its last day"), [validators.Optional()],
        description=_("Left out, a standard one has 60 days, and one in a crisis stays open."),
    )  # fmt: skip
    reference = own_words(_("Reference"), _("From the letter. You can leave this out."), longest=60)

    def offer(self) -> RespiteForm:
        """The same form with the kinds that there are."""
        self.kind.choices = [(str(kind), str(words)) for kind, words in KINDS.items()]
        return self


class EndForm(Form):
    """When it ends, or ended."""

    what = RadioField(_("What happened?"), [validators.InputRequired(_("Choose what happened"))])
    day = DayField(_("Day"), [validators.InputRequired(_("Choose the day"))])

    def offer(self, space: BreathingSpace) -> EndForm:
        """The same form with what may happen to this kind."""
        self.what.choices = [("end", _("Its last day is this day"))]
        if space.kind is RespiteKind.CRISIS:
            self.what.choices.append(("treatment", _("The crisis treatment ended on this day")))
        return self


@room.app_context_processor
def respite_sentences() -> dict[str, object]:
    """What the kinds are called."""
    return {"respite_kind": lambda kind: KINDS[RespiteKind(kind)]}


@room.route("/rent/<uuid:account_id>/breathing-space", methods=["GET", "POST"])
@open_to(*RENT_KEEPERS)
def breathing_space(account_id: UUID) -> str | tuple[str, int] | Response:
    """All of an account's, and a form for a new one."""
    account = opened(account_id)
    form = RespiteForm.asked(starts_on=today()).offer()
    if request.method == "GET":
        return _page(account, form)
    if form.valid():
        try:
            note_breathing_space(
                session(), worker(), account, RespiteKind(form.kind.data), form.starts_on.data,
                ends_on=form.ends_on.data, reference=form.reference.data or "",
            )  # fmt: skip
        except Overlaps:
            form.blame("starts_on", gettext("There is a Breathing Space on one of these days already"))
        except ValueError:
            form.blame("ends_on", gettext("Choose a day that is not before its first day"))
    if form.problems:
        keep_now()
        return _page(account, form), 422
    flash(gettext("Noted. From now on nothing is said about what was owed before."))
    return _back(account)


@room.route("/rent/<uuid:account_id>/breathing-space/<uuid:space_id>/end", methods=["GET", "POST"])
@open_to(*RENT_KEEPERS)
def end_breathing_space(account_id: UUID, space_id: UUID) -> str | tuple[str, int] | Response:
    """Its treatment ended, or its last day is another."""
    account = opened(account_id)
    space = find(BreathingSpace.of(account), space_id)
    form = EndForm.asked(day=today(), what="end").offer(space)
    if request.method == "GET":
        return render_template("rent_desk/breathing_space_end.html", account=account, space=space, form=form)
    if form.valid():
        try:
            if form.what.data == "treatment":
                treatment_ended(session(), worker(), space, form.day.data)
            else:
                change_end(session(), worker(), space, form.day.data)
        except ValueError:
            form.blame("day", gettext("Choose a day that is not before its first day"))
    if form.problems:
        keep_now()
        return render_template("rent_desk/breathing_space_end.html", account=account, space=space, form=form), 422
    return _back(account)


def _page(account: RentAccount, form: RespiteForm) -> str:
    return render_template(
        "rent_desk/breathing_space.html", account=account, form=form, today=today(),
        spaces=session().scalars(BreathingSpace.of(account)).all(),
    )  # fmt: skip


def _back(account: RentAccount) -> Response:
    return redirect(url_for("rent_desk.breathing_space", account_id=account.id), 303)
