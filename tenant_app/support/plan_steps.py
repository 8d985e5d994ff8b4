"""What was agreed at a review, taken by the tenant into one of their goals as a step, if they wish."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import validators

from tenant_app.accounts.gate import tenant
from tenant_app.goals.models import Goal
from tenant_app.support_plan.models import AgreedLine
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import Form, RadioField
from tenant_app.web.house import find, session

room = Blueprint("plan_steps", __name__, template_folder="templates")


class GoalForm(Form):
    """Which goal it belongs to."""

    goal = RadioField(_("Which goal is it a step of?"), [validators.Optional()], default="")


@room.route("/support-plan/agreed/<uuid:line_id>", methods=["GET", "POST"])
@open_to(TENANT)
def take(line_id: UUID) -> str | tuple[str, int] | Response:
    """Choose the goal; the step stands at its end. Taken twice it is one step."""
    line = find(AgreedLine.theirs(tenant()), line_id)
    goals = {str(goal.id): goal for goal in session().scalars(Goal.of(tenant()).where(Goal.reached_at.is_(None)))}
    form = GoalForm.asked()
    form.goal.choices = [(key, goal.words) for key, goal in goals.items()]
    if request.method == "POST" and form.valid():
        if goal := goals.get(form.goal.data):
            _lock(goal)
            if line.what not in [step.words for step in goal.steps]:
                goal.add_step(line.what, line.by)
            flash(gettext("It is a step of your goal now."))
            return redirect(url_for("goals.show", goal_id=goal.id, _anchor="steps"), 303)
        form.blame("goal", gettext("Choose a goal"))
    page = render_template("support/take.html", line=line, goals=goals, form=form, review_id=line.record.review_id)
    return page if request.method == "GET" else (page, 422)


def _lock(goal: Goal) -> None:
    """Two taps at the same moment queue here; the second then finds the step that the first added."""
    session().execute(select(Goal.id).where(Goal.id == goal.id).with_for_update())
    session().refresh(goal)
