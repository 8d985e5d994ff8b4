"""Going deeper into a goal, one question a page: what might get in the way, how sure one is, what it took."""

from __future__ import annotations

from uuid import UUID

from flask import abort, render_template, request
from flask_babel import ngettext
from werkzeug.wrappers import Response

from tenant_app.accounts.gate import tenant
from tenant_app.goals.editions import edition_of
from tenant_app.goals.forms import ConfidenceForm, ObstacleForm, TookForm
from tenant_app.goals.models import Goal
from tenant_app.goals.obstacles import MOST_OBSTACLES, Obstacle, TooMany, plan_for
from tenant_app.goals.rewriting import rewrite, theirs
from tenant_app.goals.room import Answer, held, my_goal, room, to_goal
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, session


@room.route("/goals/<uuid:goal_id>/obstacles/new", methods=["GET", "POST"])
@open_to(TENANT)
def add_obstacle(goal_id: UUID) -> Answer:
    """What might get in the way, and what then."""
    goal = my_goal(goal_id)
    form = ObstacleForm.asked()
    if request.method == "POST" and form.valid():
        try:
            plan_for(session(), goal, form.hurdle.data, form.then.data)
        except TooMany:
            form.blame("hurdle", ngettext(
                "There is %(num)s plan here, which is as many as there can be. You can change it.",
                "There are %(num)s plans here, which is as many as there can be. You can change one of them.",
                MOST_OBSTACLES,
            ))  # fmt: skip
        else:
            return to_goal(goal.id, "hurdles")
    return render_template("goals/obstacle.html", goal=goal, form=form, obstacle=None), 422 if form.problems else 200


@room.route("/goals/obstacles/<uuid:obstacle_id>", methods=["GET", "POST"])
@open_to(TENANT)
def obstacle(obstacle_id: UUID) -> Answer:
    """Say it differently."""
    it = _mine(obstacle_id)
    form = ObstacleForm.asked(hurdle=it.hurdle, then=it.then, seen=it.edition)
    if request.method == "GET" or not form.valid():
        page = render_template("goals/obstacle.html", goal=it.goal, form=form, obstacle=it)
        return (page, 422) if form.problems else page
    newer = rewrite(
        lambda: _mine(obstacle_id),
        lambda it: it.reword(form.hurdle.data, form.then.data, seen=form.seen.data or ""),
    )
    if newer is None:
        return to_goal(it.goal_id, "hurdles")
    meanwhile = theirs(form, newer.edition, hurdle=newer.hurdle, then=newer.then)
    return render_template("goals/obstacle.html", goal=newer.goal, form=form, obstacle=newer, meanwhile=meanwhile), 409


@room.post("/goals/obstacles/<uuid:obstacle_id>/keeping")
@open_to(TENANT)
def let_go_of_obstacle(obstacle_id: UUID) -> Response:
    """`kept=0`: it does not get in the way any more."""
    it = _mine(obstacle_id)
    if stated("kept"):
        abort(400)
    session().delete(it)
    return to_goal(it.goal_id, "hurdles")


@room.route("/goals/<uuid:goal_id>/confidence", methods=["GET", "POST"])
@open_to(TENANT)
def confidence(goal_id: UUID) -> Answer:
    """How sure they are, 1 to 10; said as often as they like, and each answer stands in the history."""
    goal = my_goal(goal_id)
    form = ConfidenceForm.asked(confidence=str(goal.confidence or ""))
    if request.method == "GET" or not form.valid():
        page = render_template("goals/confidence.html", goal=goal, form=form)
        return (page, 422) if form.problems else page
    goal.say_confidence(int(form.confidence.data))
    return to_goal(goal.id, "deeper")


@room.post("/goals/<uuid:goal_id>/reaching")
@open_to(TENANT)
def reach(goal_id: UUID) -> Response:
    """They got there, whatever steps are left; or they are on their way again."""
    goal = my_goal(goal_id)
    goal.reach(stated("reached"))
    return to_goal(goal.id)


@room.route("/goals/<uuid:goal_id>/took", methods=["GET", "POST"])
@open_to(TENANT)
def took(goal_id: UUID) -> Answer:
    """What it took to get there."""
    goal = my_goal(goal_id)
    form = TookForm.asked(took=goal.took, seen=edition_of(goal.took))
    if request.method == "GET" or not form.valid():
        page = render_template("goals/took.html", goal=goal, form=form)
        return (page, 422) if form.problems else page
    newer = rewrite(
        lambda: my_goal(goal_id), lambda it: it.look_back(form.took.data or "", seen=form.seen.data or "")
    )
    if newer is None:
        return to_goal(goal_id)
    meanwhile = theirs(form, edition_of(newer.took), took=newer.took)
    return render_template("goals/took.html", goal=newer, form=form, meanwhile=meanwhile), 409


def _mine(obstacle_id: UUID) -> Obstacle:
    return find(held(Obstacle.of(tenant()), Goal, Obstacle), obstacle_id)
