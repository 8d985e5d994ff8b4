"""The tenant's pages about reviews of their plan: when the next is, what stands in it, and what they say of it."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tenant_app import clock
from tenant_app.accounts.gate import tenant
from tenant_app.support_plan import prepare_pages
from tenant_app.support_plan.forms import AnswerForm, ChangeForm
from tenant_app.support_plan.kinds import Kind, Side, Stage, Stand
from tenant_app.support_plan.models import PlanRecord, PlanReview
from tenant_app.support_plan.policy import Policy
from tenant_app.support_plan.recording import NotNow, Superseded, answer
from tenant_app.support_plan.room import room
from tenant_app.support_plan.rules import next_review_of, tell_change
from tenant_app.support_plan.words import KIND_ICONS, kind_words
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.house import find, house, session
from tenant_app.web.locale import language

__all__ = ["prepare_pages", "room"]


@room.get("/support-plan")
@open_to(TENANT)
def index() -> str:
    """When the next review is, the one that is going on, and earlier ones."""
    reviews = session().scalars(PlanReview.of(tenant())).all()
    policy = Policy.of(house().settings)
    return render_template(
        "support_plan/index.html", now=next((it for it in reviews if it.open), None), keyworker=tenant().keyworker,
        earlier=[it for it in reviews if not it.open], today=clock.today(house().settings.zone),
        next_on=next_review_of(session(), [tenant().id], policy)[tenant().id],
    )  # fmt: skip


@room.get("/support-plan/<uuid:review_id>")
@open_to(TENANT)
def show(review_id: UUID) -> str:
    """One review: what was prepared, and, once the worker signed it, the whole text and what to say of it."""
    review = find(PlanReview.of(tenant()), review_id)
    return _review(review, _with_choices(AnswerForm.asked(seen=str(review.version))))


@room.post("/support-plan/<uuid:review_id>/word")
@open_to(TENANT)
def say(review_id: UUID) -> str | tuple[str, int] | Response:
    """What the tenant says of the text that their page showed."""
    review = find(PlanReview.of(tenant()), review_id)
    form = _with_choices(AnswerForm.asked())
    if not form.makes_sense():
        return _review(review, form), 422
    stand = Stand(form.stand.data)
    try:
        answer(
            session(), tenant(), review, stand, form.words.data or "", language=language().code, seen=form.version
        )
    except Superseded:
        return _superseded(review, form), 409
    except NotNow:
        return _review(review, form, said_before=True), 409
    flash(gettext("You signed it.") if stand is not Stand.DECLINES else gettext("What you say is kept with it."))
    return redirect(url_for("support_plan.show", review_id=review.id), 303)


@room.route("/support-plan/change", methods=["GET", "POST"])
@open_to(TENANT)
def change() -> str | tuple[str, int] | Response:
    """Something has changed: the plan is looked at within days."""
    form = ChangeForm.asked()
    if request.method == "GET" or not form.makes_sense():
        kinds = [(kind.value, KIND_ICONS[kind], kind_words(kind), form.kind.data == kind.value) for kind in Kind]
        page = render_template("support_plan/change.html", form=form, kinds=kinds, keyworker=tenant().keyworker)
        return page if request.method == "GET" else (page, 422)
    settings = house().settings
    review = tell_change(
        session(), tenant(), tenant(), Kind(form.kind.data), form.words.data or "", language=language().code,
        zone=settings.zone, policy=Policy.of(settings),
    )  # fmt: skip
    flash(gettext("Thank you for saying so. It is part of your review now."))
    return redirect(url_for("support_plan.show", review_id=review.id), 303)


def _review(review: PlanReview, form: AnswerForm, *, said_before: bool = False) -> str:
    return render_template(
        "support_plan/show.html", review=review, record=review.told, form=form, keyworker=tenant().keyworker,
        said_before=said_before, theirs=review.signed_by(Side.TENANT), tenant=tenant(),
        to_say=review.stage is Stage.SIGNED, today=clock.today(house().settings.zone),
        to_step=lambda line: url_for("plan_steps.take", line_id=line.id),
    )  # fmt: skip


def _superseded(review: PlanReview, form: AnswerForm) -> str:
    """Both texts: the one that they read, and the one that stands now, once the worker has signed it."""
    read: PlanRecord | None = next((it for it in review.records if it.version == form.version), None)
    signed = {it.version for it in review.signatures if it.side is Side.WORKER}
    form.seen.data, form.seen.raw_data = str(review.version), None
    return render_template(
        "support_plan/superseded.html", review=review, read=read if read and read.version in signed else None,
        record=review.told, form=form, tenant=tenant(), to_say=review.stage is Stage.SIGNED,
    )  # fmt: skip


def _with_choices(form: AnswerForm) -> AnswerForm:
    form.offer()
    return form
