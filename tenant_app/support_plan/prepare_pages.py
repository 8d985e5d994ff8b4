"""Preparing for a review: one question a page, kept as it is written, and private until the tenant says otherwise."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tenant_app.accounts.gate import tenant
from tenant_app.support_plan.forms import PrepareForm
from tenant_app.support_plan.kinds import Question
from tenant_app.support_plan.preparing import Changed, TooLate, prepare, rather_talk, show, take_back
from tenant_app.support_plan.room import open_review, room
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import session
from tenant_app.web.locale import language

ORDER = list(Question)


@room.route("/support-plan/<uuid:review_id>/prepare/<question>", methods=["GET", "POST"])
@open_to(TENANT)
def prepare_one(review_id: UUID, question: str) -> str | tuple[str, int] | Response:
    """One of the three questions."""
    review = open_review(review_id)
    if question not in ORDER:
        abort(404)
    this = Question(question)
    kept = review.answer_to(this)
    form = PrepareForm.asked(words=kept.words if kept else "", seen=str(kept.version if kept else 0))
    form.ask(this)
    place = ORDER.index(this)
    overtaken = None
    status = 200
    if request.method == "POST":
        if not form.valid():
            status = 422
        else:
            try:
                prepare(
                    session(), review, this, form.words.data or "", language=language().code, seen=form.version
                )
            except Changed as changed:
                overtaken, status = changed.now, 409
                form.seen.data, form.seen.raw_data = str(changed.now.version), None
            except TooLate:
                abort(409)
            else:
                return redirect(_after(review_id, place), 303)
    return render_template(
        "support_plan/prepare.html", review=review, form=form, place=place, count=len(ORDER), overtaken=overtaken,
        back_to=_before(review_id, place), keyworker=tenant().keyworker,
    ), status  # fmt: skip


@room.post("/support-plan/<uuid:review_id>/ready")
@open_to(TENANT)
def ready(review_id: UUID) -> Response:
    """I am ready to look at this together (`ready=1`), or it is private again (`ready=0`)."""
    review, keyworker = open_review(review_id), tenant().keyworker
    try:
        if not stated("ready"):
            take_back(session(), review)
            flash(gettext("Only you can read it again."))
        elif keyworker is None:
            abort(409)
        else:
            show(session(), review, keyworker)
            flash(gettext("%(name)s can read it now.", name=keyworker.known_as))
    except TooLate:
        abort(409)
    return redirect(url_for("support_plan.show", review_id=review_id), 303)


@room.post("/support-plan/<uuid:review_id>/talk")
@open_to(TENANT)
def talk(review_id: UUID) -> Response:
    """I would rather talk (`talk=1`), or I write after all (`talk=0`)."""
    review = open_review(review_id)
    try:
        rather_talk(session(), review, talks=stated("talk"))
    except TooLate:
        abort(409)
    return redirect(url_for("support_plan.show", review_id=review_id), 303)


def _after(review_id: UUID, place: int) -> str:
    if place + 1 < len(ORDER):
        return url_for("support_plan.prepare_one", review_id=review_id, question=ORDER[place + 1].value)
    return url_for("support_plan.show", review_id=review_id)


def _before(review_id: UUID, place: int) -> str:
    if place:
        return url_for("support_plan.prepare_one", review_id=review_id, question=ORDER[place - 1].value)
    return url_for("support_plan.show", review_id=review_id)
