"""A shared goal as its keyworker sees it, and the review they write beside it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from staff_portal.reviews.forms import ReviewForm
from staff_portal.roles import SUPPORTERS
from tenant_app.accounts.gate import worker
from tenant_app.accounts.rules import look_at
from tenant_app.goals.models import Goal
from tenant_app.goals.rules import review_goal
from tenant_app.web.audience import open_to
from tenant_app.web.house import find, session

room = Blueprint("reviews", __name__, template_folder="templates")


@room.get("/goals/<uuid:goal_id>")
@open_to(*SUPPORTERS)
def goal(goal_id: UUID) -> str:
    """One goal, with its steps and everything said about it."""
    shared = find(Goal.shared_with(worker()), goal_id)
    look_at(session(), worker(), shared.tenant, "goal")
    return render_template("reviews/goal.html", goal=shared, form=ReviewForm.asked())


@room.post("/goals/<uuid:goal_id>/reviews")
@open_to(*SUPPORTERS)
def review(goal_id: UUID) -> tuple[str, int] | Response:
    """Say something about a goal, or suggest a step; the tenant is told."""
    shared = find(Goal.shared_with(worker()), goal_id)
    look_at(session(), worker(), shared.tenant, "goal")
    form = ReviewForm.asked()
    if not form.valid():
        return render_template("reviews/goal.html", goal=shared, form=form), 422
    review_goal(session(), worker(), shared, form.words.data or "", suggested_step=form.suggested_step.data or "")
    flash(gettext("%(name)s can read it now.", name=shared.tenant.known_as))
    return redirect(url_for("reviews.goal", goal_id=goal_id), 303)
