"""The tenant's pages about the steps of a goal."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tenant_app.goals.forms import StepForm
from tenant_app.goals.models import MOST_STEPS, Goal
from tenant_app.goals.rewriting import rewrite, theirs
from tenant_app.goals.room import Answer, changed, my_goal, my_step, room, to_goal
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import stated
from tenant_app.web.locale import tell_day


@room.route("/goals/<uuid:goal_id>/steps/new", methods=["GET", "POST"])
@open_to(TENANT)
def add_step(goal_id: UUID) -> Answer:
    """One more step on the path."""
    goal = my_goal(goal_id)
    form = StepForm.asked()
    if request.method == "GET":
        return render_template("goals/add_step.html", goal=goal, form=form)
    if not form.valid():
        return render_template("goals/add_step.html", goal=goal, form=form), 422
    try:
        goal.add_step(form.words.data, form.by.data, helper=form.helper.data or "")
    except ValueError:
        form.blame("words", full_words())
        return render_template("goals/add_step.html", goal=goal, form=form), 422
    return to_goal(goal.id, "steps")


@room.post("/steps/<uuid:step_id>")
@open_to(TENANT)
def mark_step(step_id: UUID) -> Answer:
    """Record that a step is done, or not after all."""
    step = my_step(step_id)
    step.mark(stated("done"))
    if request.form.get("from") == "today":
        flash(gettext("Done: %(step)s", step=step.words))
        return redirect(url_for("today.show"), 303)
    return changed(step.goal, "goals/_step_marked.html")


@room.route("/steps/<uuid:step_id>/words", methods=["GET", "POST"])
@open_to(TENANT)
def reword_step(step_id: UUID) -> Answer:
    """Say a step differently: what it is, who helps, by when."""
    step = my_step(step_id)
    form = StepForm.asked(words=step.words, helper=step.helper, by=step.by, seen=step.edition)
    if request.method == "GET":
        return render_template("goals/reword_step.html", goal=step.goal, form=form)
    if not form.valid():
        return render_template("goals/reword_step.html", goal=step.goal, form=form), 422
    newer = rewrite(
        lambda: my_step(step_id),
        lambda it: it.reword(form.words.data, form.helper.data or "", form.by.data, seen=form.seen.data or ""),
    )
    if newer is None:
        return to_goal(step.goal_id, "steps")
    meanwhile = theirs(form, newer.edition, words=newer.words, helper=newer.helper)
    if newer.by != form.by.data:
        meanwhile.append((str(form.by.label.text), tell_day(newer.by) if newer.by else ""))
    return render_template("goals/reword_step.html", goal=newer.goal, form=form, meanwhile=meanwhile), 409


def full_words() -> str:
    """Why there is no further step."""
    return gettext(
        "This goal has %(number)s steps, which is as many as it can have. The next ones could be a new goal.",
        number=MOST_STEPS,
    )


def path_is_full(goal: Goal) -> Response:
    """A suggested step finds no place; the suggestion stays open."""
    flash(full_words())
    return to_goal(goal.id, "steps")
