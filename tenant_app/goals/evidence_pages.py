"""The tenant's pages about what shows how a goal goes: a note, a photo."""

from __future__ import annotations

from uuid import UUID

from flask import abort, render_template, request
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from tenant_app.goals.evidence import MOST_EVIDENCE, Evidence, room_for_more, show
from tenant_app.goals.forms import EvidenceForm
from tenant_app.goals.models import Goal
from tenant_app.goals.room import Answer, my_goal, room, to_goal
from tenant_app.web import photos
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, house, keep_now, session


@room.route("/goals/<uuid:goal_id>/evidence/new", methods=["GET", "POST"])
@open_to(TENANT)
def add_evidence(goal_id: UUID) -> Answer:
    """A note, a photo, or both."""
    goal = my_goal(goal_id)
    form = EvidenceForm.asked()
    if request.method == "POST" and form.valid() and _taken_in(goal, form):
        return to_goal(goal.id, "evidence")
    return render_template("goals/add_evidence.html", goal=goal, form=form), 422 if form.problems else 200


@room.get("/goals/<uuid:goal_id>/evidence/<uuid:evidence_id>/photo")
@open_to(TENANT)
def evidence_photo(goal_id: UUID, evidence_id: UUID) -> Response:
    """The picture itself."""
    it = find(Evidence.on(my_goal(goal_id)), evidence_id)
    if not it.file:
        abort(404)
    return photos.photo_answer(it.file, it.digest)


@room.post("/goals/<uuid:goal_id>/evidence/<uuid:evidence_id>")
@open_to(TENANT)
def take_evidence_away(goal_id: UUID, evidence_id: UUID) -> Response:
    """`kept=0`: take it away for good, picture and all."""
    it = find(Evidence.on(my_goal(goal_id)), evidence_id)
    if stated("kept"):
        abort(400)
    session().delete(it)
    keep_now()
    if it.file:
        photos.remove(house().settings.photos, it.file)
    return to_goal(goal_id, "evidence")


def _taken_in(goal: Goal, form: EvidenceForm) -> bool:
    """Keep what was sent; else the form says why not."""
    upload, note = request.files.get("photo"), form.note.data or ""
    if not room_for_more(session(), goal):
        form.blame("note", ngettext(
            "There is %(num)s note or photo here. That is the most we can take.",
            "There are %(num)s notes and photos here. That is the most we can take.", MOST_EVIDENCE,
        ))  # fmt: skip
        return False
    stored = None
    if upload is not None and upload.filename:
        try:
            stored = photos.keep(upload.stream, house().settings.photos)
        except photos.TooLarge:
            form.blame("photo", gettext("That picture is too large. Take it again, smaller."))
            return False
        except photos.NotAPhoto:
            form.blame("photo", gettext("That is not a photo we can open. Send a JPEG or PNG."))
            return False
    if stored:
        show(session(), goal, note, file=stored.file, width=stored.width, height=stored.height, digest=stored.digest)
    elif note:
        show(session(), goal, note)
    else:
        form.blame("note", gettext("Write a note, or add a photo"))
        return False
    return True
