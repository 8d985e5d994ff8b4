"""The tenant's pages about goals: find, ask, answer. The list, writing one, its page, and its one-tap buttons."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tenant_app.accounts.gate import tenant
from tenant_app.goals import deepening_pages, evidence_pages, example_pages, step_pages, story_pages
from tenant_app.goals.evidence import Evidence
from tenant_app.goals.example_pages import example_of
from tenant_app.goals.forms import GoalForm, RewordForm
from tenant_app.goals.models import Goal, Review
from tenant_app.goals.obstacles import Obstacle
from tenant_app.goals.rewriting import rewrite, theirs
from tenant_app.goals.room import Answer, changed, my_goal, parts_of_life, room, to_goal
from tenant_app.goals.rules import write_goal
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, session
from tenant_app.web.locale import language

__all__ = ["deepening_pages", "evidence_pages", "example_pages", "room", "step_pages", "story_pages"]

ON_A_PAGE = 20
"""Goals."""


@room.get("/goals")
@open_to(TENANT)
def index() -> str:
    """The tenant's goals, newest first, a page of them at a time."""
    number = min(max(request.args.get("page", 1, int), 1), 10_000)
    goals = session().scalars(Goal.of(tenant()).offset((number - 1) * ON_A_PAGE).limit(ON_A_PAGE + 1)).all()
    return render_template("goals/index.html", goals=goals[:ON_A_PAGE], number=number, more=len(goals) > ON_A_PAGE)


@room.route("/goals/new", methods=["GET", "POST"])
@open_to(TENANT)
def write() -> Answer:
    """Ask for a new goal, and keep it. `?example=` begins with an example; nothing is kept until it is sent."""
    form = GoalForm.asked(**example_of(request.args.get("example", "")))
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
    """One goal: its path, its steps, what might get in the way, what shows how it goes, what the keyworker wrote."""
    goal = my_goal(goal_id)
    return render_template(
        "goals/show.html", goal=goal, obstacles=session().scalars(Obstacle.on(goal)).all(),
        evidence=session().scalars(Evidence.on(goal)).all(),
    )  # fmt: skip


@room.route("/goals/<uuid:goal_id>/words", methods=["GET", "POST"])
@open_to(TENANT)
def reword(goal_id: UUID) -> Answer:
    """Say the goal differently."""
    goal = my_goal(goal_id)
    form = RewordForm.asked(words=goal.words, why=goal.why, area=goal.area, seen=goal.edition)
    if request.method == "GET":
        return render_template("goals/reword.html", goal=goal, form=form)
    if not form.valid():
        return render_template("goals/reword.html", goal=goal, form=form), 422
    newer = rewrite(
        lambda: my_goal(goal_id),
        lambda it: it.reword(form.words.data, form.why.data or "", form.area.data or "", seen=form.seen.data or ""),
    )
    if newer is None:
        return to_goal(goal_id)
    meanwhile = theirs(form, newer.edition, words=newer.words, why=newer.why)
    if newer.area != (form.area.data or ""):
        named = {area["id"]: area["name"] for area in parts_of_life()}
        meanwhile.append((str(form.area.label.text), named.get(newer.area, "")))
    return render_template("goals/reword.html", goal=newer, form=form, meanwhile=meanwhile), 409


@room.post("/goals/<uuid:goal_id>/sharing")
@open_to(TENANT)
def share(goal_id: UUID) -> Answer:
    """Let the keyworker see this goal, or no longer."""
    goal = my_goal(goal_id)
    goal.share(stated("shared"))
    return changed(goal, "goals/_shared.html")


@room.post("/goals/<uuid:goal_id>/pause")
@open_to(TENANT)
def pause(goal_id: UUID) -> Answer:
    """Let the goal rest, or go on with it."""
    goal = my_goal(goal_id)
    goal.pause(stated("paused"))
    return changed(goal, "goals/_paused.html")


@room.post("/reviews/<uuid:review_id>")
@open_to(TENANT)
def answer_review(review_id: UUID) -> Answer | Response:
    """The tenant has read what the keyworker wrote, and perhaps takes the step it suggests, or leaves it."""
    review = find(Review.of(tenant()).with_for_update(of=(Goal, Review)), review_id)
    if "accepted" in request.form:
        try:
            review.answer(stated("accepted"))
        except ValueError:
            return step_pages.path_is_full(review.goal)
    else:
        review.see()
    return changed(review.goal, "goals/_review_answered.html")
