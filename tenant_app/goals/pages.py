"""The tenant's pages about goals: find, ask, answer."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tenant_app.accounts.gate import tenant
from tenant_app.goals.forms import GoalForm, RewordForm, StepForm
from tenant_app.goals.models import Goal, Review, Step
from tenant_app.goals.rules import write_goal
from tenant_app.web import content
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, session
from tenant_app.web.locale import language

AnyForm = TypeVar("AnyForm", GoalForm, RewordForm)

room = Blueprint("goals", __name__, template_folder="templates")


@room.context_processor
def areas() -> dict[str, object]:
    """Parts of life as tiles, for the forms: (id, icon, name, chosen)."""

    def picks(chosen: str | None) -> list[tuple[str, str, str, bool]]:
        known = content.page("goals", "areas")["areas"]
        return [(area["id"], area["icon"], area["name"], area["id"] == chosen) for area in known]

    return {"areas": picks}


@room.get("/goals")
@open_to(TENANT)
def index() -> str:
    """All of the tenant's goals."""
    return render_template("goals/index.html", goals=session().scalars(Goal.of(tenant())).all())


@room.route("/goals/new", methods=["GET", "POST"])
@open_to(TENANT)
def write() -> str | tuple[str, int] | Response:
    """Ask for a new goal, and keep it."""
    form = _with_areas(GoalForm.asked())
    if request.method == "GET":
        return render_template("goals/write.html", form=form)
    if not form.valid():
        return render_template("goals/write.html", form=form), 422
    goal = write_goal(
        session(), tenant(), form.words.data, why=form.why.data or "", area=form.area.data or "",
        first_step=form.first_step.data or "", shared=form.shared.data,
    )  # fmt: skip
    goal.language = language().code
    return redirect(url_for("goals.show", goal_id=goal.id), 303)


@room.get("/goals/<uuid:goal_id>")
@open_to(TENANT)
def show(goal_id: UUID) -> str:
    """One goal: its path, its steps, and what the keyworker wrote."""
    return render_template("goals/show.html", goal=find(Goal.of(tenant()), goal_id))


@room.route("/goals/<uuid:goal_id>/words", methods=["GET", "POST"])
@open_to(TENANT)
def reword(goal_id: UUID) -> str | tuple[str, int] | Response:
    """Say the goal differently."""
    goal = find(Goal.of(tenant()), goal_id)
    form = _with_areas(RewordForm.asked(words=goal.words, why=goal.why, area=goal.area))
    if request.method == "GET":
        return render_template("goals/reword.html", goal=goal, form=form)
    if not form.valid():
        return render_template("goals/reword.html", goal=goal, form=form), 422
    goal.reword(form.words.data, form.why.data or "", form.area.data or "")
    return redirect(url_for("goals.show", goal_id=goal.id), 303)


@room.post("/goals/<uuid:goal_id>/sharing")
@open_to(TENANT)
def share(goal_id: UUID) -> str | Response:
    """Let the keyworker see this goal, or no longer."""
    goal = find(Goal.of(tenant()), goal_id)
    goal.share(stated("shared"))
    return _changed(goal, "goals/_shared.html")


@room.post("/goals/<uuid:goal_id>/pause")
@open_to(TENANT)
def pause(goal_id: UUID) -> str | Response:
    """Let the goal rest, or go on with it."""
    goal = find(Goal.of(tenant()), goal_id)
    goal.pause(stated("paused"))
    return _changed(goal, "goals/_paused.html")


@room.route("/goals/<uuid:goal_id>/steps/new", methods=["GET", "POST"])
@open_to(TENANT)
def add_step(goal_id: UUID) -> str | tuple[str, int] | Response:
    """Ask for a step, and put it at the end of the path."""
    goal = find(Goal.of(tenant()), goal_id)
    form = StepForm.asked()
    if request.method == "GET":
        return render_template("goals/add_step.html", goal=goal, form=form)
    if not form.valid():
        return render_template("goals/add_step.html", goal=goal, form=form), 422
    goal.add_step(form.words.data, form.by.data)
    return redirect(url_for("goals.show", goal_id=goal.id, _anchor="steps"), 303)


@room.post("/steps/<uuid:step_id>")
@open_to(TENANT)
def mark_step(step_id: UUID) -> str | Response:
    """Record that a step is done, or not after all."""
    step = find(Step.of(tenant()), step_id)
    step.mark(stated("done"))
    if request.form.get("from") == "today":
        flash(gettext("Done: %(step)s", step=step.words))
        return redirect(url_for("today.show"), 303)
    return _changed(step.goal, "goals/_step_marked.html")


@room.post("/reviews/<uuid:review_id>")
@open_to(TENANT)
def answer_review(review_id: UUID) -> str | Response:
    """The tenant has read what the keyworker wrote, and perhaps takes the step it suggests, or leaves it."""
    review = find(Review.of(tenant()), review_id)
    if "accepted" in request.form:
        review.answer(stated("accepted"))
    else:
        review.see()
    return _changed(review.goal, "goals/_review_answered.html")


def _changed(goal: Goal, pieces: str) -> str | Response:
    """The pieces of the goal's page that an action changed; without htmx, the page again."""
    if request.htmx:  # type: ignore[attr-defined]
        session().flush()
        return render_template(pieces, goal=goal)
    return redirect(url_for("goals.show", goal_id=goal.id, _anchor="steps"), 303)


def _with_areas(form: AnyForm) -> AnyForm:
    form.area.choices = [(area["id"], area["name"]) for area in content.page("goals", "areas")["areas"]]
    return form
