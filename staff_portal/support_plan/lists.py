"""Whose review is when; and all reviews of one tenant, with a place to say that something has changed."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from staff_portal.roles import SUPPORTERS
from staff_portal.support_plan.forms import ChangeForm
from staff_portal.support_plan.room import policy, room, today
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Tenant
from tenant_app.accounts.rules import look_at
from tenant_app.support_plan.kinds import Kind
from tenant_app.support_plan.models import PlanReview
from tenant_app.support_plan.rules import WITH_WORKER, next_review_of, tell_change
from tenant_app.web.audience import open_to
from tenant_app.web.house import find, house, keep_now, session
from tenant_app.web.locale import language


@room.get("/support-plan")
@open_to(*SUPPORTERS)
def index() -> str:
    """Everyone this worker supports, by the day of their next review; first of all what waits for the worker."""
    tenants = session().scalars(worker().caseload).all()
    days = next_review_of(session(), [tenant.id for tenant in tenants], policy())
    going_on = PlanReview.seen_by(worker()).where(PlanReview.closed_at.is_(None))
    reviews = {review.tenant_id: review for review in session().scalars(going_on).unique()}

    def order(tenant: Tenant) -> tuple[bool, object, str]:
        review = reviews.get(tenant.id)
        return (review is None or review.stage not in WITH_WORKER, days[tenant.id], tenant.name)

    return render_template(
        "plan_reviews/index.html", tenants=sorted(tenants, key=order), days=days, reviews=reviews, today=today(),
        with_worker=WITH_WORKER,
    )  # fmt: skip


@room.route("/caseload/<uuid:tenant_id>/support-plan", methods=["GET", "POST"])
@open_to(*SUPPORTERS)
def of_tenant(tenant_id: UUID) -> str | tuple[str, int] | Response:
    """A tenant's reviews, newest first; a change of circumstances opens one, or hastens the one that is open."""
    tenant = find(worker().caseload, tenant_id)
    look_at(session(), worker(), tenant, "support-plan")
    form = ChangeForm.asked()
    form.offer()
    if request.method == "POST" and form.makes_sense():
        settings = house().settings
        review = tell_change(
            session(), worker(), tenant, Kind(form.kind.data), form.words.data or "", language=language().code,
            zone=settings.zone, policy=policy(),
        )  # fmt: skip
        flash(gettext("It is part of the review now. %(name)s can read it.", name=tenant.known_as))
        return redirect(url_for("plan_reviews.show", review_id=review.id), 303)
    reviews = session().scalars(PlanReview.of(tenant)).all()
    page = render_template(
        "plan_reviews/of_tenant.html", tenant=tenant, form=form, reviews=reviews,
        next_on=next_review_of(session(), [tenant.id], policy())[tenant.id],
    )  # fmt: skip
    if request.method == "GET":
        return page
    keep_now()
    return page, 422
