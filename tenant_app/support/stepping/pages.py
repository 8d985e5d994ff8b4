"""The tenant's page on which a session counts as a step of a goal."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import validators

from tenant_app.accounts.gate import tenant
from tenant_app.goals.models import Goal, Step
from tenant_app.groups.models import Booking, GroupSession
from tenant_app.groups.titles import programme
from tenant_app.support.stepping.models import SteppingStone
from tenant_app.support.stepping.rules import NoPlaceThere, counting, link, open_steps, unlink
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import Form, RadioField, stated
from tenant_app.web.house import find, session

room = Blueprint("stepping", __name__, template_folder="../templates")

ONLY, EVERY = "this", "kind"


class StepForm(Form):
    """Which step, and what does it."""

    step = RadioField(_("Which step?"), validate_choice=False)
    by = RadioField(_("What does it?"), validate_choice=False)

    def validate_step(self, field: RadioField) -> None:
        """One of theirs that is still to be done."""
        if field.data not in dict(field.choices):
            raise validators.StopValidation(gettext("Choose a step"))

    def validate_by(self, field: RadioField) -> None:
        """This session or its kind."""
        if field.data not in (ONLY, EVERY):
            raise validators.StopValidation(gettext("Choose what does it"))


@room.app_context_processor
def on_goals() -> dict[str, object]:
    """For the page of a goal: which of its steps are done by coming to a group."""

    def coming_does(goal: Goal) -> dict[UUID, SteppingStone]:
        stones = SteppingStone.of(tenant()).where(Step.goal_id == goal.id)
        return {stone.step_id: stone for stone in session().scalars(stones)}

    return {"coming_does": coming_does, "programme": programme}


@room.route("/groups/<uuid:session_id>/step", methods=["GET", "POST"])
@open_to(TENANT)
def choose(session_id: UUID) -> str | tuple[str, int] | Response:
    """Which step is done by coming, and by coming to this session only or to any of its kind from here."""
    it = find(GroupSession.of(tenant()), session_id)
    steps = open_steps(session(), tenant())
    form = StepForm.asked(by=ONLY)
    form.step.choices = [(str(step.id), step.words) for step in steps]
    status = 200
    if request.method == "POST":
        status = 422
        if form.valid():
            step = next(step for step in steps if str(step.id) == form.step.data)
            try:
                link(session(), tenant(), step, it, every=form.by.data == EVERY)
            except NoPlaceThere:
                status = 409
            else:
                flash(gettext("When you come, this step is done: %(step)s", step=step.words))
                return redirect(url_for("groups.show", session_id=session_id), 303)
    place = session().scalar(Booking.of(tenant()).where(Booking.session_id == it.id, Booking.in_register()))
    return render_template(
        "support/step.html", it=it, form=form, steps=steps, stones=counting(session(), tenant(), it),
        has_place=place is not None, only=ONLY, every=EVERY,
    ), status  # fmt: skip


@room.post("/groups/steps/<uuid:stone_id>")
@open_to(TENANT)
def let_go(stone_id: UUID) -> Response:
    """It counts no longer (`linked=0`). What was done stays done."""
    stone = find(SteppingStone.of(tenant()), stone_id)
    goal_id = stone.step.goal_id
    if not stated("linked"):
        unlink(session(), stone)
        flash(gettext("It does not count as a step any more."))
    return redirect(url_for("goals.show", goal_id=goal_id, _anchor="steps"), 303)
