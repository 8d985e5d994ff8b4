"""A shared goal as its keyworker sees it, and what they say beside it. Nothing here can change a tenant's words."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from staff_portal.reviews.encouragements import said_in, sentences
from staff_portal.reviews.forms import ReviewForm
from staff_portal.roles import SUPPORTERS
from tenant_app.accounts.gate import worker
from tenant_app.accounts.rules import look_at
from tenant_app.goals.evidence import Evidence
from tenant_app.goals.models import Goal
from tenant_app.goals.obstacles import Obstacle
from tenant_app.goals.picture import picture_of
from tenant_app.goals.rules import encourage, review_goal
from tenant_app.goals.story import shared_story
from tenant_app.goals.telling import asked_until, until_word
from tenant_app.web import photos
from tenant_app.web.audience import open_to
from tenant_app.web.house import find, keep_now, session

room = Blueprint("reviews", __name__, template_folder="templates")


@room.get("/goals/<uuid:goal_id>")
@open_to(*SUPPORTERS)
def goal(goal_id: UUID) -> str:
    """One goal: its steps, what may get in the way, what shows how it goes, its story, and all that was said of it."""
    return _page(_shared(goal_id), ReviewForm.asked())


@room.post("/goals/<uuid:goal_id>/reviews")
@open_to(*SUPPORTERS)
def review(goal_id: UUID) -> tuple[str, int] | Response:
    """Say something about a goal, or suggest a step; the tenant is told."""
    shared = _shared(goal_id)
    form = ReviewForm.asked()
    if not form.valid():
        page = _page(shared, form)
        keep_now()  # they read the goal all the same, and a refusal would undo the note of it
        return page, 422
    review_goal(session(), worker(), shared, form.words.data or "", suggested_step=form.suggested_step.data or "")
    return _told(shared)


@room.post("/goals/<uuid:goal_id>/encouragements")
@open_to(*SUPPORTERS)
def encouragement(goal_id: UUID) -> Response:
    """One of the kind sentences, with one tap; the tenant reads it in their own language."""
    shared = _shared(goal_id)
    words = said_in(shared.tenant.language, request.form.get("sentence", ""))
    if words is None:
        abort(400)
    encourage(session(), worker(), shared, words)
    return _told(shared)


@room.get("/goals/<uuid:goal_id>/evidence/<uuid:evidence_id>/photo")
@open_to(*SUPPORTERS)
def photo(goal_id: UUID, evidence_id: UUID) -> Response:
    """A picture that the tenant put with a goal they share."""
    it = find(Evidence.on(find(Goal.shared_with(worker()), goal_id)), evidence_id)
    if not it.file:
        abort(404)
    look_at(session(), worker(), it.goal.tenant, "goal")
    return photos.photo_answer(it.file, it.digest)


def _shared(goal_id: UUID) -> Goal:
    """A goal that is shared with whoever is here, or 404; that they looked is written down."""
    shared = find(Goal.shared_with(worker()), goal_id)
    look_at(session(), worker(), shared.tenant, "goal")
    return shared


def _page(shared: Goal, form: ReviewForm) -> str:
    until = asked_until()
    story = shared_story(session(), shared, until=until)
    return render_template(
        "reviews/goal.html", goal=shared, form=form, sentences=sentences(), story=story, until=until_word(story),
        picture=picture_of(shared, story, until), obstacles=session().scalars(Obstacle.on(shared)).all(),
        evidence=session().scalars(Evidence.on(shared)).all(),
    )  # fmt: skip


def _told(shared: Goal) -> Response:
    flash(gettext("%(name)s can read it now.", name=shared.tenant.known_as))
    return redirect(url_for("reviews.goal", goal_id=shared.id), 303)
