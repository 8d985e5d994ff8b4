"""The tenant's pages about their plan for hard days."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tenant_app.accounts.consent import Category
from tenant_app.accounts.gate import tenant
from tenant_app.accounts.with_keyworker import let_keyworker_see, shared_with_keyworker
from tenant_app.safety_plan.forms import LineForm, PersonForm
from tenant_app.safety_plan.models import Part, PlanLine
from tenant_app.safety_plan.rules import MOST_LINES, PartFull, plan_of, put_first, write_line
from tenant_app.safety_plan.staying import choose, say_whether_it_stays, stays_here
from tenant_app.safety_plan.words import part_words
from tenant_app.web import content
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, session
from tenant_app.web.locale import language
from tenant_app.web.whose import whose

room = Blueprint("safety_plan", __name__, template_folder="templates")
OF_THE_HOUSE = ("gas", "power")
"""Contacts that are about a building and not about a person."""

room.after_app_request(say_whether_it_stays)


@room.context_processor
def words() -> dict[str, object]:
    """What the parts are called."""
    return {"part_words": part_words}


@room.get("/hard-days")
@open_to(TENANT)
def show() -> str:
    """The whole plan, as it is read on a hard day, and whom to call."""
    return render_template(
        "safety_plan/show.html", plan=plan_of(session(), tenant()), crisis=content.page("contacts", "crisis"),
        of_the_house=OF_THE_HOUSE, may_stay=bool(whose()), stays=stays_here(),
        **shared_with_keyworker(Category.SAFETY_PLAN),
    )  # fmt: skip


@room.route("/hard-days/<part>", methods=["GET", "POST"])
@open_to(TENANT)
def write(part: str) -> str | tuple[str, int] | Response:
    """One part: its lines, and a place for another."""
    chosen = _part(part)
    form = _form(chosen).asked()
    if request.method == "POST" and form.valid():
        try:
            write_line(
                session(), tenant(), chosen, form.words.data, phone=_phone(form), language=language().code
            )
        except PartFull:
            form.blame("words", gettext("%(number)s lines are enough here. Take one off first.", number=MOST_LINES))
        else:
            return redirect(url_for("safety_plan.write", part=part), 303)
    lines = plan_of(session(), tenant())[chosen]
    page = render_template("safety_plan/part.html", part=chosen, form=form, lines=lines)
    return (page, 422) if form.problems else page


@room.route("/hard-days/lines/<uuid:line_id>", methods=["GET", "POST"])
@open_to(TENANT)
def reword(line_id: UUID) -> str | tuple[str, int] | Response:
    """Say one line differently."""
    line = find(PlanLine.of(tenant()), line_id)
    form = _form(line.part).asked(words=line.words, phone=line.phone)
    if request.method == "GET" or not form.valid():
        page = render_template("safety_plan/line.html", line=line, form=form)
        return (page, 422) if form.problems else page
    line.reword(form.words.data, _phone(form))
    return redirect(url_for("safety_plan.write", part=line.part.value), 303)


@room.post("/hard-days/lines/<uuid:line_id>/place")
@open_to(TENANT)
def move(line_id: UUID) -> Response:
    """Put a line first (`first`), or take it off (`kept=0`)."""
    line = find(PlanLine.of(tenant()), line_id)
    part = line.part
    if not stated("kept"):
        session().delete(line)
        flash(gettext("Taken off your plan."))
    else:
        put_first(session(), tenant(), line)
    return redirect(url_for("safety_plan.write", part=part.value), 303)


@room.post("/hard-days/phone")
@open_to(TENANT)
def stay() -> Response:
    """Have the plan stay on this phone after the visit has ended, or no longer."""
    stays = stated("stays")
    if stays and not whose():
        abort(409)  # a phone that others use keeps nothing
    flash(gettext("Your plan stays on this phone.") if stays else gettext("Your plan no longer stays on this phone."))
    return choose(redirect(url_for("safety_plan.show", _anchor="phone"), 303), stays=stays)


@room.post("/hard-days/sharing")
@open_to(TENANT)
def share() -> Response:
    """Let the keyworker read the plan (`shared=1`), or no longer (`shared=0`)."""
    shared = stated("shared")
    name = let_keyworker_see(Category.SAFETY_PLAN, sees=shared).known_as
    if shared:
        flash(gettext("%(name)s can read your plan.", name=name))
    else:
        flash(gettext("%(name)s can no longer read your plan.", name=name))
    return redirect(url_for("safety_plan.show", _anchor="who"), 303)


def _part(part: str) -> Part:
    try:
        return Part(part)
    except ValueError:
        abort(404)


def _form(part: Part) -> type[LineForm]:
    return PersonForm if part.with_phone else LineForm


def _phone(form: LineForm) -> str:
    return (form.phone.data or "") if isinstance(form, PersonForm) else ""
