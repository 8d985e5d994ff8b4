"""Early signs as a worker reads them, and putting one away for a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from staff_portal.roles import SUPPORTERS
from staff_portal.today.looking import look_once_a_day
from staff_portal.today.room import room
from staff_portal.today.section import SHOWN
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.groups.titles import programme
from tenant_app.support.early_signs import LONGEST, Reason, Rule, Sign, dismiss, first_signs, signs_of
from tenant_app.web.audience import open_to
from tenant_app.web.forms import Form, own_words
from tenant_app.web.house import find, house, keep_now, session
from tenant_app.web.locale import language, say, tell_short_day

WHAT = "signs"
"""What a reading of them is called among the looks at a tenant's record."""


@dataclass(frozen=True)
class ShownSign:
    """A sign with its sentences."""

    tenant: Tenant
    reasons: list[Markup]
    facts: list[str]


class PutAwayForm(Form):
    """Why a sign needs nothing more."""

    why = own_words(
        _("What did you find?"), _("A few words: “Away at her sister’s until Friday”. It is kept in the record."),
        needed=_("Write why you put it away"), longest=LONGEST, long=True, rows=3,
    )  # fmt: skip


def read_signs(session: Session, worker: Worker) -> tuple[int, list[ShownSign]]:
    """How many there are, and the first; that those were read is written down."""
    signs = signs_of(session, worker, house().settings.zone)
    first = first_signs(session, worker, signs, SHOWN)
    look_once_a_day(session, worker, [sign.tenant for sign in first], WHAT)
    return len(signs), [shown(sign) for sign in first]


@room.route("/caseload/<uuid:tenant_id>/sign", methods=["GET", "POST"])
@open_to(*SUPPORTERS)
def sign(tenant_id: UUID) -> str | tuple[str, int] | Response:
    """One tenant's, whole; put away with what one found. A reason that came since the page was opened stays."""
    tenant = find(worker().caseload, tenant_id)
    reasons = signs_of(session(), worker(), house().settings.zone).get(tenant.id)
    if reasons is None:
        abort(404)
    stands = Sign(tenant, reasons)
    form = PutAwayForm.asked()
    look_once_a_day(session(), worker(), [tenant], WHAT)
    if request.method == "GET":
        return render_template("today/sign.html", sign=shown(stands), form=form)
    if not form.valid():
        page = render_template("today/sign.html", sign=shown(stands), form=form)
        keep_now()  # they read it all the same, and a refusal would undo the note of it
        return page, 422
    try:
        dismiss(session(), worker(), stands, request.form.getlist("fact"), form.why.data, language().code)
    except ValueError:
        abort(404)
    flash(gettext("Put away. It comes back only with something new."))
    return redirect(url_for("today.index"), 303)


def shown(sign: Sign) -> ShownSign:
    """With the words that each reason has."""
    return ShownSign(sign.tenant, [say_reason(reason) for reason in sign.reasons], sign.facts)


def say_reason(reason: Reason) -> Markup:
    """`No check-in for 14 days, since Thu 12 Nov.`"""
    day, days = tell_short_day(reason.on), _days(reason.on)
    if reason.rule is Rule.CHECK_INS:
        said = ngettext("No check-in for %(num)s day, since %(day)s.", "No check-in for %(num)s days, since %(day)s.",
                        days, day=day)  # fmt: skip
    elif reason.rule is Rule.MISSED:
        page = programme(reason.about)
        title = Markup('<bdi lang="{}">{}</bdi>').format(page.language.code, page["title"])
        return say("Missed twice in a row at %(title)s, the last time on %(day)s.", title=title, day=day)
    elif reason.rule is Rule.GOAL:
        said = ngettext("No step on a goal they share for %(num)s day, since %(day)s.",
                        "No step on a goal they share for %(num)s days, since %(day)s.", days, day=day)  # fmt: skip
    elif reason.rule is Rule.MEDICINES:
        said = ngettext(
            "Nothing recorded about medicines for %(num)s day, since %(day)s. That says nothing of what was taken.",
            "Nothing recorded about medicines for %(num)s days, since %(day)s. That says nothing of what was taken.",
            days, day=day,
        )  # fmt: skip
    elif reason.rule is Rule.CONTACT:
        said = ngettext("You were last in touch %(num)s day ago, on %(day)s.",
                        "You were last in touch %(num)s days ago, on %(day)s.", days, day=day)  # fmt: skip
    else:
        return say("Told us on %(day)s that they cannot pay.", day=day)
    return Markup.escape(said)


def _days(since: date) -> int:
    return (clock.today(house().settings.zone) - since).days
