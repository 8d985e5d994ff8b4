"""The tenant's pages about what they have going for them."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tenant_app.accounts.consent import Category
from tenant_app.accounts.gate import tenant
from tenant_app.accounts.with_keyworker import let_keyworker_see, shared_with_keyworker
from tenant_app.strengths.forms import StrengthForm
from tenant_app.strengths.models import Part, Strength
from tenant_app.strengths.rules import MOST_LINES, PartFull, strengths_of, write_strength
from tenant_app.strengths.words import strength_words
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, session
from tenant_app.web.locale import language

room = Blueprint("strengths", __name__, template_folder="templates")


@room.context_processor
def words() -> dict[str, object]:
    """What the parts are called."""
    return {"strength_words": strength_words}


@room.get("/strengths")
@open_to(TENANT)
def show() -> str:
    """All of it."""
    return render_template(
        "strengths/show.html", strengths=strengths_of(session(), tenant()), **shared_with_keyworker(Category.STRENGTHS)
    )


@room.route("/strengths/<part>", methods=["GET", "POST"])
@open_to(TENANT)
def write(part: str) -> str | tuple[str, int] | Response:
    """One part: its lines, and a place for another."""
    try:
        chosen = Part(part)
    except ValueError:
        abort(404)
    form = StrengthForm.asked()
    if request.method == "POST" and form.valid():
        try:
            write_strength(session(), tenant(), chosen, form.words.data, language=language().code)
        except PartFull:
            form.blame("words", gettext("%(number)s lines are enough here. Take one off first.", number=MOST_LINES))
        else:
            return redirect(url_for("strengths.write", part=part), 303)
    lines = strengths_of(session(), tenant())[chosen]
    page = render_template("strengths/part.html", part=chosen, form=form, lines=lines)
    return (page, 422) if form.problems else page


@room.route("/strengths/lines/<uuid:line_id>", methods=["GET", "POST"])
@open_to(TENANT)
def reword(line_id: UUID) -> str | tuple[str, int] | Response:
    """Say one line differently."""
    line = find(Strength.of(tenant()), line_id)
    form = StrengthForm.asked(words=line.words)
    if request.method == "GET" or not form.valid():
        page = render_template("strengths/line.html", line=line, form=form)
        return (page, 422) if form.problems else page
    if form.words.data != line.words:
        line.reword(form.words.data, language().code)
    return redirect(url_for("strengths.write", part=line.part.value), 303)


@room.post("/strengths/lines/<uuid:line_id>/place")
@open_to(TENANT)
def take_off(line_id: UUID) -> Response:
    """`kept=0`: the line is gone."""
    line = find(Strength.of(tenant()), line_id)
    part = line.part
    if stated("kept"):
        abort(400)
    session().delete(line)
    flash(gettext("Taken off."))
    return redirect(url_for("strengths.write", part=part.value), 303)


@room.post("/strengths/sharing")
@open_to(TENANT)
def share() -> Response:
    """Let the keyworker read it (`shared=1`), or no longer (`shared=0`)."""
    shared = stated("shared")
    name = let_keyworker_see(Category.STRENGTHS, sees=shared).known_as
    if shared:
        flash(gettext("%(name)s can read this page.", name=name))
    else:
        flash(gettext("%(name)s can no longer read this page.", name=name))
    return redirect(url_for("strengths.show", _anchor="who"), 303)
